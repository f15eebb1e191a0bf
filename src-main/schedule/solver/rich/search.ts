import type { Problem } from '../problem.ts';
import { Rng } from '../rng.ts';
import { Placement } from './placement.ts';
import { Routes } from './routes.ts';
import { NEVER } from './timeline.ts';

const MEAN_REMOVED = 10;
const LONGEST_STRING = 10;
/** First and last temperature as shares of the mean cost of a served job's travel. */
const HOT = 0.5;
const COLD = 0.002;
/** Of those left out before, so many are tried again at each step. */
const RETRIED = 12;
const SORTS = 11;

/** Where a search begins: without bounds the linked jobs are placed anew. */
export interface RichStart {
  routes: readonly (readonly number[])[];
  release?: Int32Array;
  latest?: Int32Array;
}

/** A plan as lists of jobs per shift, with the bounds that its links have. */
export interface RichPlan extends RichStart {
  release: Int32Array;
  latest: Int32Array;
  cost: number;
  unassigned: number;
}

export interface RichLimits {
  seed: number;
  begin: RichStart;
  /** Share of the run that is over, 1 = stop. */
  progress: (steps: number) => number;
  onBetter: (plan: RichPlan, steps: number) => void;
  fromOutside: (steps: number, best: RichPlan) => RichStart | null;
}

/**
 * Ruin and recreate with strings of neighbours (Christiaens and Vanden Berghe, 2020) under falling temperature. Every state on the way keeps
 * every hard rule; what has no place is left out and tried again and again.
 */
export class RichSearch {
  private readonly problem: Problem;
  private readonly limits: RichLimits;
  private readonly routes: Routes;
  private readonly placement: Placement;
  private readonly rng: Rng;
  private readonly near: Int32Array;
  private readonly choices: Int32Array;
  private readonly keptJobs: Int32Array;
  private readonly keptSize: Int32Array;
  private readonly keptVersion: Int32Array;
  private readonly dirty: Uint8Array;
  private readonly keptRelease: Int32Array;
  private readonly keptLatest: Int32Array;
  private readonly lot: Float64Array;
  private best: RichPlan;
  private waiting: number[] = [];

  constructor(problem: Problem, limits: RichLimits) {
    this.problem = problem;
    this.limits = limits;
    this.rng = new Rng(limits.seed);
    this.routes = new Routes(problem);
    this.placement = new Placement(this.routes);
    this.near = nearest(problem);
    this.choices = Int32Array.from({ length: problem.jobs }, (_, job) => problem.barred.subarray(job * problem.vehicles, (job + 1) * problem.vehicles).filter((bars) => bars === 0).length);
    this.keptJobs = new Int32Array(this.routes.jobs.length);
    this.keptSize = new Int32Array(problem.shifts);
    this.keptVersion = new Int32Array(problem.shifts);
    this.dirty = new Uint8Array(problem.shifts);
    this.keptRelease = new Int32Array(problem.jobs);
    this.keptLatest = new Int32Array(problem.jobs);
    this.lot = new Float64Array(problem.jobs);
    this.begin(limits.begin);
    this.best = this.plan();
  }

  /** Runs to its limit and answers with the best plan seen. */
  run(): { best: RichPlan; steps: number } {
    const { problem, rng, limits } = this;
    let steps = 0;
    let cost = this.best.cost;
    limits.onBetter(this.best, 0);
    this.keepAll();
    const scale = this.scale();
    for (let share = limits.progress(0); share < 1 && problem.jobs > 0; share = limits.progress(++steps)) {
      const heat = scale * HOT * (COLD / HOT) ** share;
      this.ruin();
      this.recreate(rng);
      const now = this.routes.total();
      if (now < cost - heat * Math.log(rng.real() + 1e-12)) {
        cost = now;
        this.keepDirty();
        if (now < this.best.cost - 1e-6) {
          this.best = this.plan();
          limits.onBetter(this.best, steps);
        }
      } else this.restore();
      const visitor = limits.fromOutside(steps + 1, this.best);
      if (visitor) {
        this.begin(visitor);
        cost = this.routes.total();
        this.keepAll();
        if (cost < this.best.cost - 1e-6) {
          this.best = this.plan();
          limits.onBetter(this.best, steps);
        }
      }
    }
    return { best: this.best, steps };
  }

