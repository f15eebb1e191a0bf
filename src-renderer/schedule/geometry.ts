import type { PlannedRoute } from '../../src-shared/schedule/contract.ts';

const MINUTE = 60_000;

/** Hours that the board shows: whole ones around everything that is planned. */
export function hoursOf(routes: readonly PlannedRoute[], dayStart: number): { from: number; to: number } {
  const moments = routes.flatMap((route) => [route.shift_from, route.shift_to, ...route.stops.flatMap((stop) => [stop.starts_at, stop.ends_at])]).map((moment) => (Date.parse(moment) - dayStart) / (60 * MINUTE));
  if (moments.length === 0) return { from: 8, to: 20 };
  return { from: Math.max(0, Math.floor(Math.min(...moments)) - 1), to: Math.min(30, Math.ceil(Math.max(...moments)) + 1) };
}
