import { LRUCache } from 'lru-cache';
import QRCode from 'qrcode';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { may, ROLE_PERMISSIONS, type Actor } from '../../src-shared/kernel/permissions.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { accountById, organizationsOf, requireAccount, type Account, type AuthCall, type AuthParts } from './deps.ts';
import { provePassword } from './proof.ts';
import { digest, newRecoveryCode, plainRecoveryCode } from './secrets.ts';
import { checkCode, HINT_MS, newTotpSecret, totpUri } from './totp.ts';

const RECOVERY_CODES = 10;
const MAX_HINTED = 10_000;

export interface TwoFactor {
  setup(call: AuthCall, input: { user_id?: Ref | undefined; password: string }): Promise<{ secret: string; otpauth_url: string; qr_svg: string }>;
  verify(call: AuthCall, input: { user_id?: Ref | undefined; otp: string }): { enabled: boolean; recovery_codes: string[] };
  disable(call: AuthCall, input: { user_id?: Ref | undefined; password: string; otp?: string | undefined; recovery_code?: string | undefined }): Promise<{ enabled: boolean }>;
  renewCodes(call: AuthCall, input: { password: string } & SecondStep): Promise<{ recovery_codes: string[] }>;
  /** Checks the second step of signing in. @throws AppError OTP_REQUIRED without a code, UNAUTHENTICATED with a wrong one. */
  demand(account: Account, input: SecondStep): void;
  /** The same, for steps other than signing in: wrong codes are counted here. @throws AppError LOCKED besides. */
  prove(account: Account, input: SecondStep): void;
}

interface SecondStep {
  otp?: string | undefined;
  recovery_code?: string | undefined;
}

