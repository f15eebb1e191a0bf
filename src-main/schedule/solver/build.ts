import { BARRED, type JobInput, type Problem, type ProblemInput, type VehicleInput, type Window } from './problem.ts';

const FOREVER = 1_000_000_000;
const UNLIMITED = 2_000_000_000;
const DEFAULT_UNSERVED = 1_000_000;

const byKey = <T extends { key: string }>(rows: readonly T[]): T[] => rows.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
const ints = (values: readonly number[]): Int32Array => Int32Array.from(values);
const reals = (values: readonly number[]): Float64Array => Float64Array.from(values);

/** Lists of windows one behind the other, with where each begins; those that overlap become one. */
function flatten(lists: readonly (readonly Window[])[]): { at: Int32Array; from: Int32Array; to: Int32Array } {
  const at = new Int32Array(lists.length + 1);
  const from: number[] = [];
  const to: number[] = [];
  for (const [index, list] of lists.entries()) {
    for (const window of list.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
      const last = to.length - 1;
      if (last >= (at[index] as number) && window.from <= (to[last] as number)) {
        to[last] = Math.max(to[last] as number, window.to);
        continue;
      }
      from.push(window.from);
      to.push(window.to);
    }
    at[index + 1] = from.length;
  }
  return { at, from: ints(from), to: ints(to) };
}

function windowsOf(job: JobInput): readonly Window[] {
  const windows = job.windows && job.windows.length > 0 ? job.windows : [{ from: -FOREVER, to: FOREVER }];
  const start = job.pinnedStart;
  return start === undefined ? windows : [{ from: start, to: start }];
}

/** Bits of BARRED for a job on a vehicle. */
function barsOf(job: JobInput, vehicle: VehicleInput): number {
  const can = new Set(vehicle.skills);
  let bars = vehicle.shifts.length === 0 ? BARRED.noShift : 0;
  if (job.skills?.some((skill) => !can.has(skill))) bars |= BARRED.skill;
  if (job.excluded?.includes(vehicle.key)) bars |= BARRED.excluded;
  if (job.required && job.required.length > 0 && !job.required.includes(vehicle.key)) bars |= BARRED.notRequired;
  if (job.demand?.some((amount, index) => amount > (vehicle.capacity?.[index] ?? UNLIMITED))) bars |= BARRED.capacity;
  return bars;
}

function assignCostOf(job: JobInput, vehicle: VehicleInput, weights: ProblemInput['weights']): number {
  const preferred = !job.preferred || job.preferred.length === 0 || job.preferred.includes(vehicle.key);
  const moved = job.present !== undefined && job.present.vehicle !== vehicle.key;
  return (preferred ? 0 : weights.promise * (job.preferredCost ?? 0)) + (moved ? weights.change * (job.present?.vehicleCost ?? 0) : 0);
}

function presentShiftOf(job: JobInput, shifts: readonly { owner: VehicleInput; from: number; latest: number }[]): number {
  const present = job.present;
  return present ? shifts.findIndex(({ owner, from, latest }) => owner.key === present.vehicle && present.start >= from && present.start <= latest) : -1;
}

function check(input: ProblemInput): void {
  const keys = [input.jobs.map((job) => job.key), input.vehicles.map((vehicle) => vehicle.key), input.vehicles.flatMap((vehicle) => vehicle.shifts.map((shift) => shift.key))];
  if (keys.some((list) => new Set(list).size !== list.length)) throw new RangeError('keys of jobs, vehicles and shifts are each given once');
  const cells = input.locations * input.locations;
  if (input.travelTime.length !== cells || input.distance.length !== cells) throw new RangeError('the travel tables have locations × locations cells');
  const known = (place: number | null): boolean => place === null || (Number.isInteger(place) && place >= 0 && place < input.locations);
  const places = [...input.jobs.map((job) => job.location), ...input.vehicles.flatMap((vehicle) => vehicle.shifts.flatMap((shift) => [shift.startLocation, shift.endLocation]))];
  if (!places.every(known)) throw new RangeError('a place is not in the travel tables');
}

/**
 * Turns an input into flat tables in an order of its own, so that the order of the input changes nothing. Weights of preference and change are
 * applied here.
 * @throws RangeError for keys given twice, tables of the wrong size, unknown places or linked jobs
 */
