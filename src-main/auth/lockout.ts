import type { Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { lockSeconds } from '../../src-shared/auth/rules.ts';
import type { Directory } from './directory.ts';
import { digest } from './secrets.ts';

/** A series of failures is forgotten after this time. */
const FORGET_MS = 60 * 60_000;

interface Attempt {
  failures: number;
  locked_until: number;
  last_at: number;
}

/** Counts failed attempts per key (an account, an address); kept on disk, so that a restart opens nothing. */
export interface Lockout {
  /** @throws AppError LOCKED with the seconds left. */
  check(key: string): void;
  /** @returns the seconds for which the key is locked now; 0 when it is not. */
  fail(key: string, forgiving?: number): number;
  clear(key: string): void;
}

/** What was typed as an e-mail may be a password: only its digest is kept. */
const kept = (key: string): string => digest(key).toString('base64url');

export function createLockout(directory: Directory, clock: Clock): Lockout {
  /** Keys that nobody tries any more are not kept: anybody may make up as many as he likes. */
  const tidy = (): void => void directory.db.run('DELETE FROM attempts WHERE last_at < ? AND locked_until < ?', clock.now() - FORGET_MS, clock.now());
  const read = (key: string): Attempt | undefined => directory.db.get<Attempt>('SELECT failures, locked_until, last_at FROM attempts WHERE key = ?', kept(key));
  return {
    check: (key) => {
      const left = (read(key)?.locked_until ?? 0) - clock.now();
      if (left > 0) throw new AppError('LOCKED', { detail: 'locked', params: { seconds: Math.ceil(left / 1000) } });
    },
    fail: (key, forgiving = 1) => {
      const now = clock.now();
      const known = read(key);
      if (!known) tidy();
      const failures = known && now - known.last_at < FORGET_MS ? known.failures + 1 : 1;
      const seconds = lockSeconds(Math.floor(failures / forgiving));
      directory.db.run('INSERT OR REPLACE INTO attempts (key, failures, locked_until, last_at) VALUES (?, ?, ?, ?)', kept(key), failures, now + seconds * 1000, now);
      return seconds;
    },
    clear: (key) => void directory.db.run('DELETE FROM attempts WHERE key = ?', kept(key)),
  };
}
