import type { JobInput, ProblemInput, ShiftInput, Solution, VehicleInput } from '../solver/problem.ts';

const EPSILON = 1e-6;

/** The pace in force at a moment, thousandths. */
const paceAt = (input: ProblemInput, moment: number): number => input.travelSteps?.findLast(({ from }) => from <= moment)?.factor ?? 1000;

/** Arrival by going on from one change of pace to the next. */
export function arrive(input: ProblemInput, vehicle: VehicleInput, from: number, to: number, departure: number): number {
  if (from === to) return departure;
  let left = Math.ceil(((input.travelTime[from * input.locations + to] ?? 0) * (vehicle.speedFactor ?? 1000)) / 1000);
  let moment = departure;
  for (const change of [...(input.travelSteps ?? []).map((step) => step.from).filter((start) => start > departure), Infinity]) {
    const done = ((change - moment) * 1000) / paceAt(input, moment);
    if (done >= left) break;
    left -= done;
    moment = change;
  }
  return Math.ceil(moment + (left * paceAt(input, moment)) / 1000 - EPSILON);
}

export const travelCost = (input: ProblemInput, vehicle: VehicleInput, from: number, to: number, time: number): number =>
  from === to ? 0 : (vehicle.cost ?? 1) * (input.weights.travelTime * time + input.weights.distance * (input.distance[from * input.locations + to] ?? 0));

/** What a start costs that a promise, a deadline, urgency or the present plan bears on. */
export function startCosts(input: ProblemInput, job: JobInput, start: number): number {
  const missed = (job.promises ?? []).map(({ from, to }) => Math.max(0, from - start, start - to));
  const first = Math.max(0, job.pinnedStart ?? Math.min(...(job.windows ?? []).map(({ from }) => from), Infinity));
  const promise = (job.promiseCost ?? 0) * (missed.length > 0 ? Math.min(...missed) : 0);
  const late = (job.deadlineCost ?? 0) * Math.max(0, start + job.service - (job.deadline ?? Infinity));
  const urgent = job.startCost ? job.startCost * Math.max(0, start - (first === Infinity ? 0 : first)) : 0;
  return input.weights.promise * (promise + late + urgent) + input.weights.change * (job.present ? job.present.startCost * Math.abs(start - job.present.start) : 0);
}

export function vehicleCosts(input: ProblemInput, job: JobInput, vehicle: string): number {
  const unwanted = job.preferred?.length && !job.preferred.includes(vehicle) ? (job.preferredCost ?? 0) : 0;
  const moved = job.present && job.present.vehicle !== vehicle ? job.present.vehicleCost : 0;
  return input.weights.promise * unwanted + input.weights.change * moved;
}

export const allowed = (job: JobInput, vehicle: VehicleInput): boolean =>
  (job.skills ?? []).every((skill) => vehicle.skills?.includes(skill)) && !job.excluded?.includes(vehicle.key) && (!job.required?.length || job.required.includes(vehicle.key));

/**
 * Every rule that a plan breaks, in words for the log, and its cost, computed anew in the plainest way: it shares no code with the solver, so that both
 * must be wrong in the same way for a false plan to pass.
 */
