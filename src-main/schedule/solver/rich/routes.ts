import type { Problem } from '../problem.ts';
import { LUNCH, NEVER, Timeline } from './timeline.ts';
import { timetableOf } from './timetable.ts';

const SAME = 1e-9;
/** Up to so many jobs every place of the break is tried. */
const SMALL = 12;

/**
 * Routes of all shifts with what is known after each stop, in two states: break still to come, and break taken. Of two ways into a state the
 * earlier one is kept. A shift without a break begins in the second state.
 */
export class Routes {
  readonly problem: Problem;
  readonly timeline: Timeline;
  readonly stride: number;
  readonly jobs: Int32Array;
  readonly size: Int32Array;
  readonly shiftOf: Int32Array;
  readonly posOf: Int32Array;
  /** What each vehicle carries, and how many jobs it has. */
  readonly load: Int32Array;
  readonly carried: Int32Array;
  readonly cost: Float64Array;
  readonly work: Float64Array;
  private readonly ownWork: Float64Array;
  private readonly exact: boolean;
  private closedTravel = 0;
  /** Stamp of each route's content; equal stamps are equal routes. */
  readonly version: Int32Array;
  private stamp = 0;
  /** Start of a stop after which the rest is surely late. */
  private readonly lateAt: Int32Array;
  /** State after a stop: free at, cost and travel so far; 0 = break to come, 1 = taken. */
  private readonly free0: Int32Array;
  private readonly free1: Int32Array;
  private readonly cost0: Float64Array;
  private readonly cost1: Float64Array;
  private readonly travel0: Float64Array;
  private readonly travel1: Float64Array;
  private t0 = 0;
  private t1 = 0;
  private c0 = 0;
  private c1 = 0;
  private w0 = 0;
  private w1 = 0;
  /** After `insertion`: begin of the job's service in the earlier and in the later state, and travel added. */
  insertedStart = 0;
  insertedLater = 0;
  addedTravel = 0;
  /** And end of work; -NEVER where that stays as it is. */
  finish = 0;

  constructor(problem: Problem, patience = problem.shiftLatest) {
    this.problem = problem;
    this.timeline = new Timeline(problem, patience);
    this.stride = problem.jobs + 1;
    this.exact = problem.jobs <= SMALL;
    const cells = problem.shifts * this.stride;
    this.jobs = new Int32Array(cells);
    this.size = new Int32Array(problem.shifts);
    this.shiftOf = new Int32Array(problem.jobs).fill(-1);
    this.posOf = new Int32Array(problem.jobs);
    this.load = new Int32Array(problem.vehicles * problem.dimensions);
    this.carried = new Int32Array(problem.vehicles);
    this.cost = new Float64Array(problem.shifts);
    this.work = new Float64Array(problem.vehicles);
    this.ownWork = new Float64Array(problem.shifts);
    this.version = new Int32Array(problem.shifts);
    this.lateAt = new Int32Array(cells);
    this.free0 = new Int32Array(cells);
    this.free1 = new Int32Array(cells);
    this.cost0 = new Float64Array(cells);
    this.cost1 = new Float64Array(cells);
    this.travel0 = new Float64Array(cells);
    this.travel1 = new Float64Array(cells);
    for (let shift = 0; shift < problem.shifts; shift++) this.refresh(shift);
  }

  /** Reckons a route anew; false where its order breaks a rule. */
  refresh(shift: number): boolean {
    const p = this.problem;
    const base = shift * this.stride;
    const length = this.size[shift] as number;
    const vehicle = p.shiftVehicle[shift] as number;
    this.work[vehicle] = (this.work[vehicle] as number) - this.routeWork(shift);
    const rest = (p.lunchLength[shift] as number) > 0;
    this.t0 = rest ? (p.shiftFrom[shift] as number) : NEVER;
    this.t1 = rest ? NEVER : (p.shiftFrom[shift] as number);
    this.c0 = this.c1 = this.w0 = this.w1 = 0;
    this.store(base);
    let from = p.startLocation[shift] as number;
    for (let pos = 0; pos < length; pos++) {
      const job = this.jobs[base + pos] as number;
      if (!this.step(shift, from, pos === 0, job)) return this.settle(shift, vehicle, Infinity);
      this.store(base + pos + 1);
      this.posOf[job] = pos;
      this.shiftOf[job] = shift;
      from = p.jobLocation[job] as number;
    }
    const cost = length === 0 ? 0 : this.exact ? this.tabled(shift, this.jobsOf(shift)) : this.close(shift, from);
    this.lookBack(shift);
    return this.settle(shift, vehicle, cost);
  }

