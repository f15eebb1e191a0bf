/**
 * What the solver takes and gives. Times are whole units of one clock counted from any common zero (the schedule uses seconds since the
 * first day's midnight); distances are whole metres, or any other unit. A window bounds the START of service, so a window that must hold
 * the whole service ends `service` earlier.
 */
export interface Window {
  /** First and last moment at which service may begin, both allowed. */
  from: number;
  to: number;
}

/** Cost of one unit of each goal; their sizes make the order of goals. Costs are real numbers and may be 0. */
export interface ObjectiveWeights {
  /** Multiplies a job's `unservedCost`. */
  unserved: number;
  /** Multiplies the cost of a missed promise, a missed deadline, a late start and a vehicle that is not the preferred one. */
  promise: number;
  /** Multiplies a shift's `overtimeCost` per unit of time. */
  overtime: number;
  /** Per unit of travelled time and of distance; multiplied by the vehicle's cost. */
  travelTime: number;
  distance: number;
  /** Per square of (work and travel of a vehicle / `fairnessUnit`), summed over vehicles: an even share is the cheapest. */
  fairness: number;
  /** Multiplies the cost of differing from the present plan. */
  change: number;
}

/** A job as the caller says it. Everything but key, place and service may be left out. */
export interface JobInput {
  /** Name of its own; the order of jobs in the input plays no part, only keys do. */
  key: string;
  location: number;
  service: number;
  /** Hard: service begins in one of these. None means at any time. */
  windows?: readonly Window[];
  /** Soft: outside of all of these each unit of time costs `promiseCost`. */
  promises?: readonly Window[];
  promiseCost?: number;
  /** Each unit of time by which service ends after it costs `deadlineCost`. */
  deadline?: number;
  deadlineCost?: number;
  /** Cost of each unit by which service begins later than it could at the earliest; makes the urgent come first. */
  startCost?: number;
  /** What leaving it out costs; an optional job has a small one. Default 1,000,000. */
  unservedCost?: number;
  /** What it takes of each of the vehicle's capacities (parts, weight), in the caller's order. */
  demand?: readonly number[];
  /** Numbers of the skills it needs, each below 1,024. */
  skills?: readonly number[];
  /** Vehicles by key. `required` leaves only these; `preferred` costs `preferredCost` elsewhere. */
  required?: readonly string[];
  excluded?: readonly string[];
  preferred?: readonly string[];
  preferredCost?: number;
  /** Service begins exactly then (told to people, already started). With `required` of one vehicle the job stands fast. */
  pinnedStart?: number;
  /** Where it stands in the present plan; a difference costs. */
  present?: { vehicle: string; start: number; vehicleCost: number; startCost: number };
}

/** A working stretch of a vehicle, usually a day. Every shift is one route. */
export interface ShiftInput {
  key: string;
  from: number;
  /** End of regular work. Work may go on for `overtime` more, each unit costing `overtimeCost`. */
  to: number;
  overtime?: number;
  overtimeCost?: number;
  startLocation: number;
  /** Null: the shift ends at the last job. */
  endLocation: number | null;
  /** Break that begins within the window and lasts `length`; not needed by a shift whose work is over before `to`. */
  lunch?: { from: number; to: number; length: number };
  /** Times when there is neither work nor travel. */
  blocked?: readonly Window[];
}

export interface VehicleInput {
  key: string;
  shifts: readonly ShiftInput[];
  skills?: readonly number[];
  /** Capacities over all of its shifts, in the order of demands; a missing one is unlimited. */
  capacity?: readonly number[];
  /** Travel takes this many thousandths of the table's time. Default 1,000. */
  speedFactor?: number;
  /** Multiplies the cost of its travel. Default 1. */
  cost?: number;
  /** Cost of using the vehicle at all. Default 0. */
  fixedCost?: number;
}

/** Two jobs that hang together. `together`: both begin at once, on different vehicles. `before`: `second` begins `gap` or more after `first` ends. */
export interface LinkInput {
  kind: 'together' | 'before';
  first: string;
  second: string;
  gap?: number;
}