  /** Loads routes as far as they keep the rules, and puts all others where they fit. */
  private begin({ routes: plan, release, latest }: RichStart): void {
    const { problem, routes, placement } = this;
    const { timeline } = routes;
    for (let shift = 0; shift < problem.shifts; shift++) routes.empty(shift);
    for (let job = 0; job < problem.jobs; job++) {
      timeline.release[job] = release?.[job] ?? -NEVER;
      timeline.latest[job] = latest?.[job] ?? NEVER;
    }
    for (const [shift, jobs] of plan.entries()) {
      for (const job of jobs) {
        if ((placement.groups.of[job] !== -1 && !release) || (routes.shiftOf[job] as number) >= 0 || !this.may(shift, job)) continue;
        routes.insert(shift, routes.size[shift] as number, job);
      }
    }
    for (const members of placement.groups.members) {
      if (members.some((job) => (routes.shiftOf[job] as number) < 0 && (timeline.release[job] !== -NEVER || timeline.latest[job] !== NEVER || !release))) this.free(members[0] as number);
    }
    this.waiting = [];
    for (let job = 0; job < problem.jobs; job++) if ((routes.shiftOf[job] as number) < 0) this.waiting.push(job);
    this.recreate(null);
  }

  private may(shift: number, job: number): boolean {
    const { barred, vehicles, shiftVehicle } = this.problem;
    return barred[job * vehicles + (shiftVehicle[shift] as number)] === 0 && this.routes.hasRoom(shift, job);
  }

  private plan(): RichPlan {
    const { problem, routes } = this;
    const lists: number[][] = [];
    for (let shift = 0; shift < problem.shifts; shift++) lists.push([...routes.jobs.subarray(shift * routes.stride, shift * routes.stride + (routes.size[shift] as number))]);
    const unassigned = routes.shiftOf.reduce((count, shift) => count + (shift < 0 ? 1 : 0), 0);
    return { routes: lists, release: routes.timeline.release.slice(), latest: routes.timeline.latest.slice(), cost: routes.total(), unassigned };
  }

  private scale(): number {
    const { problem, routes } = this;
    let served = 0;
    let travel = 0;
    for (let job = 0; job < problem.jobs; job++) {
      const shift = routes.shiftOf[job] as number;
      if (shift < 0) continue;
      served++;
      const base = shift * routes.stride;
      const pos = routes.posOf[job] as number;
      const from = (pos === 0 ? problem.startLocation[shift] : problem.jobLocation[routes.jobs[base + pos - 1] as number]) as number;
      const vehicle = problem.shiftVehicle[shift] as number;
      travel += routes.timeline.travelCost(vehicle, from, problem.jobLocation[job] as number, routes.timeline.lasting(vehicle, from, problem.jobLocation[job] as number));
    }
    return Math.max(1e-3, travel / Math.max(1, served));
  }

  private touch = (shift: number): void => {
    this.dirty[shift] = 1;
  };

  /** Takes a job out; where the rest cannot go on without it, the rest goes too, from the end on. */
  private takeOut(job: number): void {
    const { routes, placement } = this;
    const shift = routes.shiftOf[job] as number;
    this.touch(shift);
    let right = routes.remove(job);
    const fallen: number[] = [];
    while (!right && (routes.size[shift] as number) > 0) {
      const last = routes.jobs[shift * routes.stride + (routes.size[shift] as number) - 1] as number;
      fallen.push(last);
      right = routes.remove(last, shift, (routes.size[shift] as number) - 1);
    }
    for (const one of fallen) {
      this.waiting.push(one);
      if (placement.groups.of[one] !== -1) this.free(one);
    }
  }

  /** Takes a job out with all that it is linked to. */
  private free(job: number): void {
    const { routes, placement } = this;
    const group = placement.groups.of[job] as number;
    const members = group < 0 ? [job] : (placement.groups.members[group] as number[]);
    for (const one of members) {
      if ((routes.shiftOf[one] as number) < 0) continue;
      this.takeOut(one);
      this.waiting.push(one);
    }
    if (group >= 0) placement.loosen(members);
  }

  private ruin(): void {
    const { problem, routes, rng } = this;
    let filled = 0;
    let served = 0;
    for (let shift = 0; shift < problem.shifts; shift++) {
      if ((routes.size[shift] as number) > 0) filled++;
      served += routes.size[shift] as number;
    }
    this.waiting = this.leftOut();
    const longest = Math.max(1, Math.min(LONGEST_STRING, served / Math.max(1, filled)));
    const strings = Math.floor(1 + rng.real() * Math.max(1, (4 * MEAN_REMOVED) / (1 + longest) - 1));
    const seed = rng.below(problem.jobs);
    const done = new Set<number>();
    for (let rank = -1; rank < problem.jobs - 1 && done.size < strings; rank++) {
      const job = rank < 0 ? seed : (this.near[seed * (problem.jobs - 1) + rank] as number);
      const shift = routes.shiftOf[job] as number;
      if (shift < 0 || done.has(shift)) continue;
      done.add(shift);
      this.ruinRoute(shift, routes.posOf[job] as number, longest);
    }
  }

