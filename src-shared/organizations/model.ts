import { z } from 'zod';
import { requiredText, text } from '../kernel/contract.ts';
import { LANGUAGES } from '../users/model.ts';

export const organization = z.object({
  id: z.string(),
  name: z.string(),
  language: z.enum(LANGUAGES),
  time_zone: z.string(),
  /** Working hours as local times, for calendars. */
  work_starts: z.string(),
  work_ends: z.string(),
  support_levels: z.array(z.string()),
  created_at: z.string(),
  version: z.string(),
  role: z.string(),
  members: z.number().int(),
});
export type Organization = z.infer<typeof organization>;

const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
export const organizationInput = z.object({
  name: requiredText(200),
  language: z.enum(LANGUAGES).optional(),
  time_zone: text(100).optional(),
  work_starts: localTime.optional(),
  work_ends: localTime.optional(),
  support_levels: z.array(requiredText(100)).max(30).optional(),
});
