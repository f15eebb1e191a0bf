import { z } from 'zod';
import { command, query, ref, requiredText, text, timestamp } from '../kernel/contract.ts';
import { PERMISSIONS, ROLES } from '../kernel/permissions.ts';
import { LANGUAGES } from '../users/model.ts';
import { apiToken, authSession, invitation, signedIn } from './model.ts';

const tags = ['auth'];
const password = z.string().min(1).max(200);
const done = z.object({ done: z.boolean() });
const one = z.object({ id: text(50) });

export const authContract = {
  status: query('public')
    .route({ method: 'GET', path: '/auth/status', tags, summary: 'Whether anybody has registered yet' })
    .output(z.object({ first_run: z.boolean(), demo: z.boolean(), version: z.string(), organizations: z.number().int(), language: z.enum(LANGUAGES).nullable() })),
  register: command('public')
    .route({ method: 'POST', path: '/auth/register', tags, summary: 'The first user, who owns the organisation; later ones need an invitation', successStatus: 201 })
    .input(
      z.object({
        full_name: requiredText(200),
        /** An invitation names the address itself. */
        email: z.email().max(200).optional(),
        password,
        organization_name: requiredText(200).optional(),
        language: z.enum(LANGUAGES).optional(),
        invitation_token: text(200).optional(),
        /** Of somebody who signs in to another organisation in two steps already, and is invited here. */
        otp: text(20).optional(),
        recovery_code: text(50).optional(),
      }),
    )
    .output(signedIn),
  login: command('public')
    .route({ method: 'POST', path: '/auth/login', tags, summary: 'Sign in by e-mail and password, with a one-time code where it is on' })
    .input(z.object({ email: text(200).min(1), password, otp: text(20).optional(), recovery_code: text(50).optional(), organization_id: text(50).optional() }))
    .output(signedIn),
  refresh: command('public')
    .route({ method: 'POST', path: '/auth/refresh', tags, summary: 'A new access token for the refresh token of the cookie or the body; the old one is spent' })
    .input(z.object({ refresh_token: text(200).optional(), organization_id: text(50).optional() }))
    .output(signedIn),
  linkLogin: command('public')
    .route({ method: 'POST', path: '/auth/link', tags, summary: 'Sign in by a one-time link' })
    .input(z.object({ token: text(200).min(1) }))
    .output(signedIn),
  logout: command('public').route({ method: 'POST', path: '/auth/logout', tags, summary: 'End this session' }).input(z.object({ refresh_token: text(200).optional() })).output(done),
  me: query('self').route({ method: 'GET', path: '/auth/me', tags, summary: 'Who is signed in' }).output(signedIn.omit({ access_token: true, token_type: true, expires_in: true, refresh_token: true })),
  changePassword: command('self')
    .route({ method: 'POST', path: '/auth/password', tags, summary: 'Change one’s password; other sessions end' })
    .input(z.object({ current_password: password, new_password: password }))
    .output(done),
  twoFactorSetup: command('self')
    .route({ method: 'POST', path: '/auth/two-factor/setup', tags, summary: 'Step one: a secret and its QR code' })
    .input(z.object({ user_id: ref.optional(), password }))
    .output(z.object({ secret: z.string(), otpauth_url: z.string(), qr_svg: z.string() })),
  twoFactorVerify: command('self')
    .route({ method: 'POST', path: '/auth/two-factor/verify', tags, summary: 'Step two: the first code switches it on; recovery codes are shown once' })
    .input(z.object({ user_id: ref.optional(), otp: text(20).min(1) }))
    .output(z.object({ enabled: z.boolean(), recovery_codes: z.array(z.string()) })),
  twoFactorDisable: command('self')
    .route({ method: 'POST', path: '/auth/two-factor/disable', tags, summary: 'Switch two-factor off' })
    .input(z.object({ user_id: ref.optional(), password, otp: text(20).optional(), recovery_code: text(50).optional() }))
    .output(z.object({ enabled: z.boolean() })),
  recoveryCodes: command('self')
    .route({ method: 'POST', path: '/auth/two-factor/recovery-codes', tags, summary: 'New recovery codes; the old ones end' })
    .input(z.object({ password, otp: text(20).optional(), recovery_code: text(50).optional() }))
    .output(z.object({ recovery_codes: z.array(z.string()) })),
  sessions: query('self').route({ method: 'GET', path: '/auth/sessions', tags, summary: 'Where one is signed in' }).output(z.object({ items: z.array(authSession) })),
  revokeSession: command('self').route({ method: 'DELETE', path: '/auth/sessions/{id}', tags, summary: 'End a session' }).input(one).output(done),
  tokens: query('self').route({ method: 'GET', path: '/auth/tokens', tags, summary: 'Personal API tokens' }).output(z.object({ items: z.array(apiToken) })),
  createToken: command('self')
    .route({ method: 'POST', path: '/auth/tokens', tags, summary: 'A personal API token, shown once; it never goes beyond one’s role', successStatus: 201 })
    .input(z.object({ name: requiredText(100), scope: z.array(z.enum(PERMISSIONS)).nullish(), expires_at: timestamp.nullish() }))
    .output(apiToken.extend({ token: z.string() })),
  revokeToken: command('self').route({ method: 'DELETE', path: '/auth/tokens/{id}', tags, summary: 'End a token' }).input(one).output(done),
  invitations: query('users.manage').route({ method: 'GET', path: '/auth/invitations', tags, summary: 'Invitations that nobody has used yet' }).output(z.object({ items: z.array(invitation) })),
  invite: command('users.manage')
    .route({ method: 'POST', path: '/auth/invitations', tags, summary: 'Invite a colleague; the token is shown once', successStatus: 201 })
    .input(z.object({ full_name: requiredText(200), email: z.email().max(200), role: z.enum(ROLES) }))
    .output(invitation.extend({ token: z.string() })),
  revokeInvitation: command('users.manage').route({ method: 'DELETE', path: '/auth/invitations/{id}', tags, summary: 'Withdraw an invitation' }).input(one).output(done),
};
