import type { Exchange } from '../exchange.ts';
import { FleetSearch } from './fleet.ts';
import { Genetic } from './genetic.ts';
import type { Plain, PlainSolution } from './instance.ts';

export interface PlainTask {
  plain: Plain;
  seed: number;
  /** Moment (Date.now) at which to end; Infinity where steps are counted. */
  until: number;
  /** Steps of the genetic search; 0 = by time. */
  iterations: number;
  fewestVehicles: boolean;
}

const EXCHANGE_EVERY = 100;
/** Shares of the time for ruin and recreate, and for trying one vehicle less by genetic search. */
const FLEET_SHARE = 0.06;
const FLEET_SHARE_MOST = 0.5;
/** Customers that the first share is meant for; with more of them it grows. */
const FLEET_SIZE = 100;
const SQUEEZE_SHARE = 0.7;
const FLEET_STEPS = 20_000;

/** One thread's part of a run on a plain problem. */
export function runPlain(task: PlainTask, thread: number, exchange: Exchange, onBetter: (best: PlainSolution) => void): { best: PlainSolution | null; steps: number } {
  const began = Date.now();
  const left = task.until - began;
  const seed = task.seed * 7919 + thread * 104_729;
  let done = 0;
  let best: PlainSolution | null = null;
  const tell = (solution: PlainSolution): void => {
    const better = !best || (task.fewestVehicles && solution.routes.length !== best.routes.length ? solution.routes.length < best.routes.length : solution.distance < best.distance);
    if (!better) return;
    best = solution;
    exchange.tellRoutes(solution.routes.length);
    onBetter(solution);
  };
  const inTime = (steps: number, share: number, allowed: number): boolean =>
    task.iterations > 0 ? steps < allowed && !exchange.stopped : Date.now() < began + left * share && !exchange.stopped;
  const search = (vehicles: number, begin: PlainSolution | null, share: number, allowed: number, extra: number, stop: () => boolean): PlainSolution | null =>
    new Genetic(
      { ...task.plain, vehicles },
      {
        seed: seed + extra,
        begin,
        onBetter: tell,
        goesOn: (steps) => {
          const on = inTime(steps, share, allowed) && !stop();
          if (on) done++;
          return on;
        },
        fromOutside: (steps, own) => {
          if (steps % EXCHANGE_EVERY !== 0) return null;
          const other = exchange.swap(own && { cost: own.distance, routes: own.routes });
          return other && other.routes.length <= vehicles && (!own || other.cost < own.distance) ? { routes: other.routes, distance: other.cost, warp: 0, excess: 0 } : null;
        },
      },
    ).run();

  if (!task.fewestVehicles) {
    search(task.plain.vehicles, null, 1, task.iterations, 0, () => false);
    return { best, steps: done };
  }
  const fleet = new FleetSearch(task.plain, seed);
  const inStep = task.iterations > 0;
  const fleetShare = Math.min(FLEET_SHARE_MOST, FLEET_SHARE * Math.max(1, task.plain.clients / FLEET_SIZE));
  fleet.run((steps, routes) => inTime(steps, fleetShare, FLEET_STEPS) && (inStep || routes > fleet.floor), tell);
  share();
  const squeeze = Math.floor(task.iterations * SQUEEZE_SHARE);
  let vehicles = fewest();
  while (vehicles > fleet.floor && inTime(done, SQUEEZE_SHARE, squeeze)) {
    const target = vehicles - 1;
    const spent = done;
    const found = search(target, null, SQUEEZE_SHARE, squeeze - spent, target, () => (inStep ? (best?.routes.length ?? 0) : fewest()) <= target && best !== null);
    if (!found && fewest() > target) break;
    share();
    vehicles = Math.min(vehicles - 1, fewest());
  }
  share();
  search(fewest(), best, 1, task.iterations - done, 1, () => false);
  return { best, steps: done };

  function fewest(): number {
    return Math.min(best?.routes.length ?? task.plain.vehicles, inStep ? task.plain.vehicles : exchange.fewestRoutes);
  }

  /** Takes the other's solution where it has fewer routes. */
  function share(): void {
    const other = exchange.swap(best && { cost: best.distance + best.routes.length * 1e9, routes: best.routes });
    if (other && (!best || other.routes.length < best.routes.length)) tell({ routes: other.routes, distance: other.cost - other.routes.length * 1e9, warp: 0, excess: 0 });
  }
}
