import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../src-shared/kernel/errors.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What hub processes of one log share besides the log: their authority, which devices pin, and by what they know each other's names. */
const hubSecrets = z.object({ authority: z.object({ cert: z.string(), key: z.string() }), hub_secret: z.string() });
export type HubSecrets = z.infer<typeof hubSecrets>;

/** The key as it is written down: base64url of 32 bytes. @throws AppError INVALID `sync_log_key` */
export function readKey(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new AppError('INVALID', { field: 'key', detail: 'sync_log_key' });
  return key;
}

/** The key out of its file, which is made where it is missing and `make` says so; other users of the machine cannot read it. Null where there is none. */
export function keyOfFile(file: string, make: boolean): Buffer | null {
  if (existsSync(file)) return readKey(readFileSync(file, 'utf8'));
  if (!make) return null;
  const key = randomBytes(KEY_BYTES);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

/** AES-256-GCM, bound to the organisation: what stands in the database helps nobody who has only that. */
export function sealSecrets(key: Buffer, organization: string, secrets: HubSecrets): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(organization));
  const body = Buffer.concat([cipher.update(JSON.stringify(secrets)), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** @throws AppError FORBIDDEN `sync_log_key_wrong` */
export function openSecrets(key: Buffer, organization: string, sealed: Buffer): HubSecrets {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(organization));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return hubSecrets.parse(JSON.parse(Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')));
  } catch {
    throw new AppError('FORBIDDEN', { detail: 'sync_log_key_wrong' });
  }
}
