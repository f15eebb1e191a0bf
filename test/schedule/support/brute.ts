import type { JobInput, ProblemInput, ShiftInput, VehicleInput } from '../../../src-main/schedule/solver/problem.ts';
import { allowed, arrive, startCosts, travelCost, vehicleCosts } from '../../../src-main/schedule/check/check-plan.ts';

interface Route {
  jobs: string[];
  starts: Map<string, number>;
  ends: Map<string, number>;
  cost: number;
  work: number;
  vehicle: string;
}

/** First moment from `from` on that does not meet a blocked time for `length`, found by going on one by one. */
function free(shift: ShiftInput, from: number, length: (begin: number) => number): number {
  let begin = from;
  while (length(begin) > 0 && shift.blocked?.some((block) => begin < block.to && begin + length(begin) > block.from)) begin++;
  return begin;
}

/** First start that a job's hard windows allow, -1 = none. */
function inWindows(shift: ShiftInput, job: JobInput, from: number): number {
  const windows = job.pinnedStart === undefined ? (job.windows?.length ? job.windows : [{ from: -Infinity, to: Infinity }]) : [{ from: job.pinnedStart, to: job.pinnedStart }];
  const starts = windows.flatMap((window) => {
    const start = free(shift, Math.max(from, window.from), () => job.service);
    return start <= window.to ? [start] : [];
  });
  return starts.length === 0 ? -1 : Math.min(...starts);
}

/** A route with the break on leg `lunchAt` (-1 none; otherwise on arrival, or before leaving), begun as early as may be; null if a rule breaks. */
function drive(input: ProblemInput, vehicle: VehicleInput, shift: ShiftInput, jobs: readonly JobInput[], lunchAt: number, beforeLeaving: boolean, release: ReadonlyMap<string, number>): Route | null {
  const latest = shift.to + (shift.overtime ?? 0);
  const rest = (from: number): number => {
    const lunch = shift.lunch ?? { from: 0, to: -1, length: 0 };
    const begin = free(shift, Math.max(from, lunch.from), () => lunch.length);
    return begin > lunch.to ? -1 : begin + lunch.length;
  };
  const route: Route = { jobs: jobs.map(({ key }) => key), starts: new Map(), ends: new Map(), cost: 0, work: 0, vehicle: vehicle.key };
  let now = shift.from;
  let place = shift.startLocation;
  for (const [pos, job] of jobs.entries()) {
    if (pos === lunchAt && beforeLeaving && (now = rest(now)) < 0) return null;
    const ride = (moment: number): number => arrive(input, vehicle, place, job.location, moment);
    let departure = free(shift, now, (moment) => ride(moment) - moment);
    let begin = ride(departure);
    if (begin > latest) return null;
    if (pos === lunchAt && !beforeLeaving && (begin = rest(begin)) < 0) return null;
    const gap = place === job.location ? 0 : (input.buffer ?? 0);
    const end = latest - job.service;
    let start = inWindows(shift, job, Math.max(begin + gap, release.get(job.key) ?? 0));
    if (start < 0 || start > end) return null;
    const promise = job.promiseCost ? (job.promises ?? []).toSorted((a, b) => a.from - b.from || a.to - b.to).find(({ to }) => start <= to) : undefined;
    if (promise && promise.from > start) {
      const waited = inWindows(shift, job, promise.from);
      if (waited >= 0 && waited <= promise.to && waited <= end) start = waited;
    }
    if (pos === 0 && lunchAt !== 0) {
      let late = start - gap;
      while (late > departure && ride(late) > start - gap) late--;
      if (free(shift, late, (moment) => ride(moment) - moment) === late) departure = Math.max(departure, late);
    }
    const time = ride(departure) - departure;
    route.cost += travelCost(input, vehicle, place, job.location, time) + startCosts(input, job, start) + vehicleCosts(input, job, vehicle.key);
    route.work += time + job.service;
    route.starts.set(job.key, start);
    route.ends.set(job.key, start + job.service);
    now = start + job.service;
    place = job.location;
  }
  if (lunchAt === jobs.length && (now = rest(now)) < 0) return null;
  const home = shift.endLocation ?? place;
  const departure = place === home ? now : free(shift, now, (moment) => arrive(input, vehicle, place, home, moment) - moment);
  const finish = arrive(input, vehicle, place, home, departure);
  if (finish > latest || (lunchAt < 0 && shift.lunch && finish > shift.lunch.to)) return null;
  route.cost += travelCost(input, vehicle, place, home, finish - departure) + input.weights.overtime * (shift.overtimeCost ?? 0) * Math.max(0, finish - shift.to);
  route.work += finish - departure;
  return route;
}

interface Choice {
  jobs: JobInput[];
  lunchAt: number;
  beforeLeaving: boolean;
  route: Route;
}

