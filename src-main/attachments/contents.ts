import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { isSha256 } from '../../src-shared/attachments/rules.ts';
import { iso, type Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { roleOf } from '../store/change-log.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { diskError, moveToPlace, readRange, sha256Of, sizeOfFile, writePart, writeStream, type OpenFile, type Stored } from './files.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A file on its way in that nobody has gone on with for this long is given up. */
const INCOMING_KEPT_MS = 14 * DAY;
/** On a device: a content that the hub has never had stays for this long without a row, since a change that was returned may be sent again. */
const UNSENT_KEPT_MS = 30 * DAY;

/** A file that grows piece by piece under a name of its own. */
export interface Growing {
  /** Bytes that are there. */
  size(): Promise<number>;
  /** @throws AppError STORE_UNAVAILABLE */
  append(offset: number, bytes: Uint8Array): Promise<void>;
  /** Reads it from the disk and hashes it. */
  whole(): Promise<Stored>;
  /** Makes it the content of that hash: on the disk, in its place, in the journal, in this order. */
  keep(stored: Stored): Promise<void>;
  discard(): Promise<void>;
}

/** Contents under way to the hub or from it, and why they do not move. */
export interface Traffic {
  moving: { direction: 'up' | 'down'; done: number; size: number } | null;
  trouble: AppError | null;
}

/**
 * Contents of one organisation's files, by their SHA-256, in the data folder. What the journal names is whole; what it does not name is
 * not there, whatever lies on the disk. A path is made of a hash, never of a name.
 */
export interface Contents {
  /** Bytes of a content that is here; null where it is not. */
  sizeOf(sha256: string): number | null;
  /** The same, held against the disk: where somebody has tidied up by hand, the journal does not go on saying that it is here. */
  found(sha256: string): Promise<number | null>;
  /** @throws AppError NOT_FOUND `content_not_here` */
  read(sha256: string, range?: { start: number; end?: number }): NodeJS.ReadableStream;
  pathOf(sha256: string): string;
  /** Takes a stream in whole; what is known already is stored once. The content stays even without a row until `release`. @throws AppError TOO_LARGE, INVALID, STORE_UNAVAILABLE */
  take(source: AsyncIterable<Uint8Array>, max: number): Promise<Stored & { release: () => void }>;
  growing(name: string): Growing;
  /** Keeps a content from being swept while its row is being written. @returns the end of that */
  hold(sha256: string): () => void;
  /** A content that turned out damaged is not here any more; what lies on the disk is put aside. */
  damaged(sha256: string): void;
  /** Holds the journal against the folder, as after the database came back from a backup: what lies whole in its place is here, what does not is not. */
  adopt(): void;
  /** Removes contents that no row refers to, and what never arrived whole. @returns how many contents went */
  sweep(): number;
  /**
   * Removes files that nothing has named for long: a crash between the move to their place and the journal leaves them. Young ones may be those of rows that an older
   * backup lacks and others will bring back. Reads the whole folder. @returns how many went
   */
  sweepUnnamed(): number;
  /** What the connection to the hub is doing with contents; written by whoever carries them. */
  readonly traffic: Traffic;
  /** Calls back whenever what is here, or on the hub, has changed. */
  onChange(listener: () => void): () => void;
  changed(): void;
}

interface Options {
  /** Folder of this organisation's contents. */
  folder: string;
  clock: Clock;
  /** The open store, asked for each time: it is replaced when a copy starts anew. */
  store(): OrganizationStore;
  openFile?: OpenFile;
}

export function createContents({ folder, clock, store, openFile = open }: Options): Contents {
  const incoming = join(folder, 'incoming');
  const held = new Map<string, number>();
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const pathOf = (sha256: string): string => {
    if (!isSha256(sha256)) throw new AppError('INVALID', { field: 'sha256', detail: 'wrong_value' });
    return join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  };
  const journal = ({ sha256, size }: Stored): void =>
    void store().local.run(
      'INSERT INTO local_contents (sha256, size, stored_at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET size = excluded.size, stored_at = coalesce(stored_at, excluded.stored_at)',
      sha256,
      size,
      iso(clock.now()),
    );
  const hold = (sha256: string): (() => void) => {
    held.set(sha256, (held.get(sha256) ?? 0) + 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = (held.get(sha256) ?? 1) - 1;
      if (left > 0) held.set(sha256, left);
      else held.delete(sha256);
    };
  };
  /** A file that is whole becomes the content of its hash; one that is there already stays. */
  const keep = async (file: string, stored: Stored): Promise<void> => {
    const place = pathOf(stored.sha256);
    const release = hold(stored.sha256);
    try {
      if (isHere(stored.sha256) && (await sizeOfFile(place)) === stored.size) await rm(file, { force: true });
      else await moveToPlace(file, place);
      journal(stored);
    } finally {
      release();
    }
    changed();
  };
  const sizeOf = (sha256: string): number | null => store().read.get<{ size: number }>('SELECT size FROM local_contents WHERE sha256 = ? AND stored_at IS NOT NULL', sha256)?.size ?? null;
  const isHere = (sha256: string): boolean => sizeOf(sha256) !== null;
  const giveUp = (sha256: string): void => void store().local.run('UPDATE local_contents SET stored_at = NULL WHERE sha256 = ?', sha256);
  const damaged = (sha256: string): void => {
    giveUp(sha256);
    renameAside(pathOf(sha256));
    changed();
  };

  return {
    traffic: { moving: null, trouble: null },
    pathOf,
    hold,
    changed,
    sizeOf,
    found: async (sha256) => {
      const size = sizeOf(sha256);
      if (size === null || (await sizeOfFile(pathOf(sha256))) === size) return size;
      damaged(sha256);
      return null;
    },
    read: (sha256, range) => {
      if (!isHere(sha256)) throw new AppError('NOT_FOUND', { detail: 'content_not_here' });
      return readRange(pathOf(sha256), range);
    },
    take: async (source, max) => {
      const file = join(incoming, `${uuidv7()}.part`);
      const stored = await writeStream(file, source, max, openFile);
      const release = hold(stored.sha256);
      try {
        await keep(file, stored);
        return { ...stored, release };
      } catch (error) {
        release();
        await rm(file, { force: true });
        throw error;
      }
    },
    growing: (name) => {
      const file = join(incoming, `${name.replace(/[^\w.-]/g, '')}.part`);
      return {
        size: async () => (await sizeOfFile(file)) ?? 0,
        append: (offset, bytes) => writePart(file, offset, bytes, openFile),
        whole: () =>
          sha256Of(file).catch((error: unknown) => {
            throw diskError(error, file);
          }),
        keep: (stored) => keep(file, stored),
        discard: () => rm(file, { force: true }),
      };
    },
    damaged,
    adopt: () => {
      const journaled = store().read.all<{ sha256: string }>('SELECT sha256 FROM local_contents WHERE stored_at IS NOT NULL');
      // One look at the folder: asking for each of many thousand files would hold up the start.
      const there = new Set(journaled.length > 0 ? filesIn(folder) : []);
      // Otherwise a hub without its folder says that it has what it lacks, and nobody sends it; a device fetches nothing.
      const lost = journaled.filter(({ sha256 }) => !there.has(sha256));
      if (lost.length > 0) store().local.transaction(() => lost.forEach(({ sha256 }) => giveUp(sha256)));
      const unnamed = store().read.all<Stored>('SELECT DISTINCT a.sha256, a.size FROM attachments a LEFT JOIN local_contents c ON c.sha256 = a.sha256 WHERE c.stored_at IS NULL');
      for (const stored of unnamed) if (isSha256(stored.sha256) && statSync(pathOf(stored.sha256), { throwIfNoEntry: false })?.size === stored.size) journal(stored);
    },
    sweep: () => {
      const opened = store();
      const before = iso(clock.now() - UNSENT_KEPT_MS);
      const isDevice = roleOf(opened.read) === 'device';
      const loose = opened.read
        .all<{ sha256: string; stored_at: string | null; hub_epoch: string | null }>('SELECT c.sha256, c.stored_at, c.hub_epoch FROM local_contents c WHERE NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = c.sha256) AND NOT EXISTS (SELECT 1 FROM local_uploads u WHERE u.sha256 = c.sha256)')
        .filter((one) => !held.has(one.sha256) && !(isDevice && one.stored_at !== null && one.hub_epoch === null && one.stored_at > before));
      for (const { sha256 } of loose) {
        rmSync(pathOf(sha256), { force: true });
        opened.local.run('DELETE FROM local_contents WHERE sha256 = ?', sha256);
      }
      opened.local.run('DELETE FROM local_uploads WHERE updated_at < ?', iso(clock.now() - INCOMING_KEPT_MS));
      sweepIncoming(incoming, clock.now() - INCOMING_KEPT_MS);
      if (loose.length > 0) changed();
      return loose.length;
    },
    sweepUnnamed: () => {
      const named = new Set(store().read.all<{ sha256: string }>('SELECT sha256 FROM local_contents UNION SELECT sha256 FROM attachments UNION SELECT sha256 FROM local_uploads WHERE sha256 IS NOT NULL').map(({ sha256 }) => sha256));
      const before = clock.now() - UNSENT_KEPT_MS;
      const unnamed = filesIn(folder).filter((sha256) => !named.has(sha256) && !held.has(sha256) && (statSync(pathOf(sha256), { throwIfNoEntry: false })?.mtimeMs ?? before) < before);
      for (const sha256 of unnamed) rmSync(pathOf(sha256), { force: true });
      return unnamed.length;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Out of the way, for a person to look at; there may be nothing left of it. */
function renameAside(file: string): void {
  rmSync(`${file}.damaged`, { force: true });
  try {
    renameSync(file, `${file}.damaged`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw diskError(error, file);
  }
}

/** Pieces that nobody goes on with. */
function sweepIncoming(folder: string, before: number): void {
  for (const name of namesIn(folder)) {
    const file = join(folder, name);
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? before) < before) rmSync(file, { force: true });
  }
}

/** The contents that lie in a folder, by their names. */
const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => basename(path)).filter(isSha256) : []);

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
