import { z } from 'zod';
import { anyOf, date, flag, listInput, ref, refFields, requiredText, rowFields, text, timestamp } from '../kernel/contract.ts';

export const TICKET_STATUSES = ['open', 'in_progress', 'waiting', 'resolved', 'closed'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];
export const OPEN_TICKET_STATUSES = ['open', 'in_progress', 'waiting'] as const satisfies readonly TicketStatus[];
export const PRIORITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const ticketInput = z.object({
  client_id: ref,
  subject: requiredText(500),
  description: text(50_000).nullish(),
  status: z.enum(TICKET_STATUSES).optional(),
  priority: z.enum(PRIORITIES).optional(),
  assigned_to: ref.nullish(),
  asset_id: ref.nullish(),
  contract_id: ref.nullish(),
  /** A date, or a moment. */
  due_date: z.union([date, timestamp]).nullish(),
  source: text(50).nullish(),
});
export type TicketInput = z.infer<typeof ticketInput>;

export const ticket = z.object({
  ...rowFields,
  ...refFields('client_id'),
  subject: z.string(),
  description: z.string().nullable(),
  status: z.enum(TICKET_STATUSES),
  priority: z.enum(PRIORITIES),
  ...refFields('assigned_to'),
  ...refFields('asset_id'),
  ...refFields('contract_id'),
  due_date: z.string().nullable(),
  resolved_at: z.string().nullable(),
  closed_at: z.string().nullable(),
  source: z.string().nullable(),
});
export type Ticket = z.infer<typeof ticket>;

export const ticketFilters = z.object({
  ...listInput,
  sort: z.enum(['created_at', '-created_at', 'updated_at', '-updated_at', 'due_date', '-due_date', 'priority', '-priority', 'no', '-no']).default('-created_at'),
  status: anyOf(TICKET_STATUSES).optional(),
  priority: anyOf(PRIORITIES).optional(),
  client_id: ref.optional(),
  /** A person, or `none` for tickets that nobody has. */
  assigned_to: ref.optional(),
  asset_id: ref.optional(),
  contract_id: ref.optional(),
  overdue: flag.optional(),
  /** Creation moment, from (inclusive) and to (exclusive). */
  from: z.union([timestamp, date]).optional(),
  to: z.union([timestamp, date]).optional(),
});