/** A route with its break in every place that there is. */
function breaks(input: ProblemInput, vehicle: VehicleInput, shift: ShiftInput, jobs: JobInput[]): Choice[] {
  const places = shift.lunch ? jobs.flatMap((_, lunchAt) => [false, true].map((beforeLeaving) => ({ lunchAt, beforeLeaving }))) : [];
  const all = [{ lunchAt: -1, beforeLeaving: false }, ...places, ...(shift.lunch ? [{ lunchAt: jobs.length, beforeLeaving: true }] : [])];
  return all.flatMap((place) => {
    const route = drive(input, vehicle, shift, jobs, place.lunchAt, place.beforeLeaving, new Map());
    return route ? [{ jobs, ...place, route }] : [];
  });
}

/** All orders of all subsets that one shift can do; where links may move the starts, with every place of the break. */
function routesOf(input: ProblemInput, vehicle: VehicleInput, shift: ShiftInput): Choice[] {
  const found: Choice[] = [];
  const go = (jobs: JobInput[]): void => {
    for (const job of input.jobs) {
      if (jobs.includes(job) || !allowed(job, vehicle)) continue;
      const next = [...jobs, job];
      if (next.reduce((sum, one) => sum + (one.demand?.[0] ?? 0), 0) > (vehicle.capacity?.[0] ?? Infinity)) continue;
      const choices = breaks(input, vehicle, shift, next);
      if (choices.length === 0) continue;
      const cheapest = choices.reduce((least, choice) => (choice.route.cost < least.route.cost ? choice : least));
      found.push(...(input.links?.length ? choices : [cheapest]));
      go(next);
    }
  };
  go([]);
  return found;
}

/**
 * The least cost of all plans: every order of every choice of jobs in every shift (one shift for each vehicle), breaks everywhere. Linked jobs
 * begin as early as the links allow.
 */
export function bruteForce(input: ProblemInput): number {
  const shifts = input.vehicles.map((vehicle) => ({ vehicle, shift: vehicle.shifts[0] as ShiftInput }));
  const choices = shifts.map(({ vehicle, shift }) => routesOf(input, vehicle, shift));
  const left = new Map(input.jobs.map((job) => [job.key, input.weights.unserved * (job.unservedCost ?? 1_000_000)]));
  let least = Infinity;
  const evaluate = (chosen: readonly (Choice | null)[]): void => {
    let routes = chosen.map((one) => one?.route ?? null);
    const where = new Map(routes.flatMap((route, index) => route?.jobs.map((key) => [key, index] as const) ?? []));
    const release = new Map<string, number>();
    for (let moved = (input.links ?? []).length > 0; moved; ) {
      moved = false;
      for (const link of input.links ?? []) {
        const [first, second] = [where.get(link.first), where.get(link.second)];
        if (link.kind === 'together' && first === undefined && second === undefined) continue;
        if (link.kind === 'before' && second === undefined) continue;
        if (first === undefined || second === undefined || (link.kind === 'together' && first === second)) return;
        const [a, b] = [routes[first]?.starts.get(link.first) ?? 0, routes[second]?.starts.get(link.second) ?? 0];
        const from = link.kind === 'together' ? Math.max(a, b) : (routes[first]?.ends.get(link.first) ?? 0) + (link.gap ?? 0);
        for (const [key, start] of link.kind === 'together' ? [[link.first, a] as const, [link.second, b] as const] : [[link.second, b] as const]) {
          if (start >= from) continue;
          release.set(key, from);
          moved = true;
        }
      }
      if (!moved) break;
      const again: (Route | null)[] = [];
      for (const [index, one] of chosen.entries()) {
        const { vehicle, shift } = shifts[index] as (typeof shifts)[number];
        const route = one ? drive(input, vehicle, shift, one.jobs, one.lunchAt, one.beforeLeaving, release) : null;
        if (one && !route) return;
        again.push(route);
      }
      routes = again;
    }
    let cost = 0;
    for (const [index, { vehicle }] of shifts.entries()) {
      const route = routes[index];
      if (route) cost += route.cost + (vehicle.fixedCost ?? 0) + input.weights.fairness * (route.work / (input.fairnessUnit ?? 3600)) ** 2;
    }
    for (const [key, unserved] of left) if (!where.has(key)) cost += unserved;
    least = Math.min(least, cost);
  };
  const go = (index: number, chosen: (Choice | null)[], taken: ReadonlySet<JobInput>): void => {
    const options = choices[index];
    if (!options) return evaluate(chosen);
    go(index + 1, [...chosen, null], taken);
    for (const option of options) if (!option.jobs.some((job) => taken.has(job))) go(index + 1, [...chosen, option], new Set([...taken, ...option.jobs]));
  };
  go(0, [], new Set());
  return least;
}
