import type { OrganizationStore } from '../store/organization-store.ts';

/** How many remote sessions of these members are open that began after `since` (UTC ISO); an older one was forgotten rather than left running. */
export function countOpenSessions(store: OrganizationStore, members: readonly string[], since: string): number {
  const places = members.map(() => '?').join(', ');
  return store.read.get<{ n: number }>(`SELECT count(*) AS n FROM remote_sessions WHERE ended_at IS NULL AND deleted_at IS NULL AND started_at > ? AND user_id IN (${places})`, since, ...members)?.n ?? 0;
}
