import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { shareMemory, stopAll } from './exchange.ts';
import { runTask, type TaskInput, type ThreadJob, type ThreadNews, type ThreadResult } from './task.ts';

type Answer = { done: ThreadResult } | { news: ThreadNews } | { error: string };

/** The bundled script beside the program; where the sources run unbundled, the source itself. */
function workerScript(): URL {
  const bundled = new URL('./solver-worker.mjs', import.meta.url);
  return existsSync(bundled) ? bundled : new URL('./worker.ts', import.meta.url);
}

/**
 * Runs a task in `threads` threads (0: in this one) and gives their answers in the order of the threads. An abort lets them answer with what
 * they have.
 */
export async function runThreads(input: TaskInput, threads: number, inStep: boolean, cells: number, onNews: (news: ThreadNews) => void, signal?: AbortSignal): Promise<ThreadResult[]> {
  const memory = shareMemory(Math.max(1, threads), cells);
  if (signal?.aborted) stopAll(memory);
  if (threads === 0) return [runTask({ ...input, memory, thread: 0, inStep }, onNews)];
  const stop = (): void => stopAll(memory);
  signal?.addEventListener('abort', stop, { once: true });
  const workers: Worker[] = [];
  try {
    return await Promise.all(
      Array.from({ length: threads }, (_, thread) => {
        const worker = new Worker(workerScript());
        workers.push(worker);
        return new Promise<ThreadResult>((resolve, reject) => {
          worker.on('error', reject);
          worker.on('exit', (code) => reject(new Error(`a solver thread ended with ${code}`)));
          worker.on('message', (answer: Answer) => {
            if ('done' in answer) resolve(answer.done);
            else if ('news' in answer) onNews(answer.news);
            else reject(new Error(answer.error));
          });
          worker.postMessage({ ...input, memory, thread, inStep } satisfies ThreadJob);
        });
      }),
    );
  } finally {
    stop();
    signal?.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
