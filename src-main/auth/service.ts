import { may, type Actor } from '../../src-shared/kernel/permissions.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAccounts, type Accounts } from './accounts.ts';
import { createApiTokens, TOKEN_PREFIX, type ApiTokens } from './api-tokens.ts';
import { accountByEmail, organizationsOf, type AuthDeps, type AuthParts } from './deps.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { createLockout } from './lockout.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createTwoFactor, type TwoFactor } from './two-factor.ts';

type Headers = Record<string, string | undefined>;

export interface Auth {
  /** Who calls, by the headers. Answers at once for a token that was seen before. */
  authenticate(headers: Headers): Actor | null | Promise<Actor | null>;
  /** The session that the access token of these headers belongs to. */
  sessionOf(headers: Headers): Promise<string | null>;
  firstRun(): boolean;
  demo: boolean;
  version: string;
  accounts: Accounts;
  sessions: Sessions;
  tokens: ApiTokens;
  invitations: Invitations;
  twoFactor: TwoFactor;
  signIn: SignIn;
  /** A one-time link for whoever started the program on this machine. @throws AppError NOT_FOUND without an owner. */
  issueLocalLink(): string;
  /** The account that the environment or `create-admin` asks for; an existing one stays as it is. @returns whether it was made. */
  ensureAdmin(input: { email: string; password: string; name: string; organization: string }): Promise<boolean>;
  /** The last resort of an owner who lost everything; leaves a trace. */
  resetOwner(email: string, password: string): Promise<void>;
  /** At the start: joins accounts to organisations whose second half was lost in a crash; without `demo`, ends what demonstration accounts have open. */
  repair(): Promise<void>;
}

/** Authentication of this installation: accounts, two-factor, sessions, tokens. */
export function createAuth(deps: AuthDeps): Auth {
  const parts: AuthParts = { ...deps, access: createAccessTokens(deps.directory.signingKey, deps.clock), lockout: createLockout(deps.directory, deps.clock) };
  const sessions = createSessions(parts);
  const tokens = createApiTokens(parts);
  const accounts = createAccounts(parts, sessions, tokens);
  const invitations = createInvitations(parts, accounts);
  const twoFactor = createTwoFactor(parts);
  const signIn = createSignIn(parts, sessions, twoFactor, accounts, invitations);

  const actorOf = (organizationId: string, accountId: string, scope?: Actor['scope']): Actor | null => {
    const member = deps.organizations.member(organizationId, accountId);
    if (!member?.active) return null;
    return { user_id: accountId, organization_id: organizationId, role: member.role, full_name: member.full_name, branch_id: member.branch_id, language: member.language, ...(scope ? { scope } : {}) };
  };
  const ownersOf = (): { accountId: string; organizationId: string }[] =>
    deps.organizations.list().flatMap((organization) => deps.organizations.owners(organization.id).map((accountId) => ({ accountId, organizationId: organization.id })));

  return {
    authenticate: (headers) => {
      const bearer = headers['authorization'];
      if (!bearer || bearer.length > 4096) return null;
      const token = bearer.slice(0, 7).toLowerCase() === 'bearer ' ? bearer.slice(7) : bearer;
      if (token.startsWith(TOKEN_PREFIX)) {
        const holder = tokens.holder(token);
        return holder && actorOf(holder.organizationId, holder.accountId, holder.scope ?? undefined);
      }
      const wanted = headers['x-organization-id'];
      const asActor = (claims: { accountId: string; organizationId: string; sessionId: string } | null | undefined): Actor | null => {
        if (!claims || !sessions.alive(claims.sessionId)) return null;
        if (!wanted || wanted === claims.organizationId) return actorOf(claims.organizationId, claims.accountId);
        return organizationsOf(parts, claims.accountId).some((organization) => organization.id === wanted) ? actorOf(wanted, claims.accountId) : null;
      };
      const known = parts.access.known(token);
      return known ? asActor(known) : parts.access.verify(token).then(asActor);
    },
    sessionOf: async (headers) => {
      const token = headers['authorization']?.replace(/^Bearer /i, '') ?? '';
      return (parts.access.known(token) ?? (await parts.access.verify(token)))?.sessionId ?? null;
    },
    firstRun: () => accounts.none(),
    demo: deps.demo,
    version: deps.version,
    accounts,
    sessions,
    tokens,
    invitations,
    twoFactor,
    signIn,
    issueLocalLink: () => {
      const owner = ownersOf()[0];
      if (!owner) throw new AppError('NOT_FOUND', { params: { entity: 'users' } });
      return signIn.issueLink(owner.accountId, owner.organizationId);
    },
    ensureAdmin: async (input) => {
      if (accountByEmail(parts, input.email)) return false;
      const existing = deps.organizations.list().find((organization) => organization.name === input.organization) ?? deps.organizations.list()[0];
      accounts.check({ email: input.email, full_name: input.name, password: input.password });
      if (!existing) {
        await accounts.found({ full_name: input.name, email: input.email, password: input.password, organization_name: input.organization, language: 'ru' });
        return true;
      }
      const invited = invitations.create(existing.id, { email: input.email, full_name: input.name, role: 'admin' });
      await invitations.accept(invited.token, { full_name: input.name, password: input.password });
      return true;
    },
    resetOwner: async (email, password) => {
      const account = accountByEmail(parts, email);
      const organization = account && ownersOf().find((owner) => owner.accountId === account.id);
      if (!account || !organization) throw new AppError('NOT_FOUND', { field: 'email', detail: 'owner_unknown' });
      accounts.check({ email: '', full_name: '', password });
      await accounts.setPassword(account.id, password);
      parts.lockout.clear(`account:${account.email}`);
      deps.securityLog({ type: 'owner_reset', user_id: account.id, organization_id: organization.organizationId, address: 'local' });
    },
    repair: async () => {
      if (!deps.demo) {
        for (const { id } of deps.directory.db.all<{ id: string }>('SELECT id FROM accounts WHERE demo = 1')) {
          sessions.revokeAll(id);
          tokens.forgetAll(id);
        }
      }
      for (const { accountId, organizationId } of ownersOf()) {
        const member = deps.organizations.member(organizationId, accountId);
        if (member && !deps.directory.db.get('SELECT 1 FROM memberships WHERE account_id = ? AND organization_id = ?', accountId, organizationId)) {
          await accounts.join({ id: accountId, email: member.email, full_name: member.full_name }, organizationId);
        }
      }
    },
  };
}

/** Whether the scope asked for lies within the actor's own rights. */
export const withinRights = (actor: Actor, scope: readonly Parameters<typeof may>[1][]): boolean => scope.every((permission) => may(actor, permission));
