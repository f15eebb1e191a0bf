import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Db } from './sqlite.ts';

/** Changesets that a file may hold and still count as fresh: its founding, and first accounts. */
const FRESH = 100;
/** Page cache while a file is being filled, in KiB: its indexes are written in random order. */
const CACHE_KIB = 786_432;
/** FTS5's own settings for merging the pieces of an index, and those that put it off until all is written. */
const MERGE_AS_USUAL = { automerge: 4, crisismerge: 16 };
const MERGE_LATER = { automerge: 0, crisismerge: 1000 };
/** Pages of the write-ahead log before they are carried into the file: as usual, and while much is written on end. */
const CHECKPOINT_AS_USUAL = 2_000;
const CHECKPOINT_LATE = 20_000;
/** Page cache of a long write into a file that is in use, in KiB. */
const ROOM_KIB = 262_144;

/**
 * Fills a fresh file without waiting for the disk: `synchronous` is off until the work ends, when everything is put on the disk and
 * the usual settings return. A crash meanwhile may cost the file, so one that holds data is refused. @throws AppError CONFLICT
 */
export async function fillFresh<T>(db: Db, usualCacheKib: number, work: () => Promise<T>): Promise<T> {
  const held = db.get<{ n: number }>('SELECT count(*) AS n FROM (SELECT 1 FROM changesets LIMIT ?)', FRESH + 1)?.n ?? 0;
  if (held > FRESH) throw new AppError('CONFLICT', { detail: 'not_empty' });
  db.raw.pragma('synchronous = OFF');
  db.raw.pragma(`cache_size = -${CACHE_KIB}`);
  db.raw.pragma('wal_autocheckpoint = 60000');
  const indexes = searchIndexes(db);
  setMerging(db, indexes, MERGE_LATER);
  try {
    return await work();
  } finally {
    setMerging(db, indexes, MERGE_AS_USUAL);
    for (const index of indexes) db.raw.exec(`INSERT INTO ${index} (${index}) VALUES ('optimize')`);
    db.raw.pragma('synchronous = FULL');
    db.raw.pragma('wal_checkpoint(TRUNCATE)');
    db.raw.pragma(`wal_autocheckpoint = ${CHECKPOINT_AS_USUAL}`);
    db.raw.pragma(`cache_size = -${usualCacheKib}`);
    db.raw.pragma('shrink_memory');
  }
}

/** Lets long writes work in larger steps; where several go on at once, the last one to end puts things back. */
export interface Room {
  /** Much is about to be written. @returns what is to be called at its end */
  make(cacheKib?: number): () => void;
  within<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Much is written on end into a file that is in use: every commit is on the disk as ever, but the pages of the file and the pieces of
 * the search index, which each commit would rewrite anew, are put together seldom and at the end.
 */
export function createRoom(db: Db, usualCacheKib: number, settle: () => void): Room {
  // A program that died in the middle of a long write has left it so.
  const indexes = searchIndexes(db);
  const [any] = indexes;
  if (any && db.get<{ v: number }>(`SELECT v FROM ${any}_config WHERE k = 'automerge'`)?.v === MERGE_LATER.automerge) setMerging(db, indexes, MERGE_AS_USUAL);
  let users = 0;
  const enter = (cacheKib: number): void => {
    settle();
    if (users++ > 0) return;
    db.raw.pragma(`cache_size = -${cacheKib}`);
    db.raw.pragma(`wal_autocheckpoint = ${CHECKPOINT_LATE}`);
    setMerging(db, searchIndexes(db), MERGE_LATER);
  };
  const leave = (): void => {
    settle();
    if (--users > 0 || !db.raw.open) return;
    setMerging(db, searchIndexes(db), MERGE_AS_USUAL);
    db.raw.pragma('wal_checkpoint(PASSIVE)');
    db.raw.pragma(`wal_autocheckpoint = ${CHECKPOINT_AS_USUAL}`);
    db.raw.pragma(`cache_size = -${usualCacheKib}`);
    db.raw.pragma('shrink_memory');
  };
  return {
    make: (cacheKib = ROOM_KIB) => {
      enter(cacheKib);
      return leave;
    },
    within: async (work) => {
      enter(ROOM_KIB);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

const searchIndexes = (db: Db): string[] => db.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'").map((table) => table.name);

function setMerging(db: Db, indexes: readonly string[], settings: Record<string, number>): void {
  // FTS5 takes whole numbers only, and a JavaScript number is bound as a real one.
  const set = db.raw.transaction(() => {
    for (const index of indexes) for (const [name, value] of Object.entries(settings)) db.run(`INSERT INTO ${index} (${index}, rank) VALUES (?, ?)`, name, BigInt(value));
  });
  set.immediate();
}
