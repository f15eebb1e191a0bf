import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { win32, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { detect } from './detect.ts';
import type { System } from './system.ts';
import type { Installed } from './tools.ts';

/** Installing asks for elevation and unpacks: minutes on an old machine. */
const INSTALL_MS = 5 * 60_000;
/** Exit code of Windows where elevation was refused or is missing. */
const ELEVATION_CODES = new Set([5, 740, 1223, 1602, 1625]);

export type InstallOutcome = { done: true; installed: Installed } | { done: false; why: 'no_installer' | 'hash_missing' | 'hash_differs' | 'elevation' | 'failed' | 'not_found_after'; detail?: string };

/** The administrator's installer of AnyDesk in a folder: an `.msi` before an `.exe`. */
export function findInstaller(system: System, folders: readonly string[]): string | null {
  const path = system.platform === 'win32' ? win32 : posix;
  for (const folder of folders) {
    const names = system.list(folder).filter((name) => /^anydesk[^\\/]*\.(msi|exe)$/i.test(name));
    const name = names.find((one) => /\.msi$/i.test(one)) ?? names[0];
    if (name) return path.join(folder, name);
  }
  return null;
}

/**
 * Installs AnyDesk silently from an administrator's file, whose SHA-256 stands beside it (`….sha256`), and looks whether it is there
 * afterwards. What an installer left half done is taken away again.
 */
export async function installAnyDesk(system: System, installer: string | null): Promise<InstallOutcome> {
  if (!installer) return { done: false, why: 'no_installer' };
  const wanted = /\b[0-9a-f]{64}\b/i.exec(await readFile(`${installer}.sha256`, 'utf8').catch(() => ''))?.[0]?.toLowerCase();
  if (!wanted) return { done: false, why: 'hash_missing', detail: `${installer}.sha256` };
  const hash = createHash('sha256');
  await pipeline(createReadStream(installer), hash);
  if (hash.digest('hex') !== wanted) return { done: false, why: 'hash_differs', detail: installer };
  const target = `${system.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)'}\\AnyDesk`;
  const ran = /\.msi$/i.test(installer)
    ? await system.run('msiexec.exe', ['/i', installer, '/qn', '/norestart'], INSTALL_MS)
    : await system.run(installer, ['--install', target, '--start-with-win', '--create-shortcuts', '--silent'], INSTALL_MS);
  const installed = await detect(system, 'anydesk');
  if (installed && installed.file !== installer) return { done: true, installed };
  if (ran.code !== null && ELEVATION_CODES.has(ran.code)) return { done: false, why: 'elevation' };
  if (ran.failed || ran.timedOut || (ran.code !== 0 && ran.code !== null)) {
    // Taken back, so that the next attempt begins on clean ground; what it says of that changes nothing.
    if (!/\.msi$/i.test(installer)) await system.run(installer, ['--remove', '--silent'], INSTALL_MS);
    return { done: false, why: 'failed', detail: ran.timedOut ? 'timeout' : String(ran.code ?? '') };
  }
  return { done: false, why: 'not_found_after' };
}
