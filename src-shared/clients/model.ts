import { z } from 'zod';
import { anyOf, listInput, ref, refFields, requiredText, rowFields, text } from '../kernel/contract.ts';
import { appointment } from '../appointments/model.ts';
import { asset } from '../assets/model.ts';
import { contractRow } from '../contracts/model.ts';
import { article } from '../knowledge/model.ts';
import { note } from '../notes/model.ts';
import { task } from '../tasks/model.ts';
import { ticket } from '../tickets/model.ts';

export const CLIENT_KINDS = ['person', 'organization'] as const;
export const THEMES = ['light', 'dark'] as const;

export const clientInput = z.object({
  name: requiredText(300),
  kind: z.enum(CLIENT_KINDS).optional(),
  company_id: ref.nullish(),
  company_name: text(300).nullish(),
  phone: text(100).nullish(),
  phones: z.array(requiredText(100)).max(30).nullish(),
  email: text(200).nullish(),
  address: text(500).nullish(),
  latitude: z.coerce.number().min(-90).max(90).nullish(),
  longitude: z.coerce.number().min(-180).max(180).nullish(),
  responsible_id: ref.nullish(),
  theme: z.enum(THEMES).nullish(),
  comment: text(20_000).nullish(),
});
export type ClientInput = z.infer<typeof clientInput>;

export const client = z.object({
  ...rowFields,
  name: z.string(),
  kind: z.enum(CLIENT_KINDS),
  ...refFields('company_id'),
  phone: z.string().nullable(),
  phones: z.array(z.string()),
  email: z.string().nullable(),
  address: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  ...refFields('responsible_id'),
  theme: z.enum(THEMES).nullable(),
  comment: z.string().nullable(),
});
export type Client = z.infer<typeof client>;

export const clientFilters = z.object({
  ...listInput,
  sort: z.enum(['name', '-name', 'created_at', '-created_at', 'updated_at', '-updated_at', 'no', '-no']).default('name'),
  kind: anyOf(CLIENT_KINDS).optional(),
  company_id: ref.optional(),
  responsible_id: ref.optional(),
});

export const clientMetrics = z.object({
  assets: z.number().int(),
  contracts: z.number().int(),
  active_contracts: z.number().int(),
  tickets: z.number().int(),
  open_tickets: z.number().int(),
  overdue_tickets: z.number().int(),
  tasks: z.number().int(),
  pending_tasks: z.number().int(),
  overdue_tasks: z.number().int(),
  notes: z.number().int(),
  appointments: z.number().int(),
  upcoming_appointments: z.number().int(),
  /** Without the archived ones. */
  articles: z.number().int(),
});

export const clientOverview = z.object({
  client,
  metrics: clientMetrics,
  assets: z.array(asset),
  contracts: z.array(contractRow),
  notes: z.array(note),
  tickets: z.array(ticket),
  tasks: z.array(task),
  next_appointment: appointment.nullable(),
  appointments: z.array(appointment),
  /** Published ones and drafts. */
  articles: z.array(article),
});
export type ClientOverview = z.infer<typeof clientOverview>;
