import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { openDb, type SqlValue } from '../store/sqlite.ts';

/** Runs long reads beside the writer, in threads that can be killed: SQLite itself cannot be interrupted from JavaScript. */
export interface ReaderPool {
  all<T>(file: string, sql: string, params: SqlValue[], options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<T[]>;
  close(): Promise<void>;
}

interface Job {
  id: number;
  message: { id: number; file: string; sql: string; params: SqlValue[] };
  resolve: (rows: never[]) => void;
  reject: (error: unknown) => void;
  timeoutMs: number;
}

interface Seat {
  worker: Worker;
  job: Job | null;
  timer: NodeJS.Timeout | null;
  idle: NodeJS.Timeout | null;
}

const DEFAULT_TIMEOUT = 30_000;
/** A thread without work is ended after this time, so that an idle program holds no memory for it. */
const IDLE_MS = 30_000;

/** The bundled worker beside this file; absent when the sources run unbundled, where reads happen in this thread. */
export function readerScript(): string | null {
  const file = fileURLToPath(new URL('./reader.mjs', import.meta.url));
  return existsSync(file) ? file : null;
}

/** A pool of at most `size` threads. Without a bundled worker script reads run here, at once. */
export function createReaderPool(script: string | null, size = 2): ReaderPool {
  if (!script) return inlineReaders();
  const seats: Seat[] = [];
  const queue: Job[] = [];
  let nextId = 1;

  const drop = (seat: Seat): void => {
    const index = seats.indexOf(seat);
    if (index >= 0) seats.splice(index, 1);
    if (seat.timer) clearTimeout(seat.timer);
    if (seat.idle) clearTimeout(seat.idle);
    void seat.worker.terminate();
  };
  const fail = (seat: Seat, error: unknown): void => {
    const job = seat.job;
    seat.job = null;
    drop(seat);
    job?.reject(error);
    pump();
  };
  const open = (): Seat => {
    const seat: Seat = { worker: new Worker(script), job: null, timer: null, idle: null };
    seat.worker.unref();
    seat.worker.on('message', (answer: { id: number; rows?: never[]; error?: string }) => {
      const job = seat.job;
      if (!job || job.id !== answer.id) return;
      seat.job = null;
      if (seat.timer) clearTimeout(seat.timer);
      if (answer.rows) job.resolve(answer.rows);
      else job.reject(new Error(answer.error));
      seat.idle = setTimeout(() => drop(seat), IDLE_MS);
      seat.idle.unref();
      pump();
    });
    seat.worker.on('error', (error) => fail(seat, error));
    seats.push(seat);
    return seat;
  };
  const pump = (): void => {
    while (queue.length > 0) {
      const seat = seats.find((candidate) => !candidate.job) ?? (seats.length < size ? open() : undefined);
      const job = seat && queue.shift();
      if (!seat || !job) return;
      if (seat.idle) clearTimeout(seat.idle);
      seat.job = job;
      seat.timer = setTimeout(() => fail(seat, new AppError('TIMEOUT', {})), job.timeoutMs);
      seat.worker.postMessage(job.message);
    }
  };

  return {
    all: <T>(file: string, sql: string, params: SqlValue[], options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
      new Promise<T[]>((resolve, reject) => {
        const id = nextId++;
        const job: Job = { id, message: { id, file, sql, params }, resolve: resolve as (rows: never[]) => void, reject, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT };
        options.signal?.addEventListener(
          'abort',
          () => {
            const waiting = queue.indexOf(job);
            if (waiting >= 0) queue.splice(waiting, 1);
            const seat = seats.find((candidate) => candidate.job === job);
            if (seat) fail(seat, new AppError('CANCELLED', {}));
            else if (waiting >= 0) reject(new AppError('CANCELLED', {}));
          },
          { once: true },
        );
        queue.push(job);
        pump();
      }),
    close: async () => {
      for (const job of queue.splice(0)) job.reject(new AppError('CANCELLED', {}));
      await Promise.all(seats.splice(0).map((seat) => seat.worker.terminate()));
    },
  };
}

function inlineReaders(): ReaderPool {
  return {
    all: async <T>(file: string, sql: string, params: SqlValue[]) => {
      const db = openDb(file, { readonly: true });
      try {
        return db.all<T>(sql, ...params);
      } finally {
        db.close();
      }
    },
    close: async () => {},
  };
}