export function buildProblem(input: ProblemInput): Problem {
  check(input);
  const jobs = byKey(input.jobs);
  const vehicles = byKey(input.vehicles);
  const shifts = vehicles.flatMap((owner, vehicle) => owner.shifts.toSorted((a, b) => a.from - b.from || (a.key < b.key ? -1 : 1)).map((shift) => ({ ...shift, owner, vehicle, latest: shift.to + (shift.overtime ?? 0) })));
  const dimensions = Math.max(0, ...jobs.map((job) => job.demand?.length ?? 0));
  const perDimension = (index: number): number[] => Array.from({ length: index }, (_, at) => at);
  const indexOf = new Map(jobs.map((job, index) => [job.key, index]));
  const at = (key: string): number => {
    const index = indexOf.get(key);
    if (index === undefined) throw new RangeError(`a link names the unknown job ${key}`);
    return index;
  };
  const links = input.links ?? [];
  const crewMate = new Int32Array(jobs.length).fill(-1);
  for (const link of links.filter(({ kind }) => kind === 'together')) {
    const pair = [at(link.first), at(link.second)] as const;
    if (pair[0] === pair[1] || crewMate[pair[0]] !== -1 || crewMate[pair[1]] !== -1) throw new RangeError('a job has at most one crew mate');
    crewMate[pair[0]] = pair[1];
    crewMate[pair[1]] = pair[0];
  }
  const orders = links.filter(({ kind }) => kind === 'before').map((link) => ({ first: at(link.first), second: at(link.second), gap: link.gap ?? 0 })).toSorted((a, b) => a.first - b.first || a.second - b.second);
  const windows = flatten(jobs.map(windowsOf));
  const promises = flatten(jobs.map((job) => job.promises ?? []));
  const blocked = flatten(shifts.map((shift) => shift.blocked ?? []));
  const steps = input.travelSteps ?? [];
  return {
    jobs: jobs.length,
    vehicles: vehicles.length,
    shifts: shifts.length,
    locations: input.locations,
    jobKeys: jobs.map((job) => job.key),
    vehicleKeys: vehicles.map((vehicle) => vehicle.key),
    shiftKeys: shifts.map((shift) => shift.key),
    jobLocation: ints(jobs.map((job) => job.location)),
    service: ints(jobs.map((job) => job.service)),
    windowAt: windows.at,
    windowFrom: windows.from,
    windowTo: windows.to,
    promiseAt: promises.at,
    promiseFrom: promises.from,
    promiseTo: promises.to,
    promiseCost: reals(jobs.map((job) => input.weights.promise * (job.promiseCost ?? 0))),
    deadline: ints(jobs.map((job) => job.deadline ?? FOREVER)),
    deadlineCost: reals(jobs.map((job) => input.weights.promise * (job.deadlineCost ?? 0))),
    startCost: reals(jobs.map((job) => input.weights.promise * (job.startCost ?? 0))),
    unservedCost: reals(jobs.map((job) => input.weights.unserved * (job.unservedCost ?? DEFAULT_UNSERVED))),
    dimensions,
    demand: ints(jobs.flatMap((job) => perDimension(dimensions).map((index) => job.demand?.[index] ?? 0))),
    capacity: ints(vehicles.flatMap((vehicle) => perDimension(dimensions).map((index) => vehicle.capacity?.[index] ?? UNLIMITED))),
    barred: Uint8Array.from(jobs.flatMap((job) => vehicles.map((vehicle) => barsOf(job, vehicle)))),
    assignCost: reals(jobs.flatMap((job) => vehicles.map((vehicle) => assignCostOf(job, vehicle, input.weights)))),
    presentStart: ints(jobs.map((job) => job.present?.start ?? -1)),
    presentCost: reals(jobs.map((job) => (job.present ? input.weights.change * job.present.startCost : 0))),
    presentShift: ints(jobs.map((job) => presentShiftOf(job, shifts))),
    presentVehicle: ints(jobs.map((job) => vehicles.findIndex(({ key }) => key === job.present?.vehicle))),
    moveCost: reals(jobs.map((job) => input.weights.change * (job.present?.vehicleCost ?? 0))),
    crewMate,
    orderFirst: ints(orders.map(({ first }) => first)),
    orderSecond: ints(orders.map(({ second }) => second)),
    orderGap: ints(orders.map(({ gap }) => gap)),
    shiftVehicle: ints(shifts.map(({ vehicle }) => vehicle)),
    shiftFrom: ints(shifts.map(({ from }) => from)),
    shiftTo: ints(shifts.map(({ to }) => to)),
    shiftLatest: ints(shifts.map(({ latest }) => latest)),
    overtimeCost: reals(shifts.map((shift) => input.weights.overtime * (shift.overtimeCost ?? 0))),
    startLocation: ints(shifts.map((shift) => shift.startLocation)),
    endLocation: ints(shifts.map((shift) => shift.endLocation ?? -1)),
    lunchFrom: ints(shifts.map((shift) => shift.lunch?.from ?? 0)),
    lunchTo: ints(shifts.map((shift) => shift.lunch?.to ?? 0)),
    lunchLength: ints(shifts.map((shift) => shift.lunch?.length ?? 0)),
    blockedAt: blocked.at,
    blockedFrom: blocked.from,
    blockedTo: blocked.to,
    speedFactor: ints(vehicles.map((vehicle) => vehicle.speedFactor ?? 1000)),
    vehicleCost: reals(vehicles.map((vehicle) => vehicle.cost ?? 1)),
    fixedCost: reals(vehicles.map((vehicle) => vehicle.fixedCost ?? 0)),
    travelTime: input.travelTime,
    distance: input.distance,
    stepFrom: ints(steps.map(({ from }) => from)),
    stepFactor: ints(steps.map(({ factor }) => factor)),
    buffer: input.buffer ?? 0,
    weights: input.weights,
    fairnessUnit: input.fairnessUnit ?? 3600,
  };
}
