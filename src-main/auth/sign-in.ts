import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { may, ROLE_PERMISSIONS } from '../../src-shared/kernel/permissions.ts';
import type { SignedIn } from '../../src-shared/auth/model.ts';
import { ACCESS_SECONDS } from './access-tokens.ts';
import type { Accounts } from './accounts.ts';
import { accountByEmail, accountById, bearerOf, organizationsOf, type Account, type AuthCall, type AuthParts } from './deps.ts';
import type { Invitations } from './invitations.ts';
import { digest, newToken, passwordFits } from './secrets.ts';
import { REFRESH_COOKIE, REFRESH_SECONDS, type OpenedSession, type Sessions } from './sessions.ts';
import type { TwoFactor } from './two-factor.ts';

/** An address may fail this many times as often as an account before it is locked: several people share one. */
const ADDRESS_FORGIVENESS = 5;
const LINK_MS = 10 * 60_000;
const LOOPBACK = new Set(['local', '127.0.0.1', '::1', '::ffff:127.0.0.1']);

export interface SignIn {
  login(call: AuthCall, input: { email: string; password: string; otp?: string | undefined; recovery_code?: string | undefined; organization_id?: string | undefined }): Promise<SignedIn>;
  register(call: AuthCall, input: { full_name: string; email?: string | undefined; password: string; organization_name?: string | undefined; language?: 'ru' | 'en' | undefined; invitation_token?: string | undefined; otp?: string | undefined; recovery_code?: string | undefined }): Promise<SignedIn>;
  /** Opens a session for somebody else than whoever calls: its tokens are in the answer alone, never in the caller's cookie. */
  openFor(call: AuthCall, accountId: string, organizationId: string): Promise<SignedIn>;
  refresh(call: AuthCall, input: { refresh_token?: string | undefined; organization_id?: string | undefined }): Promise<SignedIn>;
  linkLogin(call: AuthCall, token: string): Promise<SignedIn>;
  logout(call: AuthCall, token: string | undefined): { done: boolean };
  me(call: AuthCall): Omit<SignedIn, 'access_token' | 'token_type' | 'expires_in' | 'refresh_token'>;
  /** A link that signs its holder in once, within ten minutes. */
  issueLink(accountId: string, organizationId: string): string;
}