  private jobsOf(shift: number): number[] {
    return [...this.jobs.subarray(shift * this.stride, shift * this.stride + (this.size[shift] as number))];
  }

  /** Cost with the break at its best place, not only its earliest. */
  private tabled(shift: number, jobs: readonly number[]): number {
    const table = timetableOf(this.timeline, shift, jobs);
    if (!table) return Infinity;
    this.closedTravel = table.travelTime;
    this.finish = table.finish;
    return table.cost;
  }

  /** Reckons from the end back how late each stop may begin at the very best: no break, fastest travel. */
  private lookBack(shift: number): void {
    const p = this.problem;
    const base = shift * this.stride;
    let late = p.shiftLatest[shift] as number;
    let to = p.endLocation[shift] as number;
    let buffer = 0;
    for (let pos = (this.size[shift] as number) - 1; pos >= 0; pos--) {
      const job = this.jobs[base + pos] as number;
      const here = p.jobLocation[job] as number;
      late = Math.min(late - this.timeline.atLeast(p.shiftVehicle[shift] as number, here, to, buffer) - (p.service[job] as number), this.timeline.lastStart(job));
      this.lateAt[base + pos] = late;
      to = here;
      buffer = p.buffer;
    }
  }

  /** Travel and service of a route. */
  routeWork(shift: number): number {
    return this.ownWork[shift] as number;
  }

  private settle(shift: number, vehicle: number, cost: number): boolean {
    this.cost[shift] = cost;
    this.version[shift] = ++this.stamp;
    const work = cost === Infinity || this.size[shift] === 0 ? 0 : this.closedTravel + this.serviceOf(shift);
    this.ownWork[shift] = work;
    this.work[vehicle] = (this.work[vehicle] as number) + work;
    return cost < Infinity;
  }

  private serviceOf(shift: number): number {
    let sum = 0;
    for (let pos = 0; pos < (this.size[shift] as number); pos++) sum += this.problem.service[this.jobs[shift * this.stride + pos] as number] as number;
    return sum;
  }

  private store(cell: number): void {
    this.free0[cell] = this.t0;
    this.free1[cell] = this.t1;
    this.cost0[cell] = this.c0;
    this.cost1[cell] = this.c1;
    this.travel0[cell] = this.w0;
    this.travel1[cell] = this.w1;
  }

  private startAt(cell: number): void {
    this.t0 = this.free0[cell] as number;
    this.t1 = this.free1[cell] as number;
    this.c0 = this.cost0[cell] as number;
    this.c1 = this.cost1[cell] as number;
    this.w0 = this.travel0[cell] as number;
    this.w1 = this.travel1[cell] as number;
  }

  /** One stop on; false where neither state can go on. */
  private step(shift: number, from: number, first: boolean, job: number): boolean {
    const line = this.timeline;
    let t0 = NEVER;
    let c0 = 0;
    let w0 = 0;
    let t1 = NEVER;
    let c1 = 0;
    let w1 = 0;
    if (this.t1 < NEVER) {
      line.leg(shift, from, this.t1, first, job, LUNCH.none);
      t1 = line.end;
      c1 = this.c1 + line.cost;
      w1 = this.w1 + line.travel;
    }
    if (this.t0 < NEVER) {
      line.leg(shift, from, this.t0, first, job, LUNCH.none);
      if (line.end <= (this.problem.lunchTo[shift] as number)) {
        t0 = line.end;
        c0 = this.c0 + line.cost;
        w0 = this.w0 + line.travel;
      }
      for (let lunch: number = LUNCH.onArrival; lunch <= LUNCH.beforeLeaving; lunch++) {
        line.leg(shift, from, this.t0, first, job, lunch);
        if (line.end > t1 || (line.end === t1 && this.c0 + line.cost >= c1)) continue;
        t1 = line.end;
        c1 = this.c0 + line.cost;
        w1 = this.w0 + line.travel;
      }
    }
    this.t0 = t0;
    this.c0 = c0;
    this.w0 = w0;
    this.t1 = t1;
    this.c1 = c1;
    this.w1 = w1;
    return t0 < NEVER || t1 < NEVER;
  }

