/** How long and how to look. Without `iterations` the run ends by time. */
export interface SolveOptions {
  /** Whole number; the same seed and iterations give the same answer. Default 1. */
  seed?: number;
  /** Wall time in milliseconds; 0 takes the warm start and only puts in what is left. Default 5,000. */
  timeMs?: number;
  iterations?: number;
  /** Threads beside the caller's. Default 2; 0 runs in the caller's thread. */
  workers?: number;
  /** Routes to begin from: jobs by key in order, per shift. What does not fit is left to the search. */
  warmStart?: readonly { shift: string; jobs: readonly string[] }[];
}

/** Sent whenever a thread has found something better; `cost` never rises. */
export interface SolveProgress {
  elapsedMs: number;
  cost: number;
  unassigned: number;
  iterations: number;
}

/** The parts of a cost, weights applied; `total` is their sum. */
export interface CostParts {
  unserved: number;
  promise: number;
  overtime: number;
  travel: number;
  fairness: number;
  change: number;
  total: number;
}

/** A job in a route. */
export interface PlannedStop {
  job: string;
  /** Departure to it, arrival (without the buffer), begin and end of service. */
  departure: number;
  arrival: number;
  start: number;
  end: number;
  travelTime: number;
  distance: number;
  /** By how much a promise and a deadline are missed. */
  promiseMissed: number;
  deadlineMissed: number;
}

export interface PlannedRoute {
  shift: string;
  vehicle: string;
  stops: PlannedStop[];
  /** Leaving the start as late as the first job allows, and reaching the end. */
  departure: number;
  finish: number;
  lunchStart: number | null;
  overtime: number;
  travelTime: number;
  distance: number;
}

/**
 * What stands in a job's way. `skill` … `noShift`: no vehicle may do it at all (the first bar that all of them share, or the commonest);
 * `capacity`: the vans that may have not enough left; `link`: its crew mate or predecessor has no place; `time`: no free time within windows
 * and shifts; `cost`: it fits, but costs more than leaving it out.
 */
export type UnassignedReason = 'skill' | 'excluded' | 'notRequired' | 'noShift' | 'capacity' | 'window' | 'time' | 'link' | 'cost';

/** A way to fit an unassigned job when the named rules are bent; costs are what it adds. */
export interface Fit {
  shift: string;
  vehicle: string;
  /** Place in the route, 0 = first. */
  position: number;
  start: number;
  /** Which rules give way: empty where nothing does. */
  relax: readonly ('overtime' | 'window' | 'capacity')[];
  /** Overtime of the shift beyond what is allowed, lateness after the job's last window. */
  extraOvertime: number;
  lateness: number;
  addedTravelTime: number;
  addedDistance: number;
  addedCost: number;
}

export interface Unassigned {
  job: string;
  reason: UnassignedReason;
  /** Cheapest first, the best of each shift that may do it, at most three. */
  fits: Fit[];
}

export interface Solution {
  routes: PlannedRoute[];
  unassigned: Unassigned[];
  cost: CostParts;
  /** Best cost over time. */
  progress: SolveProgress[];
  iterations: number;
  elapsedMs: number;
}