export function createSignIn(parts: AuthParts, sessions: Sessions, twoFactor: TwoFactor, accounts: Accounts, invitations: Invitations): SignIn {
  const describe = (accountId: string, organizationId: string): Omit<SignedIn, 'access_token' | 'token_type' | 'expires_in' | 'refresh_token'> => {
    const account = accountById(parts, accountId);
    const member = parts.organizations.member(organizationId, accountId);
    const all = organizationsOf(parts, accountId);
    const organization = all.find((one) => one.id === organizationId);
    if (!account || !member?.active || !organization) throw new AppError('UNAUTHENTICATED', { detail: 'not_a_member' });
    const { user_id: id, no, full_name, email, role, branch_id, language, theme } = member;
    return { user: { id, no, full_name, email, role, branch_id, language, theme, two_factor: account.totp_secret !== null }, organization, organizations: all, permissions: [...ROLE_PERMISSIONS[role]] };
  };
  /** A browser keeps the refresh token in a cookie that no script can read; everybody else gets it in the answer. */
  const answer = async (call: AuthCall, session: OpenedSession): Promise<SignedIn> => {
    const described = describe(session.accountId, session.organizationId);
    const access = await parts.access.issue(session);
    const cookie = call.door === 'rpc';
    if (cookie && session.refreshToken) call.setCookie(REFRESH_COOKIE, session.refreshToken, REFRESH_SECONDS);
    return { access_token: access, token_type: 'Bearer', expires_in: ACCESS_SECONDS, refresh_token: cookie ? null : session.refreshToken, ...described };
  };
  const chooseOrganization = (account: Account, wanted: string | undefined, refused?: () => void): string => {
    const all = organizationsOf(parts, account.id);
    const chosen = wanted ? all.find((one) => one.id === wanted) : all[0];
    if (chosen) return chosen.id;
    refused?.();
    throw new AppError('FORBIDDEN', { detail: 'not_a_member' });
  };
  const cookieOf = (call: AuthCall): string | undefined =>
    call.headers['cookie']
      ?.split(';')
      .map((part) => part.trim().split('='))
      .find(([name]) => name === REFRESH_COOKIE)?.[1];

  return {
    login: async (call, input) => {
      const accountKey = `account:${input.email.trim().toLowerCase()}`;
      const addressKey = `address:${call.address}`;
      parts.lockout.check(accountKey);
      parts.lockout.check(addressKey);
      const account = accountByEmail(parts, input.email);
      // What was typed in place of an e-mail may be the password.
      const email = account?.email ?? (input.email.includes('@') ? input.email : null);
      const event = (type: string, reason?: string): void =>
        parts.securityLog({ type, user_id: account?.id ?? null, organization_id: input.organization_id ?? (account && organizationsOf(parts, account.id)[0]?.id) ?? null, address: call.address, details: { email, ...(reason ? { reason } : {}) } });
      const failed = (reason: string): void => {
        const seconds = Math.max(parts.lockout.fail(accountKey), parts.lockout.fail(addressKey, ADDRESS_FORGIVENESS));
        event(seconds > 0 ? 'login_locked' : 'login_refused', reason);
      };
      const fits = await passwordFits(account?.password_hash, input.password);
      // Guesses made all at once: those beyond the lock are not answered, not even a right one.
      parts.lockout.check(accountKey);
      parts.lockout.check(addressKey);
      const demoElsewhere = account?.demo === 1 && !(parts.demo && LOOPBACK.has(call.address));
      if (!account || !fits || demoElsewhere) {
        failed('password');
        throw new AppError('UNAUTHENTICATED', { detail: 'login_refused' });
      }
      const organizationId = chooseOrganization(account, input.organization_id, () => event('login_refused', 'not_a_member'));
      try {
        twoFactor.demand(account, input);
      } catch (error) {
        if (error instanceof AppError && error.code !== 'OTP_REQUIRED') failed(error.data.detail ?? 'otp');
        throw error;
      }
      const session = sessions.open(account.id, organizationId, call);
      parts.lockout.clear(accountKey);
      event(input.recovery_code ? 'login_by_recovery_code' : 'login');
      return answer(call, session);
    },
    register: async (call, input) => {
      if (input.invitation_token) {
        const joined = await invitations.accept(input.invitation_token, input, call);
        return answer(call, sessions.open(joined.accountId, joined.organizationId, call));
      }
      if (!accounts.none()) throw new AppError('FORBIDDEN', { detail: 'registration_by_invitation' });
      if (!LOOPBACK.has(call.address)) throw new AppError('FORBIDDEN', { detail: 'registration_local' });
      if (!input.email) throw invalid('email', 'required');
      if (!input.organization_name) throw invalid('organization_name', 'required');
      const made = await accounts.found({ ...input, email: input.email, organization_name: input.organization_name, language: input.language ?? 'ru' });
      parts.securityLog({ type: 'organization_founded', user_id: made.accountId, organization_id: made.organizationId, address: call.address });
      return answer(call, sessions.open(made.accountId, made.organizationId, call));
    },
    openFor: (call, accountId, organizationId) => answer({ ...call, door: 'api' }, sessions.open(accountId, organizationId, call)),
    refresh: async (call, input) => {
      const token = input.refresh_token ?? cookieOf(call);
      if (!token) throw new AppError('UNAUTHENTICATED', { detail: 'session_over' });
      const session = sessions.rotate(token, call);
      const account = accountById(parts, session.accountId);
      if (!account) throw new AppError('UNAUTHENTICATED', { detail: 'session_over' });
      const organizationId = input.organization_id ? chooseOrganization(account, input.organization_id) : session.organizationId;
      if (organizationId !== session.organizationId) sessions.move(session.sessionId, organizationId);
      return answer(call, { ...session, organizationId });
    },
    linkLogin: async (call, token) => {
      const { db } = parts.directory;
      const hash = digest(token);
      const link = db.get<{ account_id: string; organization_id: string; expires_at: number }>('SELECT account_id, organization_id, expires_at FROM links WHERE hash = ? AND used = 0', hash);
      if (!link || link.expires_at < parts.clock.now() || db.run('UPDATE links SET used = 1 WHERE hash = ? AND used = 0', hash).changes === 0) throw new AppError('UNAUTHENTICATED', { detail: 'link_over' });
      parts.securityLog({ type: 'login_by_link', user_id: link.account_id, organization_id: link.organization_id, address: call.address });
      return answer(call, sessions.open(link.account_id, link.organization_id, call));
    },
    logout: (call, given) => {
      const token = given ?? cookieOf(call);
      const sessionId = token ? sessions.ofToken(token) : null;
      const owner = token && sessionId ? parts.directory.db.get<{ account_id: string }>('SELECT account_id FROM sessions WHERE id = ?', sessionId)?.account_id : undefined;
      const current = parts.access.known(bearerOf(call.headers));
      if (sessionId && owner) sessions.revoke(sessionId, owner);
      else if (current) sessions.revoke(current.sessionId, current.accountId);
      call.setCookie(REFRESH_COOKIE, null, 0);
      return { done: Boolean(sessionId ?? current) };
    },
    me: (call) => {
      if (!call.actor) throw new AppError('UNAUTHENTICATED', {});
      const { actor } = call;
      const described = describe(actor.user_id, actor.organization_id);
      return { ...described, permissions: described.permissions.filter((permission) => may(actor, permission)) };
    },
    issueLink: (accountId, organizationId) => {
      const token = newToken();
      const now = parts.clock.now();
      parts.directory.db.run('DELETE FROM links WHERE expires_at < ?', now);
      parts.directory.db.run('INSERT INTO links (hash, account_id, organization_id, expires_at) VALUES (?, ?, ?, ?)', digest(token), accountId, organizationId, now + LINK_MS);
      return token;
    },
  };
}
