import type { Problem } from '../problem.ts';
import type { CostParts, PlannedRoute } from '../result.ts';
import type { RichStart } from './search.ts';
import { NEVER, Timeline } from './timeline.ts';
import { timetableOf, type Stop, type Timetable } from './timetable.ts';

/** A plan with all moments; `release` and `latest` are what links leave to each job. */
export interface Scheduled {
  routes: readonly (readonly number[])[];
  tables: Timetable[];
  release: Int32Array;
  latest: Int32Array;
  cost: CostParts;
}

const SETTLING = 1000;
/** First step by which a crew's start is moved, in units of time; a power of two. */
const FIRST_STEP = 2048;
const SAME = 1e-9;

/** Reckons all routes through with given bounds; null where one breaks a rule or a link does not hold. */
function reckon(problem: Problem, routes: readonly (readonly number[])[], release: Int32Array, latest: Int32Array): Scheduled | null {
  const timeline = new Timeline(problem);
  timeline.release.set(release);
  timeline.latest.set(latest);
  const tables: Timetable[] = [];
  for (const [shift, jobs] of routes.entries()) {
    const table = timetableOf(timeline, shift, jobs);
    if (!table) return null;
    tables.push(table);
  }
  return { routes, tables, release, latest, cost: costOf(problem, timeline, routes, tables) };
}

const stopsOf = (tables: readonly Timetable[]): Map<number, Stop> => new Map(tables.flatMap(({ stops }) => stops.map((stop) => [stop.job, stop])));

/** Whether crews begin at once and precedences hold, as far as both jobs of a link stand in routes. */
function linksHold(problem: Problem, tables: readonly Timetable[]): boolean {
  const stops = stopsOf(tables);
  for (const [job, stop] of stops) {
    const mate = stops.get(problem.crewMate[job] as number);
    if (mate && mate.start !== stop.start) return false;
  }
  return problem.orderFirst.every((first, link) => {
    const second = stops.get(problem.orderSecond[link] as number);
    const before = stops.get(first);
    return !second || !before || before.end + (problem.orderGap[link] as number) <= second.start;
  });
}

/**
 * The earliest moments that keep all links, found by pushing the later half of a broken link until nothing moves; null where that has no end.
 * `pinned`: moments at which jobs begin.
 */
function earliest(problem: Problem, routes: readonly (readonly number[])[], pinned: ReadonlyMap<number, number> = new Map()): Scheduled | null {
  const release = new Int32Array(problem.jobs).fill(-NEVER);
  const latest = new Int32Array(problem.jobs).fill(NEVER);
  for (const [job, moment] of pinned) release[job] = latest[job] = moment;
  for (let turn = 0; turn < SETTLING; turn++) {
    const found = reckon(problem, routes, release, latest);
    if (!found) return null;
    if (linksHold(problem, found.tables)) return found;
    const stops = stopsOf(found.tables);
    for (const [job, stop] of stops) {
      const mate = stops.get(problem.crewMate[job] as number);
      if (mate) release[job] = Math.max(release[job] as number, stop.start, mate.start);
    }
    for (const [link, first] of problem.orderFirst.entries()) {
      const second = problem.orderSecond[link] as number;
      const before = stops.get(first);
      if (before && stops.has(second)) release[second] = Math.max(release[second] as number, before.end + (problem.orderGap[link] as number));
    }
  }
  return null;
}

/** Moves the common starts of crews, one crew after the other by ever smaller steps, as long as that makes the plan cheaper. */
function settleCrews(problem: Problem, begin: Scheduled): Scheduled {
  let best = begin;
  const stops = stopsOf(begin.tables);
  const crews = [...stops.keys()].flatMap((job) => ((problem.crewMate[job] as number) > job && stops.has(problem.crewMate[job] as number) ? [[job, problem.crewMate[job] as number]] : []));
  const pinned = new Map(crews.flat().map((job) => [job, stops.get(job)?.start ?? 0]));
  for (let step = FIRST_STEP; step >= 1; step /= 2) {
    for (const crew of crews) {
      for (const by of [-step, step]) {
        const moved = new Map([...pinned, ...crew.map((job) => [job, (pinned.get(job) ?? 0) + by] as const)]);
        const found = earliest(problem, begin.routes, moved);
        if (!found || found.cost.total >= best.cost.total - SAME) continue;
        best = found;
        for (const job of crew) pinned.set(job, moved.get(job) ?? 0);
        break;
      }
    }
  }
  return best;
}

