import type { Rng } from '../rng.ts';
import { findGroups, type Groups } from './groups.ts';
import type { Routes } from './routes.ts';
import { NEVER } from './timeline.ts';

const BLINK = 100;
/** Common starts that are tried for a crew, cheapest first. */
const CREW_STARTS = 24;
/** Up to so many jobs nothing is left out by the quick estimate. */
const SMALL = 12;

interface Place {
  shift: number;
  pos: number;
  cost: number;
}

/**
 * Puts jobs where they add least. A place is left out at once where the vehicle may not, has no room, is free too late or where travel alone
 * already costs more than the best; the rest is reckoned through exactly.
 *
 * Links between routes become bounds of the jobs' starts while they stand in routes: a crew's common start, and for a precedence a moment
 * that the first is over by and the second does not begin before. So every route can be judged alone.
 */
export class Placement {
  readonly groups: Groups;
  private readonly routes: Routes;
  private readonly lastStart: Int32Array;
  /** Shortest time of travel of all hours against the table's, and longest. */
  private readonly fastest: number;
  private readonly slowest: number;
  private readonly heldJobs: number[] = [];
  private readonly heldLatest: number[] = [];
  shift = -1;
  pos = -1;

  constructor(routes: Routes) {
    const { problem } = routes;
    this.routes = routes;
    this.groups = findGroups(problem);
    this.lastStart = Int32Array.from({ length: problem.jobs }, (_, job) => problem.windowTo[(problem.windowAt[job + 1] as number) - 1] as number);
    this.fastest = problem.stepFactor.reduce((least, factor) => Math.min(least, factor / 1000), 1);
    this.slowest = problem.stepFactor.reduce((most, factor) => Math.max(most, factor / 1000), 1);
  }

  /** Cost of the cheapest place (`shift`, `pos`), Infinity where there is none. */
  find(job: number, blinks: Rng | null, notVehicle = -1, onPlace?: (start: number, cost: number) => void): number {
    const { routes } = this;
    const p = routes.problem;
    const last = Math.min(this.lastStart[job] as number, routes.timeline.latest[job] as number);
    const small = p.jobs <= SMALL || onPlace !== undefined;
    const place = p.jobLocation[job] as number;
    let best = Infinity;
    this.shift = -1;
    for (let shift = 0; shift < p.shifts; shift++) {
      const vehicle = p.shiftVehicle[shift] as number;
      if (p.barred[job * p.vehicles + vehicle] !== 0 || vehicle === notVehicle || (p.shiftFrom[shift] as number) > last || !routes.hasRoom(shift, job)) continue;
      const assign = (p.assignCost[job * p.vehicles + vehicle] as number) + (routes.carried[vehicle] === 0 ? (p.fixedCost[vehicle] as number) : 0);
      const size = routes.size[shift] as number;
      const base = shift * routes.stride;
      let from = p.startLocation[shift] as number;
      for (let pos = 0; pos <= size; pos++) {
        if (routes.freeBefore(shift, pos) > last) break;
        const to = (pos < size ? p.jobLocation[routes.jobs[base + pos] as number] : p.endLocation[shift]) as number;
        const least = small ? -Infinity : assign + this.leastTravel(vehicle, from, place, to, size === 0);
        from = to;
        if (least >= best || (blinks && blinks.below(BLINK) === 0)) continue;
        let cost = routes.insertion(shift, pos, job);
        if (cost === Infinity) continue;
        cost += routes.vehicleAdds(shift, job, routes.addedTravel);
        onPlace?.(routes.insertedStart, cost);
        if (cost >= best) continue;
        best = cost;
        this.shift = shift;
        this.pos = pos;
      }
    }
    return best;
  }

  /** A bound of what travel adds; exact where the pace is the same all day. */
  private leastTravel(vehicle: number, from: number, place: number, to: number, empty: boolean): number {
    const { timeline } = this.routes;
    const there = this.leg(vehicle, from, place, this.fastest);
    if (to < 0) return there;
    const gone = empty || from === to ? 0 : timeline.travelCost(vehicle, from, to, this.slowest * timeline.lasting(vehicle, from, to));
    return there + this.leg(vehicle, place, to, this.fastest) - gone;
  }

  private leg(vehicle: number, from: number, to: number, pace: number): number {
    const { timeline } = this.routes;
    return from === to ? 0 : timeline.travelCost(vehicle, from, to, pace * timeline.lasting(vehicle, from, to));
  }

