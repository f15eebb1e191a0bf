import { Exchange, type SharedMemory } from './exchange.ts';
import { runPlain, type PlainTask } from './plain/run.ts';
import { packPlan, runRich, type RichTask } from './rich/run.ts';

/** The work itself: the classical problem, or one with all rules. */
export type TaskInput = { plain: PlainTask } | { rich: RichTask };

/** What a thread is given. */
export type ThreadJob = TaskInput & { thread: number; memory: SharedMemory; inStep: boolean };

/** What a thread tells on the way. */
export interface ThreadNews {
  cost: number;
  unassigned: number;
  steps: number;
}

/** What a thread answers. Routes hold numbers of jobs; with all rules the bounds of links follow them. */
export interface ThreadResult {
  best: { cost: number; routes: number[][] } | null;
  steps: number;
}

/** One thread's part of a run, start to end. */
export function runTask(job: ThreadJob, onNews: (news: ThreadNews) => void): ThreadResult {
  const exchange = new Exchange(job.memory, job.thread, job.inStep);
  try {
    if ('plain' in job) {
      const { best, steps } = runPlain(job.plain, job.thread, exchange, ({ distance }) => onNews({ cost: distance, unassigned: 0, steps: 0 }));
      return { best: best && { cost: best.distance, routes: best.routes }, steps };
    }
    const { best, steps } = runRich(job.rich, job.thread, exchange, ({ cost, unassigned }, reached) => onNews({ cost, unassigned, steps: reached }));
    return { best: { cost: best.cost, routes: packPlan(best) }, steps };
  } finally {
    exchange.finish();
  }
}
