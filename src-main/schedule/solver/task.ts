import { Exchange, type SharedMemory } from './exchange.ts';
import { runPlain, type PlainTask } from './plain/run.ts';

/** What a thread is given. */
export interface ThreadJob {
  thread: number;
  memory: SharedMemory;
  inStep: boolean;
  plain: PlainTask;
}

/** What a thread answers, and tells on the way. Routes hold numbers of jobs. */
export interface ThreadResult {
  best: { cost: number; routes: number[][]; unassigned: number } | null;
  steps: number;
}

/** One thread's part of a run, start to end. */
export function runTask(job: ThreadJob, onNews: (news: ThreadResult) => void): ThreadResult {
  const exchange = new Exchange(job.memory, job.thread, job.inStep);
  try {
    const { best, steps } = runPlain(job.plain, job.thread, exchange, (news) => onNews({ best: { cost: news.distance, routes: news.routes, unassigned: 0 }, steps: 0 }));
    return { best: best && { cost: best.distance, routes: best.routes, unassigned: 0 }, steps };
  } finally {
    exchange.finish();
  }
}
