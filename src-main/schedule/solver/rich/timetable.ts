import type { Problem } from '../problem.ts';
import { LUNCH, NEVER, type Timeline } from './timeline.ts';

/** A stop of a route with its moments; `from` is where the way to it begins. */
export interface Stop {
  job: number;
  departure: number;
  arrival: number;
  start: number;
  end: number;
  travelTime: number;
  distance: number;
}

/** A route reckoned through with the break at its best place. */
export interface Timetable {
  stops: Stop[];
  departure: number;
  finish: number;
  lunchStart: number | null;
  overtime: number;
  travelTime: number;
  distance: number;
  service: number;
  travelCost: number;
  /** Travel, overtime and all that the starts cost. */
  cost: number;
}

/** Tries the break at every place of the route; null where none keeps the rules. */
export function timetableOf(timeline: Timeline, shift: number, jobs: readonly number[]): Timetable | null {
  let best: { at: number; lunch: number; cost: number } | null = null;
  const consider = (at: number, lunch: number): void => {
    const cost = walk(timeline, shift, jobs, at, lunch, null);
    if (cost < (best?.cost ?? Infinity)) best = { at, lunch, cost };
  };
  consider(-1, LUNCH.none);
  if ((timeline.problem.lunchLength[shift] as number) > 0) {
    for (let at = 0; at <= jobs.length; at++) {
      if (at < jobs.length) consider(at, LUNCH.onArrival);
      if (jobs.length > 0) consider(at, LUNCH.beforeLeaving);
    }
  }
  const chosen = best as { at: number; lunch: number; cost: number } | null;
  if (!chosen) return null;
  const table = blank(timeline.problem, shift);
  table.cost = walk(timeline, shift, jobs, chosen.at, chosen.lunch, table);
  return table;
}

const blank = ({ shiftFrom }: Problem, shift: number): Timetable => ({
  stops: [],
  departure: shiftFrom[shift] as number,
  finish: shiftFrom[shift] as number,
  lunchStart: null,
  overtime: 0,
  travelTime: 0,
  distance: 0,
  service: 0,
  travelCost: 0,
  cost: 0,
});

/** Cost of a route with the break on a given leg, Infinity where that breaks a rule; writes the moments into `table` where there is one. */
function walk(timeline: Timeline, shift: number, jobs: readonly number[], lunchAt: number, lunch: number, table: Timetable | null): number {
  const p = timeline.problem;
  if (jobs.length === 0) return 0;
  const vehicle = p.shiftVehicle[shift] as number;
  const note = (from: number, to: number): void => {
    if (!table) return;
    table.travelTime += timeline.travel;
    if (from !== to) {
      table.distance += p.distance[from * p.locations + to] as number;
      table.travelCost += timeline.travelCost(vehicle, from, to, timeline.travel);
    }
    if (timeline.lunch >= 0) table.lunchStart = timeline.lunch;
  };
  let from = p.startLocation[shift] as number;
  let free = p.shiftFrom[shift] as number;
  let cost = 0;
  for (const [pos, job] of jobs.entries()) {
    timeline.leg(shift, from, free, pos === 0, job, pos === lunchAt ? lunch : LUNCH.none);
    if (timeline.end === NEVER) return Infinity;
    const to = p.jobLocation[job] as number;
    cost += timeline.cost;
    note(from, to);
    if (table) {
      if (pos === 0) table.departure = timeline.departure;
      table.service += p.service[job] as number;
      table.stops.push({ job, departure: timeline.departure, arrival: timeline.arrival, start: timeline.start, end: timeline.end, travelTime: timeline.travel, distance: from === to ? 0 : (p.distance[from * p.locations + to] as number) });
    }
    free = timeline.end;
    from = to;
  }
  const taken = (p.lunchLength[shift] as number) === 0 || (lunchAt >= 0 && lunchAt < jobs.length);
  timeline.home(shift, from, free, lunchAt === jobs.length ? lunch : LUNCH.none, taken);
  if (timeline.end === NEVER) return Infinity;
  const end = p.endLocation[shift] as number;
  note(from, end < 0 ? from : end);
  if (table) {
    table.finish = timeline.end;
    table.overtime = Math.max(0, timeline.end - (p.shiftTo[shift] as number));
  }
  return cost + timeline.cost + timeline.overtimeOf(shift, timeline.end);
}