  /** Puts a job that stands alone, or its whole group, where that is cheaper than leaving it out. `touched` is told the routes that change. */
  place(job: number, blinks: Rng | null, touched: (shift: number) => void): void {
    const group = this.groups.of[job] as number;
    if (group < 0) {
      this.placeOne(job, blinks, touched);
      return;
    }
    for (const unit of this.groups.units[group] ?? []) {
      if (unit.some((one) => (this.routes.shiftOf[one] as number) >= 0)) continue;
      this.heldJobs.length = this.heldLatest.length = 0;
      if (this.boundByFirsts(unit)) {
        if (unit.length === 1) this.placeOne(unit[0] as number, blinks, touched);
        else this.placeCrew(unit[0] as number, unit[1] as number, blinks, touched);
      }
      const placed = (this.routes.shiftOf[unit[0] as number] as number) >= 0;
      for (let at = this.heldJobs.length - 1; at >= 0; at--) this.routes.timeline.latest[this.heldJobs[at] as number] = this.heldLatest[at] as number;
      if (placed) this.bindFirsts(unit);
      else this.loosen(unit);
    }
  }

  /** Forgets the bounds of jobs that stand in no route. */
  loosen(jobs: readonly number[]): void {
    for (const job of jobs) {
      this.routes.timeline.release[job] = -NEVER;
      this.routes.timeline.latest[job] = NEVER;
    }
  }

  private placeOne(job: number, blinks: Rng | null, touched: (shift: number) => void): void {
    const cost = this.find(job, blinks);
    if (this.shift < 0 || cost >= (this.routes.problem.unservedCost[job] as number)) return;
    touched(this.shift);
    this.routes.insert(this.shift, this.pos, job);
  }

  /** The earliest common start of two is where one of them would begin by itself: those moments are tried, cheapest first. */
  private placeCrew(a: number, b: number, blinks: Rng | null, touched: (shift: number) => void): void {
    const { timeline, problem } = this.routes;
    const release = Math.max(timeline.release[a] as number, timeline.release[b] as number);
    const starts = new Map<number, number>();
    const note = (start: number, cost: number): void => void starts.set(start, Math.min(cost, starts.get(start) ?? Infinity));
    timeline.release[a] = timeline.release[b] = release;
    this.find(a, null, -1, note);
    this.find(b, null, -1, note);
    const tried = [...starts].toSorted(([s, x], [t, y]) => x - y || s - t).slice(0, problem.jobs <= SMALL ? starts.size : CREW_STARTS);
    let best = (problem.unservedCost[a] as number) + (problem.unservedCost[b] as number);
    let chosen: { start: number; first: Place; second: Place } | null = null;
    for (const [start] of tried) {
      this.fix([a, b], start);
      for (const [one, other] of [[a, b], [b, a]] as const) {
        const first = this.placeOf(one, blinks, -1);
        if (first.cost >= best) continue;
        const second = this.placeOf(other, blinks, problem.shiftVehicle[first.shift] as number);
        if (first.cost + second.cost >= best) continue;
        best = first.cost + second.cost;
        chosen = one === a ? { start, first, second } : { start, first: second, second: first };
      }
    }
    this.loosen([a, b]);
    if (!chosen) return;
    this.fix([a, b], chosen.start);
    touched(chosen.first.shift);
    touched(chosen.second.shift);
    const { shift, pos } = chosen.first;
    if (!this.routes.insert(shift, pos, a)) return;
    if (!this.routes.insert(chosen.second.shift, chosen.second.pos, b)) this.routes.remove(a);
  }

  private placeOf(job: number, blinks: Rng | null, notVehicle: number): Place {
    const cost = this.find(job, blinks, notVehicle);
    return { shift: this.shift, pos: this.pos, cost };
  }

  private fix(jobs: readonly number[], start: number): void {
    for (const job of jobs) {
      this.routes.timeline.release[job] = start;
      this.routes.timeline.latest[job] = start;
    }
  }

  /** Lets a unit begin after its predecessors, which may not move meanwhile; false where one of them has no place. */
  private boundByFirsts(unit: readonly number[]): boolean {
    const { problem, timeline, shiftOf } = this.routes;
    for (const job of unit) {
      for (const [link, second] of problem.orderSecond.entries()) {
        if (second !== job) continue;
        const first = problem.orderFirst[link] as number;
        if ((shiftOf[first] as number) < 0) return false;
        const end = this.routes.endsOf(first).latest;
        timeline.release[job] = Math.max(timeline.release[job] as number, end + (problem.orderGap[link] as number));
        this.heldJobs.push(first);
        this.heldLatest.push(timeline.latest[first] as number);
        timeline.latest[first] = Math.min(timeline.latest[first] as number, end - (problem.service[first] as number));
      }
    }
    return true;
  }

  /** Shares the time between a placed unit and its predecessors. */
  private bindFirsts(unit: readonly number[]): void {
    const { problem, timeline } = this.routes;
    for (const job of unit) {
      for (const [link, second] of problem.orderSecond.entries()) {
        if (second !== job) continue;
        const first = problem.orderFirst[link] as number;
        const gap = problem.orderGap[link] as number;
        const start = this.routes.endsOf(job).earliest - (problem.service[job] as number);
        const border = Math.max(timeline.release[job] as number, Math.floor((this.routes.endsOf(first).latest + gap + start) / 2));
        timeline.release[job] = border;
        timeline.latest[first] = Math.min(timeline.latest[first] as number, border - gap - (problem.service[first] as number));
      }
    }
  }
}
