import type { TicketStatus } from './model.ts';

/**
 * Moments that follow from a new status: resolving stamps `resolved_at` and closing both, while reopening clears them. A ticket closed
 * after it was resolved keeps the moment of its resolution.
 */
export function stateTimes(status: TicketStatus, now: string, resolvedAt: string | null): { resolved_at: string | null; closed_at: string | null } {
  if (status === 'resolved') return { resolved_at: now, closed_at: null };
  if (status === 'closed') return { resolved_at: resolvedAt ?? now, closed_at: now };
  return { resolved_at: null, closed_at: null };
}