  private ruinRoute(shift: number, around: number, longest: number): void {
    const { routes, rng } = this;
    const size = routes.size[shift] as number;
    const length = Math.min(size, Math.floor(1 + rng.real() * Math.min(longest, size)));
    const kept = rng.below(2) === 0 && length < size ? 1 + rng.below(size - length) : 0;
    const span = length + kept;
    const lowest = Math.max(0, around - span + 1);
    const first = lowest + rng.below(Math.min(around, size - span) - lowest + 1);
    const hole = first + (kept > 0 ? rng.below(length + 1) : 0);
    const gone: number[] = [];
    for (let pos = first; pos < first + span; pos++) if (kept === 0 || pos < hole || pos >= hole + kept) gone.push(routes.jobs[shift * routes.stride + pos] as number);
    for (const job of gone) if ((routes.shiftOf[job] as number) >= 0) this.free(job);
  }

  /** Some of those that stand nowhere, at random. */
  private leftOut(): number[] {
    const { problem, routes, rng } = this;
    const found: number[] = [];
    for (let job = 0; job < problem.jobs; job++) if ((routes.shiftOf[job] as number) < 0 && (this.choices[job] as number) > 0) found.push(job);
    while (found.length > RETRIED) found.splice(rng.below(found.length), 1);
    return found;
  }

  private recreate(blinks: Rng | null): void {
    const { problem, routes, rng } = this;
    const sort = blinks ? rng.below(SORTS) : SORTS - 1;
    const key = (job: number): number => {
      const at = problem.windowAt[job] as number;
      if (sort < 3) return 0;
      if (sort < 4) return this.farness(job, -1);
      if (sort < 5) return this.farness(job, 1);
      if (sort < 7) return (problem.windowTo[at] as number) - (problem.windowFrom[at] as number);
      if (sort < 8) return problem.windowTo[at] as number;
      if (sort < 10) return this.choices[job] as number;
      return -(problem.unservedCost[job] as number);
    };
    for (const job of this.waiting) this.lot[job] = rng.real();
    const order = this.waiting.map((job) => ({ job, key: key(job) })).sort((a, b) => a.key - b.key || (this.lot[a.job] as number) - (this.lot[b.job] as number));
    for (const { job } of order) if ((routes.shiftOf[job] as number) < 0) this.placement.place(job, blinks, this.touch);
  }

  private farness(job: number, sign: number): number {
    const { problem } = this;
    const home = problem.startLocation[0] ?? 0;
    return sign * (problem.travelTime[home * problem.locations + (problem.jobLocation[job] as number)] as number);
  }

  private keepAll(): void {
    this.dirty.fill(1);
    this.keepDirty();
  }

  private keepDirty(): void {
    const { routes } = this;
    for (let shift = 0; shift < this.problem.shifts; shift++) {
      if (this.dirty[shift] === 0) continue;
      const base = shift * routes.stride;
      for (let at = base; at < base + (routes.size[shift] as number); at++) this.keptJobs[at] = routes.jobs[at] as number;
      this.keptSize[shift] = routes.size[shift] as number;
      this.keptVersion[shift] = routes.version[shift] as number;
    }
    this.dirty.fill(0);
    this.keptRelease.set(routes.timeline.release);
    this.keptLatest.set(routes.timeline.latest);
  }

  private restore(): void {
    const { routes, problem } = this;
    for (let shift = 0; shift < problem.shifts; shift++) if (this.dirty[shift] === 1) routes.empty(shift);
    routes.timeline.release.set(this.keptRelease);
    routes.timeline.latest.set(this.keptLatest);
    for (let shift = 0; shift < problem.shifts; shift++) {
      if (this.dirty[shift] === 0) continue;
      routes.fill(shift, this.keptJobs, shift * routes.stride, this.keptSize[shift] as number);
      routes.version[shift] = this.keptVersion[shift] as number;
    }
    this.dirty.fill(0);
  }
}

/** All other jobs of each job by travel, both ways. */
function nearest({ jobs, jobLocation, travelTime, locations }: Problem): Int32Array {
  const near = new Int32Array(jobs * Math.max(0, jobs - 1));
  const gap = new Float64Array(jobs);
  for (let job = 0; job < jobs; job++) {
    const here = jobLocation[job] as number;
    const others: number[] = [];
    for (let other = 0; other < jobs; other++) {
      const there = jobLocation[other] as number;
      gap[other] = Math.min(NEVER, (travelTime[here * locations + there] as number) + (travelTime[there * locations + here] as number));
      if (other !== job) others.push(other);
    }
    others.sort((a, b) => (gap[a] as number) - (gap[b] as number) || a - b);
    near.set(others, job * (jobs - 1));
  }
  return near;
}
