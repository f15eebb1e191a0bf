import { BARRED, type Problem } from '../problem.ts';
import type { Fit, Unassigned, UnassignedReason } from '../result.ts';
import { findGroups } from './groups.ts';
import { Routes } from './routes.ts';
import type { Scheduled } from './schedule.ts';
import { NEVER } from './timeline.ts';
import { timetableOf, type Stop } from './timetable.ts';

const MOST_FITS = 3;
const UNLIMITED = 2_000_000_000;
const FOREVER = 1_000_000_000;
const BARS = [
  ['skill', BARRED.skill],
  ['excluded', BARRED.excluded],
  ['notRequired', BARRED.notRequired],
  ['noShift', BARRED.noShift],
  ['capacity', BARRED.capacity],
] as const satisfies readonly (readonly [UnassignedReason, number])[];

/** Ways of putting jobs into a finished plan, with its rules and with bent ones. */
export class Fitting {
  private readonly problem: Problem;
  private readonly plan: Scheduled;
  private readonly strict: Routes;
  private readonly bent: Routes;
  private readonly stops: Map<number, Stop>;
  private readonly vehicleOf: Map<number, number>;

  constructor(problem: Problem, plan: Scheduled) {
    this.problem = problem;
    this.plan = plan;
    this.strict = load(problem, plan);
    const bent = { ...problem, shiftLatest: longerShifts(problem), windowTo: problem.windowTo.slice(), capacity: new Int32Array(problem.capacity.length).fill(UNLIMITED) };
    this.bent = load(bent, plan, problem.shiftLatest);
    this.stops = new Map(plan.tables.flatMap(({ stops }) => stops.map((stop) => [stop.job, stop])));
    this.vehicleOf = new Map(plan.routes.flatMap((route, shift) => route.map((job) => [job, problem.shiftVehicle[shift] as number])));
  }

  /**
   * The best way to fit a job into each shift that may do it: first those that bend nothing, then by how much gives way, then by cost. A job
   * whose crew mate or predecessor has no place is fitted as if it stood alone.
   */
  fits(job: number, most: number): Fit[] {
    const found: Fit[] = [];
    const mate = this.stops.get(this.problem.crewMate[job] as number);
    for (let shift = 0; shift < this.problem.shifts; shift++) {
      if (mate && this.vehicleOf.get(mate.job) === this.problem.shiftVehicle[shift]) continue;
      const fit = this.within(this.strict, job, shift) ?? this.within(this.bent, job, shift);
      if (fit) found.push(fit);
    }
    return found.sort((a, b) => Math.sign(a.relax.length) - Math.sign(b.relax.length) || a.extraOvertime + a.lateness - b.extraOvertime - b.lateness || a.addedCost - b.addedCost).slice(0, most);
  }

  /** Why a job has no place. */
  reason(job: number, fits: readonly Fit[]): UnassignedReason {
    const { problem } = this;
    const bars = problem.barred.subarray(job * problem.vehicles, (job + 1) * problem.vehicles);
    if (problem.vehicles === 0) return 'noShift';
    if (bars.every((bits) => bits !== 0)) {
      const counted = BARS.map(([name, bit]) => ({ name, count: bars.reduce((sum, bits) => sum + ((bits & bit) === 0 ? 0 : 1), 0) }));
      return counted.toSorted((a, b) => b.count - a.count)[0]?.name ?? 'skill';
    }
    if (fits.some(({ relax }) => relax.length === 0)) return this.waitsForOthers(job) ? 'link' : 'cost';
    if (!this.reachable(job)) return 'window';
    const roomy = [...bars].some((bits, vehicle) => bits === 0 && this.strict.hasRoom(problem.shiftVehicle.indexOf(vehicle), job));
    return roomy ? 'time' : 'capacity';
  }

  /** Whether a crew mate or a predecessor of the job has no place either. */
  private waitsForOthers(job: number): boolean {
    const { crewMate, orderFirst, orderSecond } = this.problem;
    const mate = crewMate[job] as number;
    return (mate >= 0 && !this.stops.has(mate)) || orderSecond.some((second, link) => second === job && !this.stops.has(orderFirst[link] as number));
  }

  /** Whether an otherwise empty shift could do the job. */
  private reachable(job: number): boolean {
    const { problem, strict } = this;
    for (let shift = 0; shift < problem.shifts; shift++) {
      if (problem.barred[job * problem.vehicles + (problem.shiftVehicle[shift] as number)] === 0 && timetableOf(strict.timeline, shift, [job])) return true;
    }
    return false;
  }

