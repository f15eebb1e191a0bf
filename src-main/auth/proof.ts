import type { AppError } from '../../src-shared/kernel/errors.ts';
import type { Account, AuthCall, AuthParts } from './deps.ts';
import { passwordFits } from './secrets.ts';

/**
 * Asks the holder of an account for its password once more. The lock is looked at again after the slow comparison: of guesses made
 * all at once only the first few count as guesses, even when a later one is right.
 * @throws AppError LOCKED, or what `refused` makes for a wrong password.
 */
export async function provePassword(parts: AuthParts, call: AuthCall | undefined, account: Account, password: string, refused: () => AppError): Promise<void> {
  const key = `account:${account.email}`;
  parts.lockout.check(key);
  const fits = await passwordFits(account.password_hash, password);
  parts.lockout.check(key);
  if (fits) return;
  const seconds = parts.lockout.fail(key);
  parts.securityLog({ type: seconds > 0 ? 'login_locked' : 'login_refused', user_id: account.id, organization_id: call?.actor?.organization_id ?? null, address: call?.address ?? null, details: { email: account.email, reason: 'confirmation' } });
  throw refused();
}
