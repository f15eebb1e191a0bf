import type { Exchange } from '../exchange.ts';
import type { Problem } from '../problem.ts';
import { RichSearch, type RichPlan, type RichStart } from './search.ts';

export interface RichTask {
  problem: Problem;
  seed: number;
  /** Moment (Date.now) at which to end; of no effect where steps are counted. */
  until: number;
  /** Steps of each thread; 0 = by time. */
  iterations: number;
  begin: number[][];
}

const EXCHANGE_EVERY = 1000;
const CLOCK_EVERY = 8;
/** Few jobs need no long run: after so many steps for each job it ends before its time. */
const STEPS_PER_JOB = 4000;

/** Routes, then bounds of the links; −1, which closes a list on its way, is left free. */
export const packPlan = ({ routes, release, latest }: RichPlan): number[][] => [...routes.map((route) => [...route]), ...[release, latest].map((bounds) => Array.from(bounds, (moment) => (moment < 0 ? moment - 1 : moment)))];

/** The inverse of `packPlan`. */
export function unpackPlan(lists: readonly (readonly number[])[]): Required<RichStart> {
  const bounds = lists.slice(-2).map((list) => Int32Array.from(list, (moment) => (moment < 0 ? moment + 1 : moment)));
  return { routes: lists.slice(0, -2), release: bounds[0] ?? new Int32Array(), latest: bounds[1] ?? new Int32Array() };
}

/** One thread's part of a run with all rules. */
export function runRich(task: RichTask, thread: number, exchange: Exchange, onBetter: (best: RichPlan, steps: number) => void): { best: RichPlan; steps: number } {
  const began = Date.now();
  const left = Math.max(1, task.until - began);
  const enough = STEPS_PER_JOB * task.problem.jobs;
  let share = 0;
  const search = new RichSearch(task.problem, {
    seed: task.seed * 7919 + thread * 104_729,
    begin: { routes: task.begin },
    progress: (steps) => {
      if (task.iterations > 0) return exchange.stopped ? 1 : steps / task.iterations;
      if (steps % CLOCK_EVERY === 0) share = exchange.stopped || Date.now() >= task.until ? 1 : Math.max((Date.now() - began) / left, steps / enough);
      return share;
    },
    onBetter,
    fromOutside: (steps, own) => {
      if (steps % EXCHANGE_EVERY !== 0) return null;
      const other = exchange.swap({ cost: own.cost, routes: packPlan(own) });
      return other && other.cost < own.cost - 1e-6 ? unpackPlan(other.routes) : null;
    },
  });
  return search.run();
}
