import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../kernel/permissions.ts';
import { LANGUAGES, USER_THEMES } from '../users/model.ts';

export const signedInUser = z.object({
  id: z.string(),
  no: z.number().int().nullable(),
  full_name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  branch_id: z.string().nullable(),
  language: z.enum(LANGUAGES),
  theme: z.enum(USER_THEMES).nullable(),
  two_factor: z.boolean(),
});
export type SignedInUser = z.infer<typeof signedInUser>;

/** What signing in answers. The refresh token is in the body only where there is no cookie: the window, scripts. */
export const signedIn = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.number().int(),
  refresh_token: z.string().nullable(),
  user: signedInUser,
  organization: z.object({ id: z.string(), name: z.string() }),
  organizations: z.array(z.object({ id: z.string(), name: z.string() })),
  permissions: z.array(z.enum(PERMISSIONS)),
});
export type SignedIn = z.infer<typeof signedIn>;

export const authSession = z.object({ id: z.string(), created_at: z.string(), last_used_at: z.string(), address: z.string().nullable(), agent: z.string().nullable(), current: z.boolean() });
export const apiToken = z.object({ id: z.string(), name: z.string(), scope: z.array(z.enum(PERMISSIONS)).nullable(), created_at: z.string(), expires_at: z.string().nullable(), last_used_at: z.string().nullable() });
export const invitation = z.object({ id: z.string(), email: z.string(), full_name: z.string(), role: z.enum(ROLES), created_at: z.string(), expires_at: z.string() });