  private within(routes: Routes, job: number, shift: number): Fit | null {
    const { problem } = this;
    const vehicle = problem.shiftVehicle[shift] as number;
    const full = !this.strict.hasRoom(shift, job);
    if (problem.barred[job * problem.vehicles + vehicle] !== 0 || !routes.hasRoom(shift, job)) return null;
    const windowEnd = (problem.windowAt[job + 1] as number) - 1;
    const last = problem.windowTo[windowEnd] as number;
    const bent = routes === this.bent;
    if (bent) routes.problem.windowTo[windowEnd] = FOREVER;
    const mate = this.stops.get(problem.crewMate[job] as number);
    routes.timeline.release[job] = mate?.start ?? this.releaseOf(job);
    if (mate) routes.timeline.latest[job] = mate.start;
    let chosen = -1;
    let least = [Infinity, Infinity];
    for (let pos = 0; pos <= (routes.size[shift] as number); pos++) {
      const cost = routes.insertion(shift, pos, job);
      if (cost === Infinity) continue;
      const over = Math.max(0, routes.finish - (problem.shiftLatest[shift] as number));
      const late = Math.max(0, routes.insertedStart - last);
      const rank = [over + late, cost + routes.vehicleAdds(shift, job, routes.addedTravel)];
      if (!before(rank, least)) continue;
      least = rank;
      chosen = pos;
    }
    const fit = chosen < 0 ? null : this.describe(routes, job, shift, chosen, last, full);
    routes.timeline.release[job] = -NEVER;
    routes.timeline.latest[job] = NEVER;
    if (bent) routes.problem.windowTo[windowEnd] = last;
    return fit;
  }

  /** First moment after all predecessors that stand in routes. */
  private releaseOf(job: number): number {
    const { orderFirst, orderSecond, orderGap } = this.problem;
    let release = -NEVER;
    for (const [link, first] of orderFirst.entries()) {
      const stop = orderSecond[link] === job ? this.stops.get(first) : undefined;
      if (stop) release = Math.max(release, stop.end + (orderGap[link] as number));
    }
    return release;
  }

  private describe(routes: Routes, job: number, shift: number, position: number, last: number, full: boolean): Fit | null {
    const { problem } = this;
    const table = timetableOf(routes.timeline, shift, (this.plan.routes[shift] ?? []).toSpliced(position, 0, job));
    const old = this.plan.tables[shift];
    const stop = table?.stops[position];
    if (!table || !old || !stop) return null;
    const extraOvertime = Math.max(0, table.finish - (problem.shiftLatest[shift] as number));
    const lateness = Math.max(0, stop.start - last);
    const addedTravelTime = table.travelTime - old.travelTime;
    return {
      shift: problem.shiftKeys[shift] as string,
      vehicle: problem.vehicleKeys[problem.shiftVehicle[shift] as number] as string,
      position,
      start: stop.start,
      relax: [...(extraOvertime > 0 ? (['overtime'] as const) : []), ...(lateness > 0 ? (['window'] as const) : []), ...(full ? (['capacity'] as const) : [])],
      extraOvertime,
      lateness,
      addedTravelTime,
      addedDistance: table.distance - old.distance,
      addedCost: table.cost - old.cost + this.strict.vehicleAdds(shift, job, addedTravelTime),
    };
  }
}

function before(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] as number) < (b[at] as number);
}

/** The plan in routes of its own, with its links as bounds: what stands may move within them only. */
function load(problem: Problem, plan: Scheduled, patience = problem.shiftLatest): Routes {
  const routes = new Routes(problem, patience);
  const { of } = findGroups(problem);
  for (const { stops } of plan.tables) {
    for (const { job, start } of stops) if (of[job] !== -1) routes.timeline.release[job] = routes.timeline.latest[job] = start;
  }
  for (const [shift, jobs] of plan.routes.entries()) {
    if (jobs.length > 0 && !routes.fill(shift, jobs, 0, jobs.length)) throw new Error('the plan breaks a rule');
  }
  return routes;
}

/** Ends of shifts when overtime may last as long again as the shift, but not into the vehicle's next one. */
function longerShifts(problem: Problem): Int32Array {
  return problem.shiftLatest.map((latest, shift) => {
    const next = problem.shiftFrom.filter((from, other) => problem.shiftVehicle[other] === problem.shiftVehicle[shift] && from >= latest);
    return Math.min(latest + latest - (problem.shiftFrom[shift] as number), ...next);
  });
}

/** All jobs without a place, with the reason and the cheapest ways to fit them. */
export function explain(problem: Problem, plan: Scheduled): Unassigned[] {
  const placed = new Set(plan.routes.flat());
  if (placed.size === problem.jobs) return [];
  const fitting = new Fitting(problem, plan);
  return problem.jobKeys.flatMap((key, job) => {
    if (placed.has(job)) return [];
    const fits = fitting.fits(job, MOST_FITS);
    return [{ job: key, reason: fitting.reason(job, fits), fits }];
  });
}
