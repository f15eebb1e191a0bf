import type { SERIES_SCOPES, TaskStatus } from './model.ts';
import { continueFrom, nextOccurrences } from './recurrence.ts';

export type Scope = (typeof SERIES_SCOPES)[number];

/** The moment of completion follows the status. */
export function completion(status: TaskStatus, now: string): { completed_at: string | null } {
  return { completed_at: status === 'completed' ? now : null };
}

/** What of a task is handed on from one occurrence of its series to the next, besides the rule. */
export const SERIES_FIELDS = ['title', 'description', 'client_id', 'ticket_id', 'priority', 'assigned_to'] as const;

/** What of an occurrence a change concerns the series with: of the rest, the status, every occurrence has its own. */
export const SCOPED_FIELDS = [...SERIES_FIELDS, 'due_date', 'rrule'] as const;

/**
 * Date and rule of the occurrence after one that is due at `due_date` (a date, or a UTC moment kept at the wall clock of `zone`).
 * Each occurrence carries the rule as it goes on from it, COUNT being what is left. Null at the end of a series.
 */
export function occurrenceAfter(task: { rrule: string | null; due_date: string | null }, zone: string): { due_date: string; rrule: string } | null {
  const { rrule, due_date } = task;
  if (!rrule || !due_date) return null;
  const [next] = nextOccurrences(rrule, due_date, zone, 1, due_date);
  return next === undefined ? null : { due_date: next, rrule: continueFrom(rrule, due_date, zone, next) };
}

/** How much of a series a change concerns when its author does not say: a rule is changed from here on, anything else just here. */
export function usualScope(changed: { rrule?: unknown }): Scope {
  return changed.rrule === undefined ? 'this' : 'following';
}
