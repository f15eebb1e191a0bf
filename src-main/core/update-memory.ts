import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 as uuidv4 } from 'uuid';
import { z } from 'zod';
import { CHECK_OUTCOMES } from '../../src-shared/updates/model.ts';

const highest = z.object({ sequence: z.number().int(), digest: z.string() });
const attempt = z.object({ from: z.string(), to: z.string(), at: z.string() });

const memory = z.object({
  /** By this one an installation has its place in a staged roll-out. */
  installation: z.string().min(1),
  automatic: z.boolean(),
  /** The folder that this installation serves updates from, chosen on the page. */
  folder: z.string().nullable(),
  /** The newest statement believed so far, of each feed. */
  highest: z.record(z.string(), highest),
  last_check: z.object({ at: z.string(), outcome: z.enum(CHECK_OUTCOMES), version: z.string().nullable(), detail: z.string().nullable() }).nullable(),
  failures: z.number().int().min(0),
  /** An installer was started, and nobody has said yet what came of it. */
  attempt: attempt.nullable(),
  last_install: z.object({ from: z.string(), to: z.string(), at: z.string(), end: z.enum(['installed', 'not_installed']) }).nullable(),
});
export type Memory = z.infer<typeof memory>;

const FILE = 'updates.json';
const fresh = (): Memory => ({ installation: uuidv4(), automatic: true, folder: null, highest: {}, last_check: null, failures: 0, attempt: null, last_install: null });

/** What stands in the file; null where there is none, or none that can be read. */
export function readMemory(dataDir: string): Memory | null {
  try {
    return memory.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
  } catch {
    return null;
  }
}

/** What this installation remembers of updates, beside its data, since it concerns the program and no organisation. */
export interface UpdatesMemory {
  readonly now: Memory;
  /** Writes a change; the file is replaced whole. A disk that is full costs the memory of it, nothing else. */
  keep(change: Partial<Memory>): void;
}

export function openMemory(dataDir: string): UpdatesMemory {
  let now = readMemory(dataDir);
  const write = (): void => {
    const file = join(dataDir, FILE);
    try {
      writeFileSync(`${file}.part`, JSON.stringify(now, null, 2));
      renameSync(`${file}.part`, file);
    } catch {
      // It is kept until the program ends.
    }
  };
  return {
    get now() {
      if (!now) {
        now = fresh();
        write();
      }
      return now;
    },
    keep: (change) => {
      now = { ...(now ?? fresh()), ...change };
      write();
    },
  };
}
