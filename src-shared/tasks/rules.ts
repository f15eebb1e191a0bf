import type { TaskStatus } from './model.ts';

/** The moment of completion follows the status. */
export function completion(status: TaskStatus, now: string): { completed_at: string | null } {
  return { completed_at: status === 'completed' ? now : null };
}

/** What of a task is the same in all occurrences of its series. */
export const SERIES_FIELDS = ['title', 'description', 'client_id', 'ticket_id', 'priority', 'assigned_to', 'rrule'] as const;
