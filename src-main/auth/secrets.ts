import { createHash, randomBytes } from 'node:crypto';
import { argon } from './argon.ts';

export const hashPassword = async (password: string): Promise<string> => (await argon()).hash(password.normalize('NFKC'));

let decoy: Promise<string> | null = null;

/** Whether the password fits; an account without one, or no account at all, costs the same time as a wrong password. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  const against = stored ?? (await (decoy ??= hashPassword(randomBytes(16).toString('hex'))));
  const fits = await (await argon()).verify(against, password.normalize('NFKC'));
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
