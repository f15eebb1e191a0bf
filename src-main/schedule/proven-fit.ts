import { checkPlan } from './check/check-plan.ts';
import { solve } from './solver/solve.ts';
import type { Fit, JobInput, ProblemInput } from './solver/problem.ts';
import type { PlannedRoute, Solution } from './solver/result.ts';

const WORTH_ANYTHING = 1_000_000_000;

/** Travel of a checked route: what stands between its stops, and the way home. */
const travelOf = (route: Pick<PlannedRoute, 'travelTime' | 'distance'> | undefined): { time: number; metres: number } => ({ time: route?.travelTime ?? 0, metres: route?.distance ?? 0 });

/**
 * Holds a way to fit a job against the independent check: the one shift is planned anew with the rules bent as the way says, and must be sound. Jobs
 * that hang together with others stay at their times. @returns the way with the numbers of the checked route; null where it does not hold
 */
export async function provenFit(input: ProblemInput, plan: readonly Pick<PlannedRoute, 'shift' | 'stops' | 'travelTime' | 'distance'>[], key: string, fit: Fit): Promise<Fit | null> {
  const vehicle = input.vehicles.find((one) => one.key === fit.vehicle);
  const shift = vehicle?.shifts.find((one) => one.key === fit.shift);
  const job = input.jobs.find((one) => one.key === key);
  if (!vehicle || !shift || !job) return null;
  const before = plan.find((route) => route.shift === fit.shift);
  const stops = before?.stops ?? [];
  const linked = new Set((input.links ?? []).flatMap((link) => [link.first, link.second]));
  const starts = new Map(stops.map((stop) => [stop.job, stop.start]));
  const others = input.jobs.flatMap((one): JobInput[] => {
    const start = starts.get(one.key);
    return start === undefined ? [] : [linked.has(one.key) ? { ...one, pinnedStart: start } : one];
  });
  const { demand, ...light } = job;
  const bent: JobInput = {
    ...(fit.relax.includes('capacity') ? light : { ...light, ...(demand ? { demand } : {}) }),
    ...(fit.relax.includes('window') && job.windows ? { windows: job.windows.map((window) => ({ from: window.from, to: window.to + fit.lateness })) } : {}),
    // The question is whether it fits, not whether it is worth its price.
    unservedCost: WORTH_ANYTHING,
  };
  const small: ProblemInput = { ...input, links: [], jobs: [...others, bent], vehicles: [{ ...vehicle, shifts: [{ ...shift, overtime: (shift.overtime ?? 0) + fit.extraOvertime }] }] };
  const keys = stops.map((stop) => stop.job);
  const solution: Solution = await solve(small, { seed: 1, timeMs: 0, workers: 0, warmStart: [{ shift: fit.shift, jobs: [...keys.slice(0, fit.position), key, ...keys.slice(fit.position)] }] });
  const after = solution.routes.find((route) => route.shift === fit.shift);
  const stop = after?.stops.find((one) => one.job === key);
  if (!after || !stop || solution.unassigned.length > 0 || checkPlan(small, solution).faults.length > 0) return null;
  const [was, is] = [travelOf(before), travelOf(after)];
  return { ...fit, start: stop.start, addedTravelTime: is.time - was.time, addedDistance: is.metres - was.metres };
}