export function checkPlan(input: ProblemInput, solution: Solution): { faults: string[]; cost: number } {
  const faults: string[] = [];
  const demand = (right: boolean, fault: string): void => void (right || faults.push(fault));
  const jobs = new Map(input.jobs.map((job) => [job.key, job]));
  const shifts = new Map(input.vehicles.flatMap((vehicle) => vehicle.shifts.map((shift) => [shift.key, { shift, vehicle }] as const)));
  const starts = new Map<string, { start: number; end: number; vehicle: string }>();
  const loads = new Map<string, number[]>();
  const work = new Map<string, number>();
  let cost = 0;
  for (const route of solution.routes) {
    const { shift, vehicle } = shifts.get(route.shift) ?? {};
    if (!shift || !vehicle) throw new Error('unknown shift');
    let place = shift.startLocation;
    let free = shift.from;
    const busy: [number, number][] = (shift.blocked ?? []).map(({ from, to }) => [from, to]);
    if (route.lunchStart !== null) {
      demand(shift.lunch !== undefined && route.lunchStart >= shift.lunch.from && route.lunchStart <= shift.lunch.to, `${route.shift}: break out of its window`);
      busy.push([route.lunchStart, route.lunchStart + (shift.lunch?.length ?? 0)]);
      demand(clear(shift.blocked?.map(({ from, to }) => [from, to]) ?? [], route.lunchStart, route.lunchStart + (shift.lunch?.length ?? 0)), `${route.shift}: break in a blocked time`);
    } else demand(!shift.lunch || route.finish <= shift.lunch.to, `${route.shift}: no break`);
    let total = 0;
    for (const stop of route.stops) {
      const job = jobs.get(stop.job);
      if (!job) throw new Error('unknown job');
      demand(!starts.has(stop.job), `${stop.job} twice`);
      starts.set(stop.job, { start: stop.start, end: stop.end, vehicle: vehicle.key });
      demand(allowed(job, vehicle), `${stop.job} on a vehicle that may not`);
      demand(stop.departure >= free, `${stop.job}: left before free`);
      demand(stop.arrival === arrive(input, vehicle, place, job.location, stop.departure), `${stop.job}: arrival`);
      demand(stop.start >= stop.arrival + (place === job.location ? 0 : (input.buffer ?? 0)), `${stop.job}: begun before arrival`);
      demand(stop.end === stop.start + job.service, `${stop.job}: end`);
      demand(job.pinnedStart === undefined ? !job.windows?.length || job.windows.some(({ from, to }) => stop.start >= from && stop.start <= to) : stop.start === job.pinnedStart, `${stop.job}: window`);
      demand(clear(busy, stop.departure, stop.arrival) && clear(busy, stop.start, stop.end), `${stop.job}: in a blocked time or break`);
      cost += travelCost(input, vehicle, place, job.location, stop.arrival - stop.departure) + startCosts(input, job, stop.start) + vehicleCosts(input, job, vehicle.key);
      total += stop.arrival - stop.departure + job.service;
      const load = loads.get(vehicle.key) ?? [];
      for (const [index, amount] of (job.demand ?? []).entries()) load[index] = (load[index] ?? 0) + amount;
      loads.set(vehicle.key, load);
      place = job.location;
      free = stop.end;
    }
    const home = shift.endLocation ?? place;
    const way = homeward(input, vehicle, shift, busy, place, home, free, route.finish);
    demand(way !== null, `${route.shift}: way home`);
    demand(route.finish <= shift.to + (shift.overtime ?? 0), `${route.shift}: too long`);
    cost += travelCost(input, vehicle, place, home, way ?? 0) + input.weights.overtime * (shift.overtimeCost ?? 0) * Math.max(0, route.finish - shift.to);
    work.set(vehicle.key, (work.get(vehicle.key) ?? 0) + total + (way ?? 0));
  }
  for (const vehicle of input.vehicles) {
    demand((loads.get(vehicle.key) ?? []).every((amount, index) => amount <= (vehicle.capacity?.[index] ?? Infinity)), `${vehicle.key}: overloaded`);
    if (work.has(vehicle.key)) cost += vehicle.fixedCost ?? 0;
    cost += input.weights.fairness * ((work.get(vehicle.key) ?? 0) / (input.fairnessUnit ?? 3600)) ** 2;
  }
  for (const link of input.links ?? []) {
    const [first, second] = [starts.get(link.first), starts.get(link.second)];
    if (link.kind === 'together') demand(first?.start === second?.start && (!first || first.vehicle !== second?.vehicle), `crew ${link.first}`);
    else demand(!second || (first !== undefined && first.end + (link.gap ?? 0) <= second.start), `order ${link.first} ${link.second}`);
  }
  const left = input.jobs.filter(({ key }) => !starts.has(key));
  demand(left.map(({ key }) => key).toSorted().join() === solution.unassigned.map(({ job }) => job).toSorted().join(), 'unassigned jobs');
  for (const job of left) cost += input.weights.unserved * (job.unservedCost ?? 1_000_000);
  return { faults, cost };
}

function clear(busy: readonly (readonly number[])[], from: number, to: number): boolean {
  return from === to || busy.every(([start = 0, end = 0]) => to <= start || from >= end);
}

/** Travel of a way home that ends at `finish`; null where there is none after `free`. */
function homeward(input: ProblemInput, vehicle: VehicleInput, shift: ShiftInput, busy: readonly (readonly number[])[], place: number, home: number, free: number, finish: number): number | null {
  if (place === home) return finish >= free ? 0 : null;
  for (let departure = free; departure <= finish; departure++) {
    if (arrive(input, vehicle, place, home, departure) === finish && clear(busy, departure, finish)) return finish - departure;
  }
  return shift.endLocation === null ? 0 : null;
}
