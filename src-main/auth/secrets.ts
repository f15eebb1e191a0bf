import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2';
import { createHash, randomBytes } from 'node:crypto';

/** argon2id (2) with 19 MiB, two passes, one lane: the minimum of the OWASP password storage cheat sheet. */
const ARGON = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => argonHash(password.normalize('NFKC'), ARGON);

let decoy: Promise<string> | null = null;

/** Whether the password fits; an account without one, or no account at all, costs the same time as a wrong password. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  const against = stored ?? (await (decoy ??= hashPassword(randomBytes(16).toString('hex'))));
  const fits = await argonVerify(against, password.normalize('NFKC'));
  return fits && stored !== null && stored !== undefined;
}

/** A random token for a person or a program to hold; only its digest is kept. */
export const newToken = (prefix = ''): string => prefix + randomBytes(32).toString('base64url');
export const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A recovery code that can be read from paper: no 0/O, 1/I. 50 bits. */
export function newRecoveryCode(): string {
  const letters = [...randomBytes(10)].map((byte) => CODE_LETTERS[byte % CODE_LETTERS.length]);
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}

/** A recovery code as it is compared: whatever the case and the dashes. */
export const plainRecoveryCode = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');
