import { may, type Actor } from '../../src-shared/kernel/permissions.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAccounts, type Accounts } from './accounts.ts';
import { createApiTokens, TOKEN_PREFIX, type ApiTokens, type TokenHolder } from './api-tokens.ts';
import { accountByEmail, bearerOf, organizationsOf, type AuthDeps, type AuthParts } from './deps.ts';
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
  /** The API token that these headers carry; null for whoever signed in himself. */
  tokenOf(headers: Headers): TokenHolder | null;
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
  /**
   * At the start: gives accounts what a crash between the two files cost them, the founder's membership or a new e-mail; without `demo`,
   * ends what demonstration accounts have open.
   */
  repair(): Promise<void>;
}

/** Authentication of this installation: accounts, two-factor, sessions, tokens. */
export function createAuth(deps: AuthDeps): Auth {
  const parts: AuthParts = { ...deps, access: createAccessTokens(deps.directory.signingKey, deps.clock), lockout: createLockout(deps.directory, deps.clock) };
  const sessions = createSessions(parts);
  const tokens = createApiTokens(parts);
  const accounts = createAccounts(parts, sessions, tokens);
  const twoFactor = createTwoFactor(parts);
  const invitations = createInvitations(parts, accounts, twoFactor);
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
      const wanted = headers['x-organization-id'];
      if (token.startsWith(TOKEN_PREFIX)) {
        const holder = tokens.holder(token);
        // Made for one organisation: a call on another is refused, not quietly done on the token's own.
        return holder && (!wanted || wanted === holder.organizationId) ? actorOf(holder.organizationId, holder.accountId, holder.scope ?? undefined) : null;
      }
      const asActor = (claims: { accountId: string; organizationId: string; sessionId: string } | null | undefined): Actor | null => {
        if (!claims || !sessions.alive(claims.sessionId)) return null;
        if (!wanted || wanted === claims.organizationId) return actorOf(claims.organizationId, claims.accountId);
        return organizationsOf(parts, claims.accountId).some((organization) => organization.id === wanted) ? actorOf(wanted, claims.accountId) : null;
      };
      const known = parts.access.known(token);
      return known ? asActor(known) : parts.access.verify(token).then(asActor);
    },
    sessionOf: async (headers) => {
      const token = bearerOf(headers);
      return (parts.access.known(token) ?? (await parts.access.verify(token)))?.sessionId ?? null;
    },
    tokenOf: (headers) => {
      const token = bearerOf(headers);
      return token.startsWith(TOKEN_PREFIX) ? tokens.holder(token) : null;
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
      const { db } = deps.directory;
      for (const { accountId, organizationId } of ownersOf()) {
        const member = deps.organizations.member(organizationId, accountId);
        // An owner who was invited joins by his invitation, and by nothing else.
        const known =
          db.get('SELECT 1 FROM memberships WHERE account_id = ? AND organization_id = ?', accountId, organizationId) ?? db.get('SELECT 1 FROM invitations WHERE member_id = ? AND organization_id = ?', accountId, organizationId);
        if (member && !known) await accounts.join({ id: accountId, email: member.email, full_name: member.full_name }, organizationId);
      }
      const settled = db.all<{ id: string; email: string; organization_id: string }>(
        'SELECT a.id, a.email, min(m.organization_id) AS organization_id FROM accounts a JOIN memberships m ON m.account_id = a.id GROUP BY a.id HAVING count(*) = 1',
      );
      for (const { id, email, organization_id: organizationId } of settled) {
        const member = deps.organizations.member(organizationId, id);
        if (member && member.email !== email && !accountByEmail(parts, member.email)) accounts.rename(id, member.email);
      }
    },
  };
}

/** Whether the scope asked for lies within the actor's own rights. */
export const withinRights = (actor: Actor, scope: readonly Parameters<typeof may>[1][]): boolean => scope.every((permission) => may(actor, permission));
