import type { Problem } from '../problem.ts';
import { arrivalAt, latestDeparture } from './travel.ts';

/** Later than any moment: not possible. */
export const NEVER = 2_000_000_000;

/** Where the break is taken on a leg. */
export const LUNCH = { none: 0, onArrival: 1, beforeLeaving: 2 } as const;
const PERMILLE = 1000;

/**
 * One leg of a route, from being free at a place to the end of the next service. Everything begins as early as it may: service waits for its
 * window, and for a promised window too where that breaks nothing of its own. Neither work nor travel happens in a blocked time. The first
 * departure of a shift is as late as the first service allows.
 *
 * The answer of `leg` stands in the fields, so that nothing is made anew in the search.
 */
export class Timeline {
  readonly problem: Problem;
  /** Earliest and latest start that links to other routes leave to a job; of no effect where there are none. */
  readonly release: Int32Array;
  readonly latest: Int32Array;
  departure = 0;
  arrival = 0;
  start = 0;
  end = NEVER;
  cost = 0;
  travel = 0;
  lunch = -1;

  /** Shortest time of travel of all hours against the table's, and longest. */
  readonly fastest: number;
  readonly slowest: number;

  private readonly patience: Int32Array;

  /** `patience`: per shift, when the service must be over that waits for a promised window. */
  constructor(problem: Problem, patience = problem.shiftLatest) {
    this.problem = problem;
    this.patience = patience;
    this.fastest = problem.stepFactor.reduce((least, factor) => Math.min(least, factor / PERMILLE), 1);
    this.slowest = problem.stepFactor.reduce((most, factor) => Math.max(most, factor / PERMILLE), 1);
    this.release = new Int32Array(problem.jobs).fill(-NEVER);
    this.latest = new Int32Array(problem.jobs).fill(NEVER);
  }

  /** Time of travel at the table's pace. */
  lasting(vehicle: number, from: number, to: number): number {
    const time = this.problem.travelTime[from * this.problem.locations + to] as number;
    const speed = this.problem.speedFactor[vehicle] as number;
    return speed === PERMILLE ? time : Math.ceil((time * speed) / PERMILLE);
  }

  /** No way from a place to another (-1: nowhere) with what is kept free after it is shorter. */
  atLeast(vehicle: number, from: number, to: number, buffer: number): number {
    return from === to || to < 0 ? 0 : Math.floor(this.fastest * this.lasting(vehicle, from, to)) + buffer;
  }

  /** The last start that windows and links leave to a job. */
  lastStart(job: number): number {
    return Math.min(this.problem.windowTo[(this.problem.windowAt[job + 1] as number) - 1] as number, this.latest[job] as number);
  }

  /** Goes from `from`, free at `free`, to `job` and serves it; `end` is NEVER where that breaks a rule. */
  leg(shift: number, from: number, free: number, first: boolean, job: number, lunch: number): void {
    const p = this.problem;
    const vehicle = p.shiftVehicle[shift] as number;
    const to = p.jobLocation[job] as number;
    this.end = NEVER;
    this.lunch = -1;
    let ready = free;
    if (lunch === LUNCH.beforeLeaving) {
      ready = this.takeLunch(shift, free);
      if (ready === NEVER) return;
    }
    const lasting = from === to ? 0 : this.lasting(vehicle, from, to);
    if (!this.go(shift, ready, lasting)) return;
    let begin = this.arrival;
    if (lunch === LUNCH.onArrival) {
      begin = this.takeLunch(shift, begin);
      if (begin === NEVER) return;
    }
    if (from !== to) begin += p.buffer;
    const start = this.startOf(shift, job, begin);
    if (start === NEVER) return;
    this.start = start;
    if (first && lunch === LUNCH.none && start - begin > 0) this.leaveLate(shift, start - (from === to ? 0 : p.buffer), lasting);
    const end = start + (p.service[job] as number);
    this.travel = this.arrival - this.departure;
    this.cost = this.travelCost(vehicle, from, to, this.travel) + this.jobCost(job, start);
    this.end = end;
  }

  /** Goes home from `from`; `end` is the end of work. `taken`: the break has been. */
  home(shift: number, from: number, free: number, lunch: number, taken: boolean): void {
    const p = this.problem;
    const vehicle = p.shiftVehicle[shift] as number;
    const to = p.endLocation[shift] as number;
    this.end = NEVER;
    this.lunch = -1;
    let ready = free;
    if (lunch === LUNCH.beforeLeaving) {
      ready = this.takeLunch(shift, free);
      if (ready === NEVER) return;
    }
    this.departure = this.arrival = ready;
    if (to >= 0 && to !== from && !this.go(shift, ready, this.lasting(vehicle, from, to))) return;
    if (this.arrival > (p.shiftLatest[shift] as number)) return;
    if (!taken && lunch === LUNCH.none && (p.lunchLength[shift] as number) > 0 && this.arrival > (p.lunchTo[shift] as number)) return;
    this.travel = this.arrival - this.departure;
    this.cost = to >= 0 ? this.travelCost(vehicle, from, to, this.travel) : 0;
    this.end = this.arrival;
  }

  overtimeOf(shift: number, finish: number): number {
    const over = finish - (this.problem.shiftTo[shift] as number);
    return over > 0 ? over * (this.problem.overtimeCost[shift] as number) : 0;
  }

