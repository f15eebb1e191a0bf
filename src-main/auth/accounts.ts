import { v7 as uuidv7 } from 'uuid';
import { passwordWeakness } from '../../src-shared/auth/rules.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { accountByEmail, bearerOf, requireAccount, type AuthCall, type AuthParts } from './deps.ts';
import { provePassword } from './proof.ts';
import { hashPassword } from './secrets.ts';
import type { ApiTokens } from './api-tokens.ts';
import type { Sessions } from './sessions.ts';

export interface NewAccount {
  id: string;
  email: string;
  full_name: string;
  /** Absent until the person accepts an invitation. */
  password?: string | undefined;
  /** A demonstration account, which only `--demo` on loopback lets in; its password may be weak. */
  demo?: boolean;
}

/** Accounts of this installation; the members that they belong to live in the organisations' own files. */
export interface Accounts {
  /** Nobody has registered yet. */
  none(): boolean;
  /** Refuses what could not be written, before anything is. @throws AppError INVALID, CONFLICT */
  check(input: { email: string; full_name: string; password?: string | undefined }): void;
  /** Joins an account to an organisation; the account is made when the e-mail has none. @returns its id. */
  join(input: NewAccount, organizationId: string): Promise<string>;
  found(input: { full_name: string; email: string; password: string; organization_name: string; language: 'ru' | 'en' }): Promise<{ accountId: string; organizationId: string }>;
  twoFactorEnabled(ids: readonly string[]): Set<string>;
  /** The account that an e-mail signs in to. */
  find(email: string): { id: string; hasPassword: boolean } | null;
  /** Ends everything by which the person is signed in to the organisation. */
  cutOff(id: string, organizationId: string): void;
  /** Refuses an e-mail that could not be given: another account has it, or the person signs in to other organisations. @throws AppError CONFLICT */
  checkRename(id: string, email: string): void;
  rename(id: string, email: string): void;
  changePassword(call: AuthCall, input: { current_password: string; new_password: string }): Promise<{ done: boolean }>;
  /** A password from outside, for whoever lost everything: two-factor, sessions, tokens and links of before end. */
  setPassword(id: string, password: string): Promise<void>;
}

export function createAccounts(parts: AuthParts, sessions: Sessions, tokens: ApiTokens): Accounts {
  const { db } = parts.directory;
  const strong = (password: string, person: { email: string; full_name: string }, field = 'password'): void => {
    const weakness = passwordWeakness(password, person);
    if (weakness) throw invalid(field, weakness);
  };
  const check: Accounts['check'] = (input) => {
    if (input.password !== undefined) strong(input.password, input);
    const known = accountByEmail(parts, input.email);
    if (known && input.password !== undefined) throw new AppError('CONFLICT', { field: 'email', detail: 'email_taken' });
  };
  const join: Accounts['join'] = async (input, organizationId) => {
    const hash = input.password === undefined ? null : await hashPassword(input.password);
    return parts.directory.transaction(() => {
      const known = accountByEmail(parts, input.email);
      if (!known) db.run('INSERT INTO accounts (id, email, password_hash, demo, created_at) VALUES (?, ?, ?, ?, ?)', input.id, input.email.trim().toLowerCase(), hash, input.demo ? 1 : 0, iso(parts.clock.now()));
      else if (hash && !known.password_hash) db.run('UPDATE accounts SET password_hash = ?, demo = ? WHERE id = ?', hash, input.demo ? 1 : 0, known.id);
      db.run('INSERT OR IGNORE INTO memberships (account_id, organization_id) VALUES (?, ?)', known?.id ?? input.id, organizationId);
      return known?.id ?? input.id;
    });
  };

  const checkRename: Accounts['checkRename'] = (id, email) => {
    const known = accountByEmail(parts, email);
    if (known && known.id !== id) throw new AppError('CONFLICT', { field: 'email', detail: 'email_taken' });
    const memberships = db.get<{ n: number }>('SELECT count(*) AS n FROM memberships WHERE account_id = ?', id)?.n ?? 0;
    if (!known && memberships > 1) throw new AppError('CONFLICT', { field: 'email', detail: 'email_elsewhere' });
  };

  const found: Accounts['found'] = async (input) => {
    check(input);
    const accountId = uuidv7();
    const organizationId = uuidv7();
    await parts.organizations.createOrganization({ id: organizationId, name: input.organization_name, language: input.language, owner: { id: accountId, full_name: input.full_name, email: input.email } });
    await join({ id: accountId, email: input.email, full_name: input.full_name, password: input.password }, organizationId);
    return { accountId, organizationId };
  };
  let founding = false;

  return {
    none: () => db.get('SELECT 1 FROM accounts LIMIT 1') === undefined,
    check,
    join,
    found: async (input) => {
      // The first start pressed twice founds one organisation.
      if (founding) throw new AppError('FORBIDDEN', { detail: 'registration_by_invitation' });
      founding = true;
      try {
        return await found(input);
      } finally {
        founding = false;
      }
    },
    twoFactorEnabled: (ids) => {
      if (ids.length === 0) return new Set();
      const rows = db.all<{ id: string }>(`SELECT id FROM accounts WHERE totp_secret IS NOT NULL AND id IN (${ids.map(() => '?').join(', ')})`, ...ids);
      return new Set(rows.map((row) => row.id));
    },
    find: (email) => {
      const known = accountByEmail(parts, email);
      return known ? { id: known.id, hasPassword: known.password_hash !== null } : null;
    },
    cutOff: (id, organizationId) => {
      sessions.revokeIn(id, organizationId);
      tokens.forget(id, organizationId);
    },
    checkRename,
    rename: (id, email) => {
      checkRename(id, email);
      db.run('UPDATE accounts SET email = ? WHERE id = ?', email.trim().toLowerCase(), id);
    },
    changePassword: async (call, input) => {
      const account = requireAccount(parts, call.actor);
      // An owner whose first registration a crash cut in two comes in by a link and has no password to give.
      if (account.password_hash) await provePassword(parts, call, account, input.current_password, () => invalid('current_password', 'password_wrong'));
      strong(input.new_password, { email: account.email, full_name: call.actor?.full_name ?? '' }, 'new_password');
      db.run('UPDATE accounts SET password_hash = ?, demo = 0 WHERE id = ?', await hashPassword(input.new_password), account.id);
      sessions.revokeAll(account.id, parts.access.known(bearerOf(call.headers))?.sessionId);
      parts.securityLog({ type: 'password_changed', user_id: account.id, organization_id: call.actor?.organization_id ?? null, address: call.address });
      return { done: true };
    },
    setPassword: async (id, password) => {
      db.run('UPDATE accounts SET password_hash = ?, demo = 0, totp_secret = NULL, totp_pending = NULL WHERE id = ?', await hashPassword(password), id);
      db.run('DELETE FROM recovery_codes WHERE account_id = ?', id);
      db.run('DELETE FROM links WHERE account_id = ?', id);
      sessions.revokeAll(id);
      tokens.forgetAll(id);
    },
  };
}