/** Road factors by hour: from `from` on, travel takes `factor` thousandths of the table's time; before the first step the table's time. */
export interface TravelStep {
  from: number;
  factor: number;
}

export interface ProblemInput {
  jobs: readonly JobInput[];
  vehicles: readonly VehicleInput[];
  links?: readonly LinkInput[];
  /** Number of places; both tables have `locations`² cells, row = from. */
  locations: number;
  travelTime: Int32Array;
  distance: Int32Array;
  /** Ascending by `from`. */
  travelSteps?: readonly TravelStep[];
  /** Time kept free at each arrival at a job from another place. */
  buffer?: number;
  weights: ObjectiveWeights;
  /** Divides a vehicle's work before it is squared. Default 3,600. */
  fairnessUnit?: number;
}

/** Why a job cannot be done by a vehicle at all, as bits; 0 = it can. */
export const BARRED = { skill: 1, excluded: 2, notRequired: 4, capacity: 8, noShift: 16 } as const;

/** The same as flat tables. Jobs and vehicles are in the order of their keys. Made by `buildProblem` only. */
export interface Problem {
  jobs: number;
  vehicles: number;
  shifts: number;
  locations: number;
  jobKeys: readonly string[];
  vehicleKeys: readonly string[];
  shiftKeys: readonly string[];

  jobLocation: Int32Array;
  service: Int32Array;
  /** Windows of job j: cells windowAt[j] to windowAt[j + 1] of windowFrom and windowTo, ascending; every job has at least one. */
  windowAt: Int32Array;
  windowFrom: Int32Array;
  windowTo: Int32Array;
  promiseAt: Int32Array;
  promiseFrom: Int32Array;
  promiseTo: Int32Array;
  promiseCost: Float64Array;
  deadline: Int32Array;
  deadlineCost: Float64Array;
  startCost: Float64Array;
  unservedCost: Float64Array;
  dimensions: number;
  /** jobs × dimensions, vehicles × dimensions. */
  demand: Int32Array;
  capacity: Int32Array;
  /** jobs × vehicles: bits of BARRED, and the cost of giving the job to the vehicle (preference and change). */
  barred: Uint8Array;
  assignCost: Float64Array;
  /** Start in the present plan and the cost of each unit of difference; -1 = none. */
  presentStart: Int32Array;
  presentCost: Float64Array;
  /** Its place in the present plan: shift, or -1. */
  presentShift: Int32Array;
  /** Its vehicle there, or -1, and the cost of another one (part of assignCost). */
  presentVehicle: Int32Array;
  moveCost: Float64Array;
  /** The other job of a crew, or -1. */
  crewMate: Int32Array;
  /** Precedence pairs: first, second, gap. */
  orderFirst: Int32Array;
  orderSecond: Int32Array;
  orderGap: Int32Array;

  shiftVehicle: Int32Array;
  shiftFrom: Int32Array;
  shiftTo: Int32Array;
  shiftLatest: Int32Array;
  overtimeCost: Float64Array;
  startLocation: Int32Array;
  /** -1 = open end. */
  endLocation: Int32Array;
  /** Length 0 = none. */
  lunchFrom: Int32Array;
  lunchTo: Int32Array;
  lunchLength: Int32Array;
  blockedAt: Int32Array;
  blockedFrom: Int32Array;
  blockedTo: Int32Array;
  speedFactor: Int32Array;
  vehicleCost: Float64Array;
  fixedCost: Float64Array;

  travelTime: Int32Array;
  distance: Int32Array;
  stepFrom: Int32Array;
  stepFactor: Int32Array;
  buffer: number;
  weights: ObjectiveWeights;
  fairnessUnit: number;
}

export type { CostParts, Fit, PlannedRoute, PlannedStop, Solution, SolveOptions, SolveProgress, Unassigned, UnassignedReason } from './result.ts';
