import { z } from 'zod';
import { anyOf, date, flag, listInput, ref, refFields, requiredText, rowFields, text, timestamp } from '../kernel/contract.ts';
import { PRIORITIES } from '../tickets/model.ts';

export const TASK_STATUSES = ['pending', 'in_progress', 'completed'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
/** Which tasks of a repeating series a change concerns. */
export const SERIES_SCOPES = ['this', 'following', 'all'] as const;

export const taskBody = z.object({
  title: requiredText(500),
  description: text(50_000).nullish(),
  ticket_id: ref.nullish(),
  status: z.enum(TASK_STATUSES).optional(),
  priority: z.enum(PRIORITIES).optional(),
  assigned_to: ref.nullish(),
  due_date: z.union([date, timestamp]).nullish(),
  /** RFC 5545 rule without DTSTART; the first date is `due_date`. */
  rrule: text(500).nullish(),
});
export const taskInput = taskBody.extend({ client_id: ref.nullish() });
export type TaskInput = z.infer<typeof taskInput>;

export const task = z.object({
  ...rowFields,
  title: z.string(),
  description: z.string().nullable(),
  ...refFields('client_id'),
  ...refFields('ticket_id'),
  status: z.enum(TASK_STATUSES),
  priority: z.enum(PRIORITIES),
  ...refFields('assigned_to'),
  due_date: z.string().nullable(),
  completed_at: z.string().nullable(),
  rrule: z.string().nullable(),
  series_id: z.string().nullable(),
});
export type Task = z.infer<typeof task>;

export const taskFilters = z.object({
  ...listInput,
  sort: z.enum(['due_date', '-due_date', 'created_at', '-created_at', 'updated_at', '-updated_at', 'priority', '-priority']).default('due_date'),
  status: anyOf(TASK_STATUSES).optional(),
  priority: anyOf(PRIORITIES).optional(),
  client_id: ref.optional(),
  ticket_id: ref.optional(),
  assigned_to: ref.optional(),
  overdue: flag.optional(),
  /** Due date, from (inclusive) and to (exclusive). */
  from: z.union([timestamp, date]).optional(),
  to: z.union([timestamp, date]).optional(),
});
