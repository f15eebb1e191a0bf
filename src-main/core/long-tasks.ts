import { v7 as uuidv7 } from 'uuid';
import { iso, type Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { LongTask } from '../../src-shared/progress/contract.ts';

/** What the work of a long task may do about itself. */
export interface TaskControl {
  readonly signal: AbortSignal;
  /** 0 to 1, or null while the total is not known; `best` is the cost of the best answer so far. */
  report(progress: number | null, best?: number): void;
  /** Lets other work go on; throws CANCELLED once the task was stopped. */
  breathe(): Promise<void>;
}

export interface LongTasks {
  /** Starts the work; it goes on after this returns. `onCancel` runs when somebody stops it. */
  start(owner: string, kind: string, title: string, work: (control: TaskControl) => Promise<void>, id?: string): LongTask;
  list(owner: string): LongTask[];
  cancel(owner: string, id: string): LongTask;
  /** How many are at work, whoever has started them. */
  running(): number;
  /** Stops everything and waits for it. */
  close(): Promise<void>;
}

interface Entry {
  owner: string;
  task: LongTask;
  abort: AbortController;
  finished: Promise<void>;
}

/** Why a task's signal is aborted when the program ends rather than somebody stops it. */
export const CLOSING = 'closing';

/** Ended tasks stay visible for this long. */
const KEEP_MS = 60_000;

export function createLongTasks(clock: Clock): LongTasks {
  const entries = new Map<string, Entry>();
  const prune = (): void => {
    for (const [id, entry] of entries) if (entry.task.state !== 'running' && clock.now() - Date.parse(entry.task.started_at) > KEEP_MS * 10) entries.delete(id);
  };
  return {
    start: (owner, kind, title, work, id = uuidv7()) => {
      prune();
      const abort = new AbortController();
      const task: LongTask = { id, kind, title, progress: null, best: null, state: 'running', error: null, started_at: iso(clock.now()) };
      const control: TaskControl = {
        signal: abort.signal,
        report: (progress, best) => {
          task.progress = progress;
          if (best !== undefined) task.best = best;
        },
        breathe: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          if (abort.signal.aborted) throw new AppError('CANCELLED', {});
        },
      };
      const finished = work(control).then(
        () => {
          task.progress = 1;
          task.state = 'done';
        },
        (error: unknown) => {
          task.state = abort.signal.aborted ? 'cancelled' : 'failed';
          task.error = task.state === 'failed' ? (error instanceof Error ? error.message : String(error)) : null;
        },
      );
      entries.set(id, { owner, task, abort, finished });
      return task;
    },
    list: (owner) => [...entries.values()].filter((entry) => entry.owner === owner).map((entry) => ({ ...entry.task })),
    cancel: (owner, id) => {
      const entry = entries.get(id);
      if (!entry || entry.owner !== owner) throw new AppError('NOT_FOUND', {});
      entry.abort.abort();
      return { ...entry.task };
    },
    running: () => [...entries.values()].filter((entry) => entry.task.state === 'running').length,
    close: async () => {
      for (const entry of entries.values()) entry.abort.abort(CLOSING);
      await Promise.allSettled([...entries.values()].map((entry) => entry.finished));
    },
  };
}