  travelCost(vehicle: number, from: number, to: number, time: number): number {
    if (from === to) return 0;
    const { weights, distance, locations } = this.problem;
    return (this.problem.vehicleCost[vehicle] as number) * (weights.travelTime * time + weights.distance * (distance[from * locations + to] as number));
  }

  /** By how much a start misses every promised window. */
  promiseMissed(job: number, start: number): number {
    const p = this.problem;
    let missed = NEVER;
    for (let at = p.promiseAt[job] as number; at < (p.promiseAt[job + 1] as number); at++) {
      const early = (p.promiseFrom[at] as number) - start;
      const late = start - (p.promiseTo[at] as number);
      missed = Math.min(missed, Math.max(early, late, 0));
    }
    return missed === NEVER ? 0 : missed;
  }

  /** What a start costs beside the way to it. */
  jobCost(job: number, start: number): number {
    const p = this.problem;
    let cost = 0;
    if ((p.promiseCost[job] as number) > 0) cost += (p.promiseCost[job] as number) * this.promiseMissed(job, start);
    const late = start + (p.service[job] as number) - (p.deadline[job] as number);
    if (late > 0) cost += late * (p.deadlineCost[job] as number);
    if ((p.startCost[job] as number) > 0) cost += (p.startCost[job] as number) * Math.max(0, start - Math.max(0, p.windowFrom[p.windowAt[job] as number] as number));
    return cost + this.presentCostOf(job, start);
  }

  /** What a start costs that differs from the present plan's. */
  presentCostOf(job: number, start: number): number {
    const cost = this.problem.presentCost[job] as number;
    return cost > 0 ? cost * Math.abs(start - (this.problem.presentStart[job] as number)) : 0;
  }

  /** End of the break that begins at `from` or later; NEVER after its window. */
  private takeLunch(shift: number, from: number): number {
    const p = this.problem;
    const length = p.lunchLength[shift] as number;
    const begin = this.firstFree(shift, Math.max(from, p.lunchFrom[shift] as number), length);
    if (begin > (p.lunchTo[shift] as number)) return NEVER;
    this.lunch = begin;
    return begin + length;
  }

  /** First moment from `from` on with `length` free of blocked times. */
  private firstFree(shift: number, from: number, length: number): number {
    const p = this.problem;
    let begin = from;
    for (let at = p.blockedAt[shift] as number; at < (p.blockedAt[shift + 1] as number); at++) {
      if (begin < (p.blockedTo[at] as number) && begin + length > (p.blockedFrom[at] as number)) begin = p.blockedTo[at] as number;
    }
    return begin;
  }

  private go(shift: number, ready: number, lasting: number): boolean {
    const p = this.problem;
    let departure = ready;
    let arrival = arrivalAt(p, departure, lasting);
    if (lasting > 0) {
      for (let at = p.blockedAt[shift] as number; at < (p.blockedAt[shift + 1] as number); at++) {
        if (departure >= (p.blockedTo[at] as number) || arrival <= (p.blockedFrom[at] as number)) continue;
        departure = p.blockedTo[at] as number;
        arrival = arrivalAt(p, departure, lasting);
      }
    }
    this.departure = departure;
    this.arrival = arrival;
    return arrival <= (p.shiftLatest[shift] as number);
  }

  private leaveLate(shift: number, by: number, lasting: number): void {
    const p = this.problem;
    const departure = latestDeparture(p, this.departure, by, lasting);
    const arrival = arrivalAt(p, departure, lasting);
    for (let at = p.blockedAt[shift] as number; at < (p.blockedAt[shift + 1] as number); at++) {
      if (departure < (p.blockedTo[at] as number) && arrival > (p.blockedFrom[at] as number)) return;
    }
    this.departure = departure;
    this.arrival = arrival;
  }

  /** First start from `begin` on that windows, links, blocked times and the shift allow; NEVER where there is none. */
  private startOf(shift: number, job: number, begin: number): number {
    const p = this.problem;
    const service = p.service[job] as number;
    const last = Math.min(this.latest[job] as number, (p.shiftLatest[shift] as number) - service);
    let start = this.inWindow(shift, job, Math.max(begin, this.release[job] as number), service);
    if (start > last) return NEVER;
    if ((p.promiseCost[job] as number) > 0) {
      for (let at = p.promiseAt[job] as number; at < (p.promiseAt[job + 1] as number); at++) {
        if (start > (p.promiseTo[at] as number)) continue;
        const waited = (p.promiseFrom[at] as number) > start ? this.inWindow(shift, job, p.promiseFrom[at] as number, service) : start;
        if (waited <= Math.min(last, (this.patience[shift] as number) - service) && waited <= (p.promiseTo[at] as number)) start = waited;
        break;
      }
    }
    return start;
  }

  private inWindow(shift: number, job: number, from: number, service: number): number {
    const p = this.problem;
    let start = from;
    for (let at = p.windowAt[job] as number; at < (p.windowAt[job + 1] as number); at++) {
      if (start > (p.windowTo[at] as number)) continue;
      if (start < (p.windowFrom[at] as number)) start = p.windowFrom[at] as number;
      start = this.firstFree(shift, start, service);
      if (start <= (p.windowTo[at] as number)) return start;
    }
    return NEVER;
  }
}