/**
 * A plan of the search as a timetable: of the search's own bounds and the earliest moments that links allow, what is cheaper; crews at their best
 * moment.
 * @throws Error where the plan breaks a rule, which is a fault of the search
 */
export function schedule(problem: Problem, plan: Required<RichStart>): Scheduled {
  const linked = problem.orderFirst.length > 0 || problem.crewMate.some((mate) => mate >= 0);
  const own = reckon(problem, plan.routes, plan.release, plan.latest);
  const kept = own && linksHold(problem, own.tables) ? own : null;
  const settled = linked ? earliest(problem, plan.routes) : null;
  const found = settled && (!kept || settled.cost.total < kept.cost.total) ? settled : kept;
  if (!found) throw new Error('the plan of the search breaks a rule');
  return settleCrews(problem, found);
}

function costOf(problem: Problem, timeline: Timeline, routes: readonly (readonly number[])[], tables: readonly Timetable[]): CostParts {
  const parts = { unserved: 0, promise: 0, overtime: 0, travel: 0, fairness: 0, change: 0 };
  const served = new Uint8Array(problem.jobs);
  const work = new Float64Array(problem.vehicles);
  const used = new Uint8Array(problem.vehicles);
  for (const [shift, jobs] of routes.entries()) {
    const table = tables[shift] as Timetable;
    const vehicle = problem.shiftVehicle[shift] as number;
    if (jobs.length > 0) used[vehicle] = 1;
    work[vehicle] = (work[vehicle] as number) + table.travelTime + table.service;
    parts.travel += table.travelCost;
    parts.overtime += table.overtime * (problem.overtimeCost[shift] as number);
    for (const { job, start } of table.stops) {
      served[job] = 1;
      const moved = (problem.presentVehicle[job] as number) >= 0 && problem.presentVehicle[job] !== vehicle ? (problem.moveCost[job] as number) : 0;
      const shifted = timeline.presentCostOf(job, start);
      parts.change += moved + shifted;
      parts.promise += (problem.assignCost[job * problem.vehicles + vehicle] as number) - moved + timeline.jobCost(job, start) - shifted;
    }
  }
  for (let job = 0; job < problem.jobs; job++) if (served[job] === 0) parts.unserved += problem.unservedCost[job] as number;
  for (let vehicle = 0; vehicle < problem.vehicles; vehicle++) {
    if (used[vehicle] === 1) parts.travel += problem.fixedCost[vehicle] as number;
    parts.fairness += problem.weights.fairness * ((work[vehicle] as number) / problem.fairnessUnit) ** 2;
  }
  return { ...parts, total: parts.unserved + parts.promise + parts.overtime + parts.travel + parts.fairness + parts.change };
}

/** The routes as a caller reads them, in the order of shifts; those without jobs are left out. */
export function plannedRoutes(problem: Problem, { tables }: Scheduled): PlannedRoute[] {
  const timeline = new Timeline(problem);
  return tables.flatMap((table, shift) => {
    if (table.stops.length === 0) return [];
    const { departure, finish, lunchStart, overtime, travelTime, distance } = table;
    const stops = table.stops.map(({ job, ...stop }) => ({
      job: problem.jobKeys[job] as string,
      ...stop,
      promiseMissed: timeline.promiseMissed(job, stop.start),
      deadlineMissed: Math.max(0, stop.end - (problem.deadline[job] as number)),
    }));
    return [{ shift: problem.shiftKeys[shift] as string, vehicle: problem.vehicleKeys[problem.shiftVehicle[shift] as number] as string, stops, departure, finish, lunchStart, overtime, travelTime, distance }];
  });
}
