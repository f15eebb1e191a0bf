import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { signFolder, writeKeyPair } from '../../../src-main/updates/publish.ts';

// The very code by which electron-builder maps the blocks of what it packs.
const BLOCKMAP = 'app-builder-lib/out/targets/blockmap/blockmap.js';
const { buildBlockMap } = createRequire(import.meta.url)(BLOCKMAP) as { buildBlockMap(file: string, format: 'gzip' | 'deflate', out?: string): Promise<{ size: number; sha512: string; blockMapSize?: number }> };

export interface Keys {
  keyFile: string;
  publicKey: string;
}

/** A publisher's pair in a folder of its own. */
export function makeKeys(folder: string, name = 'publisher'): Keys {
  mkdirSync(folder, { recursive: true });
  const keyFile = join(folder, `${name}.pem`);
  return { keyFile, publicKey: writeKeyPair(keyFile).public_key };
}

/** Bytes that do not compress and are the same for the same seed. */
function noise(seed: string, length: number): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0, piece = createHash('sha512').update(seed).digest(); at < length; at += piece.length) {
    pieces.push(piece);
    piece = createHash('sha512').update(piece).digest();
  }
  return Buffer.concat(pieces).subarray(0, length);
}

const BASE = noise('base', 3 * 1024 * 1024);

/** What an installer of a version looks like from outside: mostly what the one before it was, changed in three places, longer in one. */
export function installerOf(version: string, head = ''): Buffer {
  if (version.endsWith('.0')) return Buffer.concat([Buffer.from(head), BASE]);
  const bytes = Buffer.from(BASE);
  for (const at of [400_000, 1_700_000, 2_600_000]) noise(`${version} ${at}`, 3_000).copy(bytes, at);
  return Buffer.concat([Buffer.from(head), bytes.subarray(0, 1_000_000), noise(version, 5_000), bytes.subarray(1_000_000)]);
}

interface PublishOptions {
  keys: Keys;
  percent?: number;
  minimum?: string;
  days?: number;
  now?: number;
  notes?: { ru: string; en: string };
}

export const NSIS = (version: string): string => `polevik-setup-${version}-x64.exe`;
export const APPIMAGE = (version: string): string => `polevik-${version}-linux-x64.AppImage`;

const yml = (version: string, name: string, { sha512, size, blockMapSize }: { sha512: string; size: number; blockMapSize?: number }): string =>
  `version: ${version}\nfiles:\n  - url: ${name}\n    sha512: ${sha512}\n    size: ${size}\n${blockMapSize ? `    blockMapSize: ${blockMapSize}\n` : ''}path: ${name}\nsha512: ${sha512}\nreleaseDate: '2026-09-01T10:00:00.000Z'\n`;

const sign = (folder: string, { keys, ...options }: PublishOptions): ReturnType<typeof signFolder> => signFolder(folder, { keyFile: keys.keyFile, days: 180, now: Date.now(), ...options });

/** Puts an installer for Windows into the folder, as `npm run dist` leaves it, and signs what lies there. */
export async function publishNsis(folder: string, version: string, options: PublishOptions): Promise<Buffer> {
  mkdirSync(folder, { recursive: true });
  const name = NSIS(version);
  const bytes = installerOf(version);
  writeFileSync(join(folder, name), bytes);
  const made = await buildBlockMap(join(folder, name), 'gzip', join(folder, `${name}.blockmap`));
  writeFileSync(join(folder, 'latest.yml'), yml(version, name, made));
  await sign(folder, options);
  return bytes;
}

/** Makes a single file for Linux with the map of its blocks inside; `head` is what the system runs. */
export async function makeAppImage(file: string, version: string, head: string): Promise<{ size: number; sha512: string; blockMapSize?: number }> {
  writeFileSync(file, installerOf(version, head), { mode: 0o755 });
  return buildBlockMap(file, 'deflate');
}

export async function publishAppImage(folder: string, version: string, head: string, options: PublishOptions): Promise<Buffer> {
  mkdirSync(folder, { recursive: true });
  const name = APPIMAGE(version);
  const made = await makeAppImage(join(folder, name), version, head);
  writeFileSync(join(folder, 'latest-linux.yml'), yml(version, name, made));
  await sign(folder, options);
  return readFileSync(join(folder, name));
}

export { sign as signAgain };
