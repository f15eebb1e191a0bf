import { parentPort } from 'node:worker_threads';
import { runTask, type ThreadJob } from './task.ts';

parentPort?.on('message', (job: ThreadJob) => {
  try {
    parentPort?.postMessage({ done: runTask(job, (news) => parentPort?.postMessage({ news })) });
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
