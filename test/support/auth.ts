import { createHmac } from 'node:crypto';
import type { Auth } from '../../src-main/auth/index.ts';
import { AppError, type ErrorData } from '../../src-shared/kernel/errors.ts';

export type AuthCall = Parameters<Auth['signIn']['login']>[0];

/** A call from a network address, by nobody yet. */
export const callFrom = (address = 'local', extra: Partial<AuthCall> = {}): AuthCall => ({ door: 'api', headers: {}, address, setCookie: () => {}, setHeader: () => {}, ...extra });

/** The refusal that a call ends with. */
export async function refusal(work: () => unknown): Promise<ErrorData & { code: string }> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.data };
    throw error;
  }
  throw new Error('was not refused');
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app shows for a secret at a moment (RFC 6238: SHA-1, 30 seconds, 6 digits). */
export function authenticatorCode(secret: string, ms: number): string {
  const bits = [...secret.toUpperCase()].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
