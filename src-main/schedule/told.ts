import { arrive, checkPlan } from './check/check-plan.ts';
import type { ProblemInput, ShiftInput, Solution, VehicleInput } from './solver/problem.ts';

interface Told {
  job: string;
  start: number;
}

const NOTHING = { unserved: 0, promise: 0, overtime: 0, travel: 0, fairness: 0, change: 0, total: 0 };

/** Waits out the times without work; a way begun in none of them. */
function leave(input: ProblemInput, vehicle: VehicleInput, shift: ShiftInput, from: number, to: number, free: number, lunch: number | null): { departure: number; arrival: number } {
  const busy = [...(shift.blocked ?? []), ...(lunch === null ? [] : [{ from: lunch, to: lunch + (shift.lunch?.length ?? 0) }])].sort((a, b) => a.from - b.from);
  let departure = free;
  for (const { from: begin, to: end } of busy) if (from !== to && departure < end && arrive(input, vehicle, from, to, departure) > begin) departure = end;
  return { departure, arrival: arrive(input, vehicle, from, to, departure) };
}

/**
 * Holds one shift with visits at told starts against the independent check, with the break wherever it is sound.
 * @returns faults (none: sound) and what the shift costs, with the links to other shifts left out
 */
export function checkShift(input: ProblemInput, key: string, told: readonly Told[]): { faults: string[]; cost: number } {
  const vehicle = input.vehicles.find((one) => one.shifts.some((shift) => shift.key === key));
  const shift = vehicle?.shifts.find((one) => one.key === key);
  if (!vehicle || !shift) return { faults: ['unknown shift'], cost: 0 };
  const keys = new Set(told.map((one) => one.job));
  const small: ProblemInput = { ...input, links: [], jobs: input.jobs.filter((job) => keys.has(job.key)), vehicles: [{ ...vehicle, shifts: [shift] }] };
  const tries = [null, ...(shift.lunch ? breaksOf(small, vehicle, shift, told) : [])].map((lunch) => checkPlan(small, solutionOf(small, vehicle, shift, told, lunch)));
  return tries.reduce((best, one) => (one.faults.length < best.faults.length ? one : best));
}

/** Moments at which a break may begin: its earliest, the ends of the visits, and the arrivals at the next ones. */
function breaksOf(input: ProblemInput, vehicle: VehicleInput, shift: ShiftInput, told: readonly Told[]): number[] {
  const { from, to } = shift.lunch ?? { from: 0, to: -1 };
  const stops = solutionOf(input, vehicle, shift, told, null).routes[0]?.stops ?? [];
  const moments = [from, ...stops.flatMap((stop) => [stop.end, stop.arrival]), ...(shift.blocked ?? []).map((one) => one.to), shift.from];
  return [...new Set(moments.filter((moment) => moment >= from && moment <= to))];
}

function solutionOf(input: ProblemInput, vehicle: VehicleInput, shift: ShiftInput, told: readonly Told[], lunch: number | null): Solution {
  const jobs = new Map(input.jobs.map((job) => [job.key, job]));
  const length = input.locations;
  let place = shift.startLocation;
  let free = shift.from;
  let [travelTime, distance] = [0, 0];
  const stops = told.toSorted((a, b) => a.start - b.start).flatMap(({ job: key, start }) => {
    const job = jobs.get(key);
    if (!job) return [];
    const { departure, arrival } = leave(input, vehicle, shift, place, job.location, free, lunch);
    const metres = input.distance[place * length + job.location] ?? 0;
    travelTime += arrival - departure;
    distance += metres;
    place = job.location;
    free = Math.max(start + job.service, shift.from);
    return [{ job: key, departure, arrival, start, end: start + job.service, travelTime: arrival - departure, distance: metres, promiseMissed: 0, deadlineMissed: 0 }];
  });
  const home = stops.length === 0 ? place : (shift.endLocation ?? place);
  const last = leave(input, vehicle, shift, place, home, free, lunch);
  const afterLunch = lunch === null ? 0 : lunch + (shift.lunch?.length ?? 0);
  const finish = Math.max(last.arrival, place === home ? afterLunch : 0);
  const route = { shift: shift.key, vehicle: vehicle.key, stops, departure: stops[0]?.departure ?? shift.from, finish, lunchStart: lunch, overtime: Math.max(0, finish - shift.to), travelTime: travelTime + last.arrival - last.departure, distance };
  return { routes: stops.length === 0 ? [] : [route], unassigned: [], cost: NOTHING, progress: [], iterations: 0, elapsedMs: 0 };
}
