import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { packInto, unpackFile } from './packing.ts';
import { piecesOf, scrubbed } from './scrub.ts';

/** `clean`: packs what of an SQLite file is to be handed on; `whole`: packs a file as it is. */
export interface PackingTask {
  kind: 'clean' | 'whole' | 'unpack';
  from: string;
  to: string;
}

/** `sha256`: of the packed file; of no use to whoever unpacks it. */
interface Packed {
  whole: number;
  sha256: string;
}

export type PackingAnswer = { done: Packed | null } | { error: string; code: string | undefined };

/** Does a task in this thread. @returns null where a file to be cleaned has a layout that is not known, and nothing was written */
export async function runPacking({ kind, from, to }: PackingTask, signal?: AbortSignal): Promise<Packed | null> {
  if (kind === 'unpack') return { whole: await unpackFile(from, to, signal), sha256: '' };
  const handle = await open(from);
  try {
    const pieces = kind === 'clean' ? await scrubbed(handle) : piecesOf(handle);
    return pieces && (await packInto(bytesOf(pieces), to));
  } finally {
    await handle.close();
  }
}

async function* bytesOf(pieces: AsyncIterable<{ bytes: Buffer }>): AsyncGenerator<Buffer> {
  for await (const { bytes } of pieces) yield bytes;
}

/** The bundled script beside the program; absent where the sources run unbundled. */
function packerScript(): string | null {
  const file = fileURLToPath(new URL('./packer.mjs', import.meta.url));
  return existsSync(file) ? file : null;
}

/**
 * Does a task in a thread of its own: the program's other work is not held up, and collecting the garbage of so many large buffers costs
 * next to nothing in an empty heap, but a quarter to 40 % of the whole work in that of a program. @throws AppError CANCELLED; Error with the system's `code`
 */
function inThread(task: PackingTask, signal?: AbortSignal): Promise<Packed | null> {
  const script = packerScript();
  if (!script) return runPacking(task, signal);
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: task });
    const stop = (): void => {
      reject(new AppError('CANCELLED'));
      void worker.terminate();
    };
    worker.once('message', (answer: PackingAnswer) => ('done' in answer ? resolve(answer.done) : reject(Object.assign(new Error(answer.error), { code: answer.code }))));
    worker.once('error', reject);
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop);
      reject(new Error('the thread has ended'));
    });
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Packs what of a copy of an SQLite file, open nowhere, is to be handed on, see `scrubbed`. @returns null where its layout is not known */
export const packClean = (from: string, to: string): Promise<Packed | null> => inThread({ kind: 'clean', from, to });
/** Packs a file as it is. */
export const packWhole = (from: string, to: string): Promise<Packed> => inThread({ kind: 'whole', from, to }) as Promise<Packed>;
/** @returns the size of what was in it, in bytes. @throws as `unpackFile` and `inThread` do */
export const unpackTo = async (from: string, to: string, signal?: AbortSignal): Promise<number> => ((await inThread({ kind: 'unpack', from, to }, signal)) as Packed).whole;
