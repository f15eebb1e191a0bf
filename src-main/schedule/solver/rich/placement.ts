import type { Rng } from '../rng.ts';
import { findGroups, type Groups } from './groups.ts';
import type { Routes } from './routes.ts';
import { NEVER } from './timeline.ts';

const BLINK = 100;
/** A place that is best for one of a group may be bad for the group: the search looks away oftener. */
const LINKED_BLINK = 8;
/** Common starts that are tried for a crew, cheapest first. */
const CREW_STARTS = 24;
const CREW_TURNS = 3;
/** Up to so many jobs nothing is left out by the quick estimate. */
const SMALL = 12;
/** No place is known yet, or none that beats those elsewhere. */
const UNKNOWN = -1;

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
  private readonly seenVersion: Int32Array;
  private readonly seenPos: Int32Array;
  private readonly seenCost: Float64Array;
  private readonly seenTravel: Float64Array;
  private readonly heldJobs: number[] = [];
  private readonly heldLatest: number[] = [];
  shift = -1;
  pos = -1;

  constructor(routes: Routes) {
    const { problem } = routes;
    this.routes = routes;
    this.groups = findGroups(problem);
    const cells = problem.jobs * problem.shifts;
    this.seenVersion = new Int32Array(cells);
    this.seenPos = new Int32Array(cells);
    this.seenCost = new Float64Array(cells);
    this.seenTravel = new Float64Array(cells);
  }

  /** Cost of the cheapest place (`shift`, `pos`), Infinity where there is none. */
  find(job: number, blinks: Rng | null, notVehicle = -1, onPlace?: (start: number, cost: number) => void): number {
    const { routes } = this;
    const p = routes.problem;
    const last = routes.timeline.lastStart(job);
    const linked = this.groups.of[job] !== -1;
    let best = Infinity;
    this.shift = -1;
    for (let shift = 0; shift < p.shifts; shift++) {
      const vehicle = p.shiftVehicle[shift] as number;
      if (p.barred[job * p.vehicles + vehicle] !== 0 || vehicle === notVehicle || (p.shiftFrom[shift] as number) > last || !routes.hasRoom(shift, job)) continue;
      if (linked || p.jobs <= SMALL) best = this.tryAll(shift, job, last, best, blinks, linked ? LINKED_BLINK : BLINK, onPlace);
      else if (!blinks || blinks.below(BLINK) !== 0) best = this.tryRoute(shift, job, last, best);
    }
    return best;
  }

  private tryAll(shift: number, job: number, last: number, before: number, blinks: Rng | null, blink: number, onPlace?: (start: number, cost: number) => void): number {
    const { routes } = this;
    let best = before;
    for (let pos = 0; pos <= (routes.size[shift] as number) && routes.freeBefore(shift, pos) <= last; pos++) {
      if (blinks && blinks.below(blink) === 0) continue;
      let cost = routes.insertion(shift, pos, job);
      if (cost === Infinity) continue;
      cost += routes.vehicleAdds(shift, job, routes.addedTravel);
      onPlace?.(routes.insertedStart, cost);
      onPlace?.(routes.insertedLater, cost);
      if (cost >= best) continue;
      best = cost;
      this.shift = shift;
      this.pos = pos;
    }
    return best;
  }

  /**
   * The best place of one route, remembered for as long as the route stays as it is. Where nothing there beats what was found elsewhere only
   * a bound is known; it is remembered too.
   */
  private tryRoute(shift: number, job: number, last: number, best: number): number {
    const { routes } = this;
    const p = routes.problem;
    const cell = job * p.shifts + shift;
    if (this.seenVersion[cell] !== routes.version[shift]) this.seenPos[cell] = UNKNOWN;
    else if ((this.seenCost[cell] as number) + routes.vehicleAdds(shift, job, this.seenTravel[cell] as number) >= best) return best;
    if (this.seenPos[cell] === UNKNOWN) this.lookThrough(shift, job, last, best - routes.vehicleAdds(shift, job, 0), cell);
    this.seenVersion[cell] = routes.version[shift] as number;
    if ((this.seenPos[cell] as number) < 0) return best;
    const cost = (this.seenCost[cell] as number) + routes.vehicleAdds(shift, job, this.seenTravel[cell] as number);
    if (cost >= best) return best;
    this.shift = shift;
    this.pos = this.seenPos[cell] as number;
    return cost;
  }

  private lookThrough(shift: number, job: number, last: number, limit: number, cell: number): void {
    const { routes } = this;
    const p = routes.problem;
    const vehicle = p.shiftVehicle[shift] as number;
    const size = routes.size[shift] as number;
    const base = shift * routes.stride;
    const place = p.jobLocation[job] as number;
    let from = p.startLocation[shift] as number;
    let least = Infinity;
    let bound = Infinity;
    this.seenPos[cell] = UNKNOWN;
    this.seenTravel[cell] = 0;
    for (let pos = 0; pos <= size && routes.freeBefore(shift, pos) <= last; pos++) {
      const to = (pos < size ? p.jobLocation[routes.jobs[base + pos] as number] : p.endLocation[shift]) as number;
      const travel = this.leastTravel(vehicle, from, place, to, size === 0);
      from = to;
      if (travel >= least) continue;
      if (travel >= limit) {
        bound = Math.min(bound, travel);
        continue;
      }
      const cost = routes.insertion(shift, pos, job);
      if (cost >= least) continue;
      least = cost;
      this.seenPos[cell] = pos;
      this.seenTravel[cell] = routes.addedTravel;
    }
    this.seenCost[cell] = Math.min(least, bound);
    if (bound < least) {
      this.seenPos[cell] = UNKNOWN;
      this.seenTravel[cell] = 0;
    }
  }

  /** A bound of what travel adds; exact where the pace is the same all day. */
  private leastTravel(vehicle: number, from: number, place: number, to: number, empty: boolean): number {
    const { timeline } = this.routes;
    const there = this.leg(vehicle, from, place);
    if (to < 0) return there;
    const gone = empty || from === to ? 0 : timeline.travelCost(vehicle, from, to, timeline.slowest * timeline.lasting(vehicle, from, to));
    return there + this.leg(vehicle, place, to) - gone;
  }

  private leg(vehicle: number, from: number, to: number): number {
    const { timeline } = this.routes;
    return from === to ? 0 : timeline.travelCost(vehicle, from, to, timeline.fastest * timeline.lasting(vehicle, from, to));
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
      if (this.boundByFirsts(unit, blinks, touched)) {
        if (blinks && this.heldJobs.length > 0 && blinks.below(LINKED_BLINK) === 0) this.delay(unit, this.spare(blinks));
        if (unit.length === 1) this.placeOne(unit[0] as number, blinks, touched);
        else this.placeCrew(unit[0] as number, unit[1] as number, blinks, touched);
      }
      const placed = (this.routes.shiftOf[unit[0] as number] as number) >= 0;
      for (let at = this.heldJobs.length - 1; at >= 0; at--) this.routes.timeline.latest[this.heldJobs[at] as number] = this.heldLatest[at] as number;
      if (placed) this.bindFirsts(unit);
      else this.loosen(unit);
      for (const first of this.heldJobs) this.routes.refresh(this.routes.shiftOf[first] as number);
    }
  }

  private delay(unit: readonly number[], by: number): void {
    for (const job of unit) if (this.routes.timeline.release[job] !== -NEVER) this.routes.timeline.release[job] = (this.routes.timeline.release[job] as number) + by;
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
    let from = release;
    for (let turn = 0; turn < CREW_TURNS; turn++) {
      timeline.release[a] = timeline.release[b] = from;
      let both = from;
      for (const one of [a, b]) {
        let first = NEVER;
        this.find(one, null, -1, (start, cost) => {
          first = Math.min(first, start);
          note(start, cost);
        });
        both = Math.max(both, first);
      }
      if (both === from || both === NEVER) break;
      from = both;
    }
    if (blinks && starts.size > 0 && blinks.below(LINKED_BLINK) === 0) {
      const later = [...starts.keys()][blinks.below(starts.size)] as number;
      note(later + this.spare(blinks), -Infinity);
    }
    if (starts.size > 0) for (const moment of this.ownMoments([a, b], release)) note(moment, Number.MAX_VALUE);
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

  /** Moments that mean something to jobs by themselves: where their windows and promises begin, where promises end, and what people were told. */
  private ownMoments(jobs: readonly number[], from: number): number[] {
    const { windowAt, windowFrom, promiseAt, promiseFrom, promiseTo, presentCost, presentStart, deadline, service } = this.routes.problem;
    const found = jobs.flatMap((job) => [
      ...windowFrom.subarray(windowAt[job], windowAt[job + 1]),
      ...promiseFrom.subarray(promiseAt[job], promiseAt[job + 1]),
      ...promiseTo.subarray(promiseAt[job], promiseAt[job + 1]),
      ...((presentCost[job] as number) > 0 ? [presentStart[job] as number] : []),
      (deadline[job] as number) - (service[job] as number),
    ]);
    return found.filter((moment) => moment > from && moment < NEVER);
  }

  /** Time that some other job may need: left free before linked jobs now and then, so that it can come between. */
  private spare(rng: Rng): number {
    const { jobs, service, jobLocation, travelTime, locations } = this.routes.problem;
    const [job, near] = [rng.below(jobs), rng.below(jobs)];
    return (service[job] as number) + rng.below(2) * (travelTime[(jobLocation[job] as number) * locations + (jobLocation[near] as number)] as number);
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
  private boundByFirsts(unit: readonly number[], blinks: Rng | null, touched: (shift: number) => void): boolean {
    const { problem, timeline, shiftOf } = this.routes;
    for (const job of unit) {
      for (const [link, second] of problem.orderSecond.entries()) {
        if (second !== job) continue;
        const first = problem.orderFirst[link] as number;
        if ((shiftOf[first] as number) < 0) return false;
        this.heldJobs.push(first);
        this.heldLatest.push(timeline.latest[first] as number);
        const end = this.hold(first, blinks !== null && blinks.below(LINKED_BLINK) === 0, touched);
        timeline.release[job] = Math.max(timeline.release[job] as number, end + (problem.orderGap[link] as number));
      }
    }
    return true;
  }

  /** Forbids a placed job to begin later than now, in its earlier state where the route allows that; the end of its service. */
  private hold(job: number, later: boolean, touched: (shift: number) => void): number {
    const { problem, timeline, shiftOf } = this.routes;
    const shift = shiftOf[job] as number;
    const { earliest, latest } = this.routes.endsOf(job);
    const before = timeline.latest[job] as number;
    touched(shift);
    for (const end of later || earliest === latest ? [latest] : [earliest, latest]) {
      timeline.latest[job] = Math.min(before, end - (problem.service[job] as number));
      if (this.routes.refresh(shift)) return end;
    }
    return latest;
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
        const border = Math.max(timeline.release[job] as number, start - Math.floor((start - gap - this.routes.endsOf(first).latest) / 2));
        timeline.release[job] = border;
        timeline.latest[first] = Math.min(timeline.latest[first] as number, border - gap - (problem.service[first] as number));
      }
    }
  }
}
