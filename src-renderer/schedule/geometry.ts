import type { PlannedRoute, PlannedStop } from '../../src-shared/schedule/contract.ts';
import { straightLine } from '../../src-shared/schedule/travel.ts';
import type { ScheduleSettings } from '../../src-shared/schedule/model.ts';

const MINUTE = 60_000;

/** Hours that the board shows: whole ones around everything that is planned. */
export function hoursOf(routes: readonly PlannedRoute[], dayStart: number): { from: number; to: number } {
  const moments = routes.flatMap((route) => [route.shift_from, route.shift_to, ...route.stops.flatMap((stop) => [stop.starts_at, stop.ends_at])]).map((moment) => (Date.parse(moment) - dayStart) / (60 * MINUTE));
  if (moments.length === 0) return { from: 8, to: 20 };
  return { from: Math.max(0, Math.floor(Math.min(...moments)) - 1), to: Math.min(30, Math.ceil(Math.max(...moments)) + 1) };
}

export interface Drop {
  /** Minutes of travel that it adds to the engineer's day. */
  addedTravel: number;
  /** By how many minutes this visit, or the next one, would begin before the engineer can be there; 0 = it fits. */
  late: number;
  outsideShift: boolean;
  overlaps: boolean;
}

const travelMinutes = (a: { latitude: number | null; longitude: number | null } | null, b: { latitude: number | null; longitude: number | null } | null, settings: ScheduleSettings): number => {
  if (!a || !b || a.latitude === null || a.longitude === null || b.latitude === null || b.longitude === null) return 0;
  const metres = (straightLine({ latitude: a.latitude, longitude: a.longitude }, { latitude: b.latitude, longitude: b.longitude }) * settings.road_percent) / 100;
  return metres / (settings.speed_kmh / 3.6) / 60;
};

/**
 * What dropping a visit at a moment of an engineer's day would mean: travel before and after it, without the rush hours. A sketch while the
 * hand moves; the plan itself is judged by the core.
 */
export function judgeDrop(route: PlannedRoute, stop: PlannedStop, startsAt: number, settings: ScheduleSettings): Drop {
  const length = Date.parse(stop.ends_at) - Date.parse(stop.starts_at);
  const others = route.stops.filter((one) => one.appointment_id !== stop.appointment_id);
  const endsAt = startsAt + length;
  const overlaps = others.some((one) => startsAt < Date.parse(one.ends_at) && endsAt > Date.parse(one.starts_at));
  const before = others.filter((one) => Date.parse(one.starts_at) < startsAt).at(-1) ?? null;
  const after = others.find((one) => Date.parse(one.starts_at) >= startsAt) ?? null;
  const [from, to] = [before ?? route.base, after ?? route.base];
  const [there, onward, direct] = [travelMinutes(from, stop, settings), travelMinutes(stop, to, settings), travelMinutes(from, to, settings)];
  const buffer = settings.travel_buffer_minutes;
  const free = before ? Date.parse(before.ends_at) : Date.parse(route.shift_from);
  const lateHere = (free + (there + (there > 0 ? buffer : 0)) * MINUTE - startsAt) / MINUTE;
  const lateNext = after ? (endsAt + (onward + (onward > 0 ? buffer : 0)) * MINUTE - Date.parse(after.starts_at)) / MINUTE : 0;
  return { addedTravel: Math.round(there + onward - direct), late: Math.max(0, Math.ceil(Math.max(lateHere, lateNext))), outsideShift: startsAt < Date.parse(route.shift_from) || endsAt > Date.parse(route.shift_to), overlaps };
}

/** Places of routes on a drawing: metres from the south-west corner, north up. */
export function project(routes: readonly PlannedRoute[]): { width: number; height: number; at: (point: { latitude: number; longitude: number }) => { x: number; y: number } } | null {
  const points = routes.flatMap((route) => [...(route.base && route.stops.length > 0 ? [route.base] : []), ...route.stops.flatMap((stop) => (stop.latitude === null || stop.longitude === null ? [] : [{ latitude: stop.latitude, longitude: stop.longitude }]))]);
  if (points.length === 0) return null;
  const [south, north] = [Math.min(...points.map((one) => one.latitude)), Math.max(...points.map((one) => one.latitude))];
  const [west, east] = [Math.min(...points.map((one) => one.longitude)), Math.max(...points.map((one) => one.longitude))];
  // Metres of a degree; the east-west one shrinks towards the poles.
  const metres = 111_320;
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const width = Math.max(500, (east - west) * metres * shrink);
  const height = Math.max(500, (north - south) * metres);
  return { width, height, at: ({ latitude, longitude }) => ({ x: (longitude - west) * metres * shrink, y: (north - latitude) * metres }) };
}