  /** Cost of the whole route with the way home from the last stop; Infinity where there is none in time. */
  private close(shift: number, from: number): number {
    const line = this.timeline;
    let best = Infinity;
    const take = (before: number, travel: number): void => {
      if (line.end === NEVER) return;
      const cost = before + line.cost + line.overtimeOf(shift, line.end);
      if (cost >= best) return;
      best = cost;
      this.closedTravel = travel + line.travel;
      this.finish = line.end;
    };
    if (this.t1 < NEVER) {
      line.home(shift, from, this.t1, LUNCH.none, true);
      take(this.c1, this.w1);
    }
    if (this.t0 < NEVER) {
      line.home(shift, from, this.t0, LUNCH.none, false);
      take(this.c0, this.w0);
      line.home(shift, from, this.t0, LUNCH.beforeLeaving, false);
      take(this.c0, this.w0);
    }
    return best;
  }

  /** Whether the vehicle of a shift has room for what a job takes. */
  hasRoom(shift: number, job: number): boolean {
    const { dimensions, demand, capacity, shiftVehicle } = this.problem;
    const vehicle = shiftVehicle[shift] as number;
    for (let at = 0; at < dimensions; at++) if ((this.load[vehicle * dimensions + at] as number) + (demand[job * dimensions + at] as number) > (capacity[vehicle * dimensions + at] as number)) return false;
    return true;
  }

  /** When the earlier state is free before a place in the route: later places are later still. */
  freeBefore(shift: number, pos: number): number {
    const cell = shift * this.stride + pos;
    return Math.min(this.free0[cell] as number, this.free1[cell] as number);
  }

  /** Earliest and latest end of service of a job over both states; bounds set from these hold in either. */
  endsOf(job: number): { earliest: number; latest: number } {
    const cell = (this.shiftOf[job] as number) * this.stride + (this.posOf[job] as number) + 1;
    const [a, b] = [this.free0[cell] as number, this.free1[cell] as number];
    return { earliest: Math.min(a, b), latest: a === NEVER ? b : b === NEVER ? a : Math.max(a, b) };
  }

  /** What putting a job at a place costs the route, without what the vehicle costs by itself; Infinity where a rule would break. */
  insertion(shift: number, pos: number, job: number): number {
    const p = this.problem;
    const base = shift * this.stride;
    const length = this.size[shift] as number;
    const vehicle = p.shiftVehicle[shift] as number;
    let from = (pos === 0 ? p.startLocation[shift] : p.jobLocation[this.jobs[base + pos - 1] as number]) as number;
    const place = p.jobLocation[job] as number;
    if (this.freeBefore(shift, pos) + this.timeline.atLeast(vehicle, from, place, p.buffer) > this.timeline.lastStart(job)) return Infinity;
    this.startAt(base + pos);
    if (!this.step(shift, from, pos === 0, job)) return Infinity;
    const end = Math.min(this.t0, this.t1);
    const late = pos < length ? (this.lateAt[base + pos] as number) : (p.shiftLatest[shift] as number);
    const to = (pos < length ? p.jobLocation[this.jobs[base + pos] as number] : p.endLocation[shift]) as number;
    if (end + this.timeline.atLeast(vehicle, place, to, pos < length ? p.buffer : 0) > late) return Infinity;
    this.insertedStart = end - (p.service[job] as number);
    this.insertedLater = (this.t0 === NEVER || this.t1 === NEVER ? end : Math.max(this.t0, this.t1)) - (p.service[job] as number);
    from = place;
    if (this.exact) return this.addedBy(shift, this.tabled(shift, this.jobsOf(shift).toSpliced(pos, 0, job)));
    for (let at = pos; at < length; at++) {
      const next = this.jobs[base + at] as number;
      if (!this.step(shift, from, false, next)) return Infinity;
      from = p.jobLocation[next] as number;
      const cell = base + at + 1;
      if (this.t0 !== this.free0[cell] || this.t1 !== this.free1[cell]) {
        if (Math.min(this.t0, this.t1) - (p.service[next] as number) > (this.lateAt[base + at] as number)) return Infinity;
        continue;
      }
      const early = this.t1 === NEVER;
      const added = early ? this.c0 - (this.cost0[cell] as number) : this.c1 - (this.cost1[cell] as number);
      if (!early && this.t0 < NEVER && Math.abs(this.c0 - (this.cost0[cell] as number) - added) > SAME) continue;
      this.finish = -NEVER;
      this.addedTravel = early ? this.w0 - (this.travel0[cell] as number) : this.w1 - (this.travel1[cell] as number);
      return added;
    }
    return this.addedBy(shift, this.close(shift, from));
  }

