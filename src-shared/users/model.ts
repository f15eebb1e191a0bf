import { z } from 'zod';
import { anyOf, flag, listInput, ref, refFields, requiredText, rowFields, text } from '../kernel/contract.ts';
import { ROLES } from '../kernel/permissions.ts';

export const LANGUAGES = ['ru', 'en'] as const;
export const USER_THEMES = ['light', 'dark', 'system'] as const;

const userBody = z.object({
  full_name: requiredText(200),
  email: z.email().max(200),
  role: z.enum(ROLES),
  branch_id: ref.nullish(),
  phone: text(100).nullish(),
  theme: z.enum(USER_THEMES).nullish(),
  language: z.enum(LANGUAGES).nullish(),
});
/** Without a password the answer carries an invitation that the person opens to choose one. */
export const userInput = userBody.extend({ password: z.string().min(1).max(200).optional() });
export const userPatch = userBody.partial().extend({ active: flag.optional() });

export const user = z.object({
  ...rowFields,
  full_name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  ...refFields('branch_id'),
  phone: z.string().nullable(),
  theme: z.enum(USER_THEMES).nullable(),
  language: z.enum(LANGUAGES).nullable(),
  active: z.boolean(),
  two_factor: z.boolean(),
});
export type User = z.infer<typeof user>;

export const userFilters = z.object({
  ...listInput,
  sort: z.enum(['full_name', '-full_name', 'created_at', '-created_at']).default('full_name'),
  role: anyOf(ROLES).optional(),
  active: flag.optional(),
  branch_id: ref.optional(),
});
