import { parentPort, workerData } from 'node:worker_threads';
import { runPacking, type PackingAnswer, type PackingTask } from './packing-thread.ts';

async function answerTo(task: PackingTask): Promise<PackingAnswer> {
  try {
    return { done: await runPacking(task) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), code: (error as NodeJS.ErrnoException).code };
  }
}

// Each thread has one task.
parentPort?.postMessage(await answerTo(workerData as PackingTask));