  private addedBy(shift: number, cost: number): number {
    if (cost === Infinity) return Infinity;
    this.addedTravel = this.closedTravel + this.serviceOf(shift) - this.routeWork(shift);
    return cost - (this.cost[shift] as number);
  }

  /** What the vehicle itself adds: preference, change, first use, fairness. */
  vehicleAdds(shift: number, job: number, addedTravel: number): number {
    const p = this.problem;
    const vehicle = p.shiftVehicle[shift] as number;
    let added = p.assignCost[job * p.vehicles + vehicle] as number;
    if (this.carried[vehicle] === 0) added += p.fixedCost[vehicle] as number;
    if (p.weights.fairness > 0) {
      const work = this.work[vehicle] as number;
      const more = work + addedTravel + (p.service[job] as number);
      added += (p.weights.fairness * (more * more - work * work)) / (p.fairnessUnit * p.fairnessUnit);
    }
    return added;
  }

  /** Puts a job at a place; false (and nothing done) where that breaks a rule. */
  insert(shift: number, pos: number, job: number): boolean {
    const base = shift * this.stride;
    const length = this.size[shift] as number;
    this.jobs.copyWithin(base + pos + 1, base + pos, base + length);
    this.jobs[base + pos] = job;
    this.size[shift] = length + 1;
    this.carry(job, shift, 1);
    if (this.refresh(shift)) return true;
    this.remove(job, shift, pos);
    return false;
  }

  /** Takes a job out; false where the rest breaks a rule without it. */
  remove(job: number, shift = this.shiftOf[job] as number, pos = this.posOf[job] as number): boolean {
    const base = shift * this.stride;
    const length = this.size[shift] as number;
    this.jobs.copyWithin(base + pos, base + pos + 1, base + length);
    this.size[shift] = length - 1;
    this.shiftOf[job] = -1;
    this.carry(job, shift, -1);
    return this.refresh(shift);
  }

  /** Takes all jobs of a route out. */
  empty(shift: number): void {
    const base = shift * this.stride;
    for (let at = base; at < base + (this.size[shift] as number); at++) {
      const job = this.jobs[at] as number;
      this.shiftOf[job] = -1;
      this.carry(job, shift, -1);
    }
    this.size[shift] = 0;
    this.refresh(shift);
  }

  /** Puts jobs into an empty route, in the order of the cells from `from` on. */
  fill(shift: number, jobs: ArrayLike<number>, from: number, length: number): boolean {
    const base = shift * this.stride;
    for (let at = 0; at < length; at++) {
      const job = jobs[from + at] as number;
      this.jobs[base + at] = job;
      this.carry(job, shift, 1);
    }
    this.size[shift] = length;
    return this.refresh(shift);
  }

  private carry(job: number, shift: number, times: number): void {
    const { dimensions, demand, shiftVehicle } = this.problem;
    const vehicle = shiftVehicle[shift] as number;
    this.carried[vehicle] = (this.carried[vehicle] as number) + times;
    for (let at = 0; at < dimensions; at++) this.load[vehicle * dimensions + at] = (this.load[vehicle * dimensions + at] as number) + times * (demand[job * dimensions + at] as number);
  }

  /** Cost of everything: routes, vehicles, fairness and what is left out. */
  total(): number {
    const p = this.problem;
    let sum = 0;
    for (let shift = 0; shift < p.shifts; shift++) sum += this.cost[shift] as number;
    for (let job = 0; job < p.jobs; job++) {
      const shift = this.shiftOf[job] as number;
      sum += shift < 0 ? (p.unservedCost[job] as number) : (p.assignCost[job * p.vehicles + (p.shiftVehicle[shift] as number)] as number);
    }
    for (let vehicle = 0; vehicle < p.vehicles; vehicle++) {
      if ((this.carried[vehicle] as number) > 0) sum += p.fixedCost[vehicle] as number;
      const share = (this.work[vehicle] as number) / p.fairnessUnit;
      sum += p.weights.fairness * share * share;
    }
    return sum;
  }
}
