import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { CallContext } from '../core/call.ts';
import { os, sessionOf } from '../core/os.ts';
import { enrol } from './enrol.ts';
import { withinRights } from './service.ts';

/** A token that was narrowed to a scope ends nobody's access but its own. */
function refuseNarrowToken({ house, headers }: CallContext, except?: string): void {
  const token = house.auth.tokenOf(headers);
  if (token?.scope && token.id !== except) throw new AppError('FORBIDDEN', { detail: 'not_by_token' });
}

/** When a new token ends: one made by a token ends with it at the latest, or a leaked one would outlive its term. */
function endOfToken({ house, headers }: CallContext, wanted: string | null): string | null {
  if (wanted && Date.parse(wanted) <= house.clock.now()) throw invalid('expires_at', 'in_the_past');
  const end = house.auth.tokenOf(headers)?.expiresAt ?? null;
  if (end === null) return wanted;
  if (wanted && Date.parse(wanted) > end) throw invalid('expires_at', 'expires_beyond_token');
  return wanted ?? iso(end);
}

const firstLanguage = ({ organizations }: CallContext['house'], id: string | undefined): 'ru' | 'en' | null =>
  (id && organizations.open(id).read.get<{ language: 'ru' | 'en' }>('SELECT language FROM organization LIMIT 1')?.language) || null;

/** Authentication at the doors. */
export const authRoutes = {
  status: os.auth.status.handler(({ context: { house } }) => {
    const all = house.organizations.list();
    return { first_run: house.auth.firstRun(), demo: house.auth.demo, version: house.auth.version, organizations: all.length, language: firstLanguage(house, all[0]?.id) };
  }),
  register: os.auth.register.handler(({ input, context }) =>
    context.actor && !input.invitation_token && !context.house.auth.firstRun() ? enrol(context, context.actor, input) : context.house.auth.signIn.register(context, input),
  ),
  login: os.auth.login.handler(({ input, context }) => context.house.auth.signIn.login(context, input)),
  refresh: os.auth.refresh.handler(({ input, context }) => context.house.auth.signIn.refresh(context, input)),
  linkLogin: os.auth.linkLogin.handler(({ input, context }) => context.house.auth.signIn.linkLogin(context, input.token)),
  logout: os.auth.logout.handler(({ input, context }) => context.house.auth.signIn.logout(context, input.refresh_token)),
  me: os.auth.me.handler(({ context }) => context.house.auth.signIn.me(context)),
  changePassword: os.auth.changePassword.handler(({ input, context }) => context.house.auth.accounts.changePassword(context, input)),
  twoFactorSetup: os.auth.twoFactorSetup.handler(({ input, context }) => context.house.auth.twoFactor.setup(context, input)),
  twoFactorVerify: os.auth.twoFactorVerify.handler(({ input, context }) => context.house.auth.twoFactor.verify(context, input)),
  twoFactorDisable: os.auth.twoFactorDisable.handler(({ input, context }) => context.house.auth.twoFactor.disable(context, input)),
  recoveryCodes: os.auth.recoveryCodes.handler(({ input, context }) => context.house.auth.twoFactor.renewCodes(context, input)),
  sessions: os.auth.sessions.handler(async ({ context }) => {
    const { actor } = sessionOf(context);
    const current = await context.house.auth.sessionOf(context.headers);
    return { items: context.house.auth.sessions.list(actor.user_id).map((session) => ({ ...session, current: session.id === current })) };
  }),
  revokeSession: os.auth.revokeSession.handler(({ input, context }) => {
    const { actor, store, address } = sessionOf(context);
    refuseNarrowToken(context);
    if (!context.house.auth.sessions.revoke(input.id, actor.user_id)) throw new AppError('NOT_FOUND', {});
    store.logSecurity({ type: 'session_revoked', user_id: actor.user_id, address, details: { session: input.id } });
    return { done: true };
  }),
  tokens: os.auth.tokens.handler(({ context }) => {
    const { actor } = sessionOf(context);
    return { items: context.house.auth.tokens.list(actor.user_id, actor.organization_id) };
  }),
  createToken: os.auth.createToken.handler(({ input, context }) => {
    const { actor, store, address } = sessionOf(context);
    if (input.scope && !withinRights(actor, input.scope)) throw invalid('scope', 'scope_beyond_role');
    const expires_at = endOfToken(context, input.expires_at ?? null);
    const scope = input.scope ?? (actor.scope ? [...actor.scope] : null);
    const made = context.house.auth.tokens.create(actor.user_id, actor.organization_id, { name: input.name, scope, expires_at, parentId: context.house.auth.tokenOf(context.headers)?.id ?? null });
    store.logSecurity({ type: 'token_created', user_id: actor.user_id, address, details: { id: made.id, name: made.name } });
    return made;
  }),
  revokeToken: os.auth.revokeToken.handler(({ input, context }) => {
    const { actor, store, address } = sessionOf(context);
    refuseNarrowToken(context, input.id);
    const { tokens } = context.house.auth;
    const name = tokens.list(actor.user_id, actor.organization_id).find((token) => token.id === input.id)?.name;
    if (!tokens.revoke(input.id, actor.user_id)) throw new AppError('NOT_FOUND', {});
    store.logSecurity({ type: 'token_revoked', user_id: actor.user_id, address, details: { id: input.id, name } });
    return { done: true };
  }),
  invitations: os.auth.invitations.handler(({ context }) => ({ items: context.house.auth.invitations.list(sessionOf(context).actor.organization_id) })),
  invite: os.auth.invite.handler(({ input, context }) => {
    const { actor, store, address } = sessionOf(context);
    if (input.role === 'owner' && actor.role !== 'owner') throw new AppError('FORBIDDEN', { field: 'role', detail: 'owner_only' });
    // A member without a password is invited anew, not doubled.
    const member = store.read.get<{ id: string; role: string }>('SELECT id, role FROM users WHERE email = ? AND deleted_at IS NULL', input.email.toLowerCase());
    if (member?.role === 'owner' && actor.role !== 'owner') throw new AppError('FORBIDDEN', { field: 'email', detail: 'owner_only' });
    if (member && context.house.auth.accounts.find(input.email)?.hasPassword) throw new AppError('CONFLICT', { field: 'email', detail: 'email_taken' });
    const made = context.house.auth.invitations.create(actor.organization_id, member ? { ...input, memberId: member.id } : input);
    store.logSecurity({ type: 'invited', user_id: actor.user_id, address, details: { email: made.email, role: made.role } });
    return made;
  }),
  revokeInvitation: os.auth.revokeInvitation.handler(({ input, context }) => {
    if (!context.house.auth.invitations.revoke(input.id, sessionOf(context).actor.organization_id)) throw new AppError('NOT_FOUND', {});
    return { done: true };
  }),
};