/** Two-factor in two steps: a secret is shown, and only a code made from it switches it on. */
export function createTwoFactor(parts: AuthParts): TwoFactor {
  const { db } = parts.directory;

  /** Codes that a hint has called right for another moment: whoever guessed one must not use it when its moment comes. */
  const hinted = new LRUCache<string, number>({ max: MAX_HINTED });

  /** Whether the actor could do to this person, in that organisation too, what he may do in his own. */
  const governs = (actor: Actor, organizationId: string, userId: string): boolean => {
    const own = parts.organizations.member(organizationId, actor.user_id);
    const other = parts.organizations.member(organizationId, userId);
    return own?.active === true && ROLE_PERMISSIONS[own.role].has('users.manage') && (other?.role !== 'owner' || own.role === 'owner');
  };
  /** The account that a call is about: one's own, or somebody else's with the right to manage users wherever he signs in. */
  const target = (call: AuthCall, ref: Ref | undefined): Account => {
    const own = requireAccount(parts, call.actor);
    if (ref === undefined) return own;
    const actor = call.actor as Actor;
    const member = parts.organizations.findMember(actor.organization_id, ref);
    if (member.user_id === own.id) return own;
    if (!may(actor, 'users.manage') || (member.role === 'owner' && actor.role !== 'owner')) throw new AppError('FORBIDDEN', { detail: 'users_manage' });
    const other = accountById(parts, member.user_id);
    if (!other) throw new AppError('NOT_FOUND', { field: 'user_id' });
    const elsewhere = organizationsOf(parts, other.id).filter((organization) => organization.id !== actor.organization_id);
    if (!elsewhere.every((organization) => governs(actor, organization.id, other.id))) throw new AppError('FORBIDDEN', { field: 'user_id', detail: 'two_factor_elsewhere' });
    return other;
  };
  /** The caller proves himself once more with his own password, whoever's account is at stake. */
  const confirm = async (call: AuthCall, password: string): Promise<void> => {
    await provePassword(parts, call, requireAccount(parts, call.actor), password, () => invalid('password', 'password_wrong'));
  };
  /** Counts wrong codes as signing in counts wrong passwords. */
  const counted = <T>(account: Account, work: () => T): T => {
    const key = `otp:${account.id}`;
    parts.lockout.check(key);
    try {
      const result = work();
      parts.lockout.clear(key);
      return result;
    } catch (error) {
      if (error instanceof AppError && error.code !== 'OTP_REQUIRED') parts.lockout.fail(key);
      throw error;
    }
  };
  const newCodes = (accountId: string): string[] => {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    parts.directory.transaction(() => {
      db.run('DELETE FROM recovery_codes WHERE account_id = ?', accountId);
      for (const code of codes) db.run('INSERT INTO recovery_codes (account_id, hash) VALUES (?, ?)', accountId, digest(plainRecoveryCode(code)));
    });
    return codes;
  };
  const log = (call: AuthCall, type: string, account: Account): void =>
    parts.securityLog({ type, user_id: call.actor?.user_id ?? account.id, organization_id: call.actor?.organization_id ?? null, address: call.address, details: { account: account.id } });

  const demand: TwoFactor['demand'] = (account, input) => {
    if (!account.totp_secret) return;
    if (input.recovery_code) {
      const used = db.run('UPDATE recovery_codes SET used_at = ? WHERE account_id = ? AND hash = ? AND used_at IS NULL', iso(parts.clock.now()), account.id, digest(plainRecoveryCode(input.recovery_code)));
      if (used.changes === 0) throw new AppError('UNAUTHENTICATED', { field: 'recovery_code', detail: 'recovery_wrong' });
      return;
    }
    if (!input.otp) throw new AppError('OTP_REQUIRED', { field: 'otp', detail: 'otp_needed' });
    const now = parts.clock.now();
    const guess = `${account.id}:${input.otp.replace(/\s/g, '')}`;
    if ((hinted.get(guess) ?? 0) > now) throw new AppError('UNAUTHENTICATED', { field: 'otp', detail: 'otp_replayed' });
    const verdict = checkCode(account.totp_secret, input.otp, now, account.totp_last_step);
    if (!verdict.ok && verdict.why === 'drift') hinted.set(guess, now + HINT_MS);
    if (!verdict.ok) throw new AppError('UNAUTHENTICATED', { field: 'otp', detail: `otp_${verdict.why}`, params: verdict.why === 'drift' ? { minutes: verdict.minutes } : undefined });
    db.run('UPDATE accounts SET totp_last_step = ? WHERE id = ?', verdict.step, account.id);
  };
  const prove: TwoFactor['prove'] = (account, input) => counted(account, () => demand(account, input));

  return {
    setup: async (call, input) => {
      const account = target(call, input.user_id);
      await confirm(call, input.password);
      if (account.totp_secret) throw new AppError('CONFLICT', { detail: 'two_factor_on_already' });
      const secret = newTotpSecret();
      db.run('UPDATE accounts SET totp_pending = ? WHERE id = ?', secret, account.id);
      const url = totpUri(secret, account.email);
      return { secret, otpauth_url: url, qr_svg: await QRCode.toString(url, { type: 'svg', margin: 1 }) };
    },
    verify: (call, input) => {
      const account = target(call, input.user_id);
      if (!account.totp_pending) throw invalid('otp', 'two_factor_not_begun');
      const { totp_pending: pending } = account;
      const step = counted(account, () => {
        const verdict = checkCode(pending, input.otp, parts.clock.now(), null);
        if (verdict.ok) return verdict.step;
        throw new AppError('INVALID', { field: 'otp', detail: `otp_${verdict.why}`, params: verdict.why === 'drift' ? { minutes: verdict.minutes } : undefined });
      });
      db.run('UPDATE accounts SET totp_secret = totp_pending, totp_pending = NULL, totp_last_step = ? WHERE id = ?', step, account.id);
      log(call, 'two_factor_on', account);
      return { enabled: true, recovery_codes: newCodes(account.id) };
    },
    disable: async (call, input) => {
      const account = target(call, input.user_id);
      await confirm(call, input.password);
      const own = account.id === call.actor?.user_id;
      if (own) prove(account, input);
      parts.directory.transaction(() => {
        db.run('UPDATE accounts SET totp_secret = NULL, totp_pending = NULL, totp_last_step = NULL WHERE id = ?', account.id);
        db.run('DELETE FROM recovery_codes WHERE account_id = ?', account.id);
      });
      log(call, 'two_factor_off', account);
      return { enabled: false };
    },
    renewCodes: async (call, input) => {
      const account = requireAccount(parts, call.actor);
      await confirm(call, input.password);
      if (!account.totp_secret) throw new AppError('CONFLICT', { detail: 'two_factor_not_on' });
      prove(account, input);
      log(call, 'recovery_codes_renewed', account);
      return { recovery_codes: newCodes(account.id) };
    },
    demand,
    prove,
  };
}
