import { closeSync, openSync, read as readFd } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { writeAll } from './file-bytes.ts';
import { openDb, type Db } from './sqlite.ts';

const readAt = promisify(readFd);
const PIECE = 1 << 20;
/** Pages that SQLite copies in one go where it copies itself: some milliseconds, after which others may work. */
const COPY_PAGES = 1_000;

/** Copies a file that is open and written to. */
export interface LiveCopies {
  /** The state of one moment, in a file of its own; on the disk unless it is but passing. @throws Error where the store is closed meanwhile */
  copyTo(target: string, isPassing?: boolean): Promise<void>;
  /** Ends the copying, before the connections close. @returns what is to be called once they are */
  end(): () => void;
}

interface Checkpoint {
  log: number;
  checkpointed: number;
}

/**
 * A reader holds the state of one moment; a checkpoint carries all of it out of the write-ahead log into the file, and nothing newer may
 * follow as long as the reader looks on (https://www.sqlite.org/wal.html#concurrency). So the file's bytes are that state and are copied
 * as such, for a quarter of what SQLite's own copying of pages takes. That does it where another reader holds the checkpoint up.
 */
export function createLiveCopies(db: Db, file: string): LiveCopies {
  // SQLite's locks on a file belong to the whole process, and closing any handle of it drops them: this one outlives the connections.
  let handle: number | null = null;
  const readers = new Set<Db>();
  let ended = false;
  const copyBytes = async (length: number, target: string, isPassing: boolean): Promise<void> => {
    handle ??= openSync(file, 'r');
    const to = await open(target, 'w', 0o600);
    try {
      const bytes = Buffer.allocUnsafe(PIECE);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await readAt(handle, bytes, 0, Math.min(PIECE, length - at), at);
        if (ended) throw new Error('the file is closed');
        if (bytesRead === 0) throw new Error('the file ends early');
        await writeAll(to, bytes.subarray(0, bytesRead), at);
        at += bytesRead;
      }
      if (!isPassing) await to.datasync();
    } finally {
      await to.close();
    }
  };
  return {
    copyTo: async (target, isPassing = false) => {
      const reader = openDb(file, { readonly: true });
      readers.add(reader);
      try {
        reader.raw.exec('BEGIN');
        const { length } = reader.get<{ length: number }>('SELECT page_count * page_size AS length FROM pragma_page_count, pragma_page_size') as { length: number };
        const [{ log, checkpointed }] = db.raw.pragma('wal_checkpoint(PASSIVE)') as [Checkpoint];
        if (log === checkpointed) return await copyBytes(length, target, isPassing);
      } finally {
        readers.delete(reader);
        reader.close();
      }
      await db.raw.backup(target, { progress: () => COPY_PAGES });
    },
    end: () => {
      ended = true;
      for (const reader of readers) reader.close();
      return () => {
        if (handle !== null) closeSync(handle);
        handle = null;
      };
    },
  };
}
