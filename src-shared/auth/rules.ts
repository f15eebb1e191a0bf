/** Failures that are free before the first lock. */
const FREE_FAILURES = 5;
const FIRST_LOCK_SECONDS = 30;
const LONGEST_LOCK_SECONDS = 15 * 60;

/** How long an account is locked after so many failures in a row: doubling from half a minute to a quarter of an hour. */
export function lockSeconds(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_LOCK_SECONDS, FIRST_LOCK_SECONDS * 2 ** (failures - FREE_FAILURES));
}

export const MIN_PASSWORD = 10;
/** Letters and digits that must be left of a password without the words that anybody would try first. */
const MIN_UNKNOWN = 6;
const COMMON = ['password', 'пароль', 'qwerty', 'йцукен', '12345', 'polevik', 'полевик', 'admin'];

/**
 * Whether a password may be chosen: length counts, not kinds of characters (NIST SP 800-63B); nothing that is mostly a well-known word
 * or the person's own name. @returns the message key of the reason, or null.
 */
export function passwordWeakness(password: string, person: { email: string; full_name: string }): string | null {
  if ([...password].length < MIN_PASSWORD) return 'password_short';
  if (new Set(password).size < 5) return 'password_simple';
  const folded = password.toLowerCase();
  const own = [person.email.split('@')[0] ?? '', ...person.full_name.split(/\s+/)].map((part) => part.toLowerCase()).filter((part) => part.length >= 4);
  const rest = [...COMMON, ...own].reduce((left, word) => left.replaceAll(word, ''), folded);
  const mostlyKnown = rest !== folded && rest.replace(/[^\p{L}\p{N}]/gu, '').length < MIN_UNKNOWN;
  return mostlyKnown ? 'password_known' : null;
}
