import type { JobInput, LinkInput, ProblemInput, ShiftInput, VehicleInput } from '../../../src-main/schedule/solver/problem.ts';
import { allowed, arrive, startCosts, travelCost, vehicleCosts } from '../../../src-main/schedule/check/check-plan.ts';

interface Route {
  ends: Map<string, number>;
  cost: number;
  work: number;
}
interface Van {
  vehicle: VehicleInput;
  shift: ShiftInput;
}
interface Linked {
  key: string;
  moment: number;
  exact: boolean;
}
interface Break {
  lunchAt: number;
  beforeLeaving: boolean;
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

/**
 * A route with the break on leg `lunchAt` (-1 none; otherwise on arrival, or before leaving), begun as early as may be; null if a rule breaks. A
 * linked job begins at its moment (a crew) or not before it (the second of a precedence).
 */
function drive(input: ProblemInput, { vehicle, shift }: Van, jobs: readonly JobInput[], { lunchAt, beforeLeaving }: Break, linked?: Linked): Route | null {
  const latest = shift.to + (shift.overtime ?? 0);
  const rest = (from: number): number => {
    const lunch = shift.lunch ?? { from: 0, to: -1, length: 0 };
    const begin = free(shift, Math.max(from, lunch.from), () => lunch.length);
    return begin > lunch.to ? -1 : begin + lunch.length;
  };
  const route: Route = { ends: new Map(), cost: 0, work: 0 };
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
    const due = linked?.key === job.key ? linked.moment : null;
    const exact = due !== null && linked?.exact === true;
    const first = input.links?.find((link) => link.kind === 'before' && link.second === job.key);
    const over = first ? route.ends.get(first.first) : undefined;
    let start = inWindows(shift, job, Math.max(begin + gap, due ?? 0, over === undefined ? 0 : over + (first?.gap ?? 0)));
    if (start < 0 || start > end || (exact && start !== due)) return null;
    const promise = job.promiseCost && !exact ? (job.promises ?? []).toSorted((a, b) => a.from - b.from || a.to - b.to).find(({ to }) => start <= to) : undefined;
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

/** Every place of the break in a route of so many jobs. */
function breaksOf({ shift }: Van, jobs: number): Break[] {
  const none = { lunchAt: -1, beforeLeaving: false };
  if (!shift.lunch) return [none];
  return [none, ...Array.from({ length: jobs }, (_, lunchAt) => [false, true].map((beforeLeaving) => ({ lunchAt, beforeLeaving }))).flat(), { lunchAt: jobs, beforeLeaving: true }];
}

/** What one van may cost for a set of jobs: at the least, and for each moment of its linked job (end of the first of a precedence, otherwise begin). */
interface Option {
  least: number;
  at: Map<number, number>;
}

/** All orders of all sets of jobs that one van can do, the break everywhere, its linked job at every moment of the shift. */
function optionsOf(input: ProblemInput, van: Van): Map<number, Option> {
  const { vehicle, shift } = van;
  const link = input.links?.[0];
  const crew = link?.kind === 'together';
  const options = new Map<number, Option>([[0, { least: 0, at: new Map() }]]);
  const moments = Array.from({ length: shift.to + (shift.overtime ?? 0) - shift.from + 1 }, (_, index) => shift.from + index);
  const keep = (set: number, route: Route, moment?: number): void => {
    const cost = route.cost + (vehicle.fixedCost ?? 0) + input.weights.fairness * (route.work / (input.fairnessUnit ?? 3600)) ** 2;
    const option = options.get(set) ?? { least: Infinity, at: new Map<number, number>() };
    options.set(set, option);
    option.least = Math.min(option.least, cost);
    if (moment !== undefined) option.at.set(moment, Math.min(cost, option.at.get(moment) ?? Infinity));
  };
  /** False where no longer route can begin with these jobs either. */
  const weigh = (jobs: readonly JobInput[], set: number): boolean => {
    const [first, second] = [link?.first, link?.second].map((key) => jobs.findIndex((job) => job.key === key)) as [number, number];
    if (first >= 0 && second >= 0 && (crew || second < first)) return false;
    const key = crew || first < 0 ? jobs[Math.max(first, second)]?.key : undefined;
    const patient = key && crew ? jobs.map(({ promises, ...job }) => (job.key === key || !promises ? job : { ...job, promises })) : jobs;
    let possible = false;
    for (const rest of breaksOf(van, jobs.length)) {
      const earliest = drive(input, van, patient, rest);
      if (!earliest) continue;
      possible = true;
      if (!key) keep(set, earliest, link && earliest.ends.get(link.first));
      for (const moment of key ? moments : []) {
        const route = drive(input, van, jobs, rest, { key: key ?? '', moment, exact: crew });
        if (route) keep(set, route, moment);
      }
    }
    return possible;
  };
  const go = (jobs: readonly JobInput[], set: number): void => {
    for (const [index, job] of input.jobs.entries()) {
      if (set & (1 << index) || !allowed(job, vehicle)) continue;
      const next = [...jobs, job];
      if (next.reduce((sum, one) => sum + (one.demand?.[0] ?? 0), 0) > (vehicle.capacity?.[0] ?? Infinity)) continue;
      if (weigh(next, set | (1 << index))) go(next, set | (1 << index));
    }
  };
  go([], 0);
  return options;
}

/** The least that two vans cost with the link between them. */
function tied(link: LinkInput, first: Option, second: Option): number {
  const begin = Math.min(...second.at.keys());
  let least = Infinity;
  for (const [moment, cost] of first.at) least = Math.min(least, cost + (second.at.get(link.kind === 'together' ? moment : Math.max(begin, moment + (link.gap ?? 0))) ?? Infinity));
  return least;
}

/**
 * The least cost of all plans for one or two vans of one shift each: every order of every choice of jobs, breaks everywhere. At most one link:
 * a crew begins at any moment, the second of a precedence as early as the first allows.
 */
export function bruteForce(input: ProblemInput): number {
  const [one, two] = input.vehicles.map((vehicle) => optionsOf(input, { vehicle, shift: vehicle.shifts[0] as ShiftInput }));
  const other = two ?? new Map([[0, { least: 0, at: new Map<number, number>() }]]);
  const link = input.links?.[0];
  const bitOf = (key: string | undefined): number => (key === undefined ? 0 : 1 << input.jobs.findIndex((job) => job.key === key));
  const [first, second] = [bitOf(link?.first), bitOf(link?.second)];
  let least = Infinity;
  for (const [mine, a] of one ?? []) {
    for (const [theirs, b] of other) {
      if (mine & theirs) continue;
      const served = mine | theirs;
      if (served & second && !(served & first)) continue;
      if (link?.kind === 'together' && served & first && !(served & second)) continue;
      const left = input.jobs.reduce((sum, job, index) => (served & (1 << index) ? sum : sum + input.weights.unserved * (job.unservedCost ?? 1_000_000)), 0);
      const both = !link || !(served & second) ? a.least + b.least : mine & first && mine & second ? a.least + b.least : theirs & first && theirs & second ? a.least + b.least : mine & first ? tied(link, a, b) : tied(link, b, a);
      least = Math.min(least, left + both);
    }
  }
  return least;
}
