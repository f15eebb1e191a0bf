import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Db } from './sqlite.ts';

/** Changesets that a file may hold and still count as fresh: its founding, and first accounts. */
const FRESH = 100;
/** Page cache while a file is being filled, in KiB: its indexes are written in random order. */
const CACHE_KIB = 786_432;
/** FTS5's own settings for merging the pieces of an index, and those that put it off until all is written. */
const MERGE_AS_USUAL = { automerge: 4, crisismerge: 16 };
const MERGE_LATER = { automerge: 0, crisismerge: 1000 };

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
  const indexes = db.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'").map((table) => table.name);
  setMerging(db, indexes, MERGE_LATER);
  try {
    return await work();
  } finally {
    setMerging(db, indexes, MERGE_AS_USUAL);
    for (const index of indexes) db.raw.exec(`INSERT INTO ${index} (${index}) VALUES ('optimize')`);
    db.raw.pragma('synchronous = FULL');
    db.raw.pragma('wal_checkpoint(TRUNCATE)');
    db.raw.pragma('wal_autocheckpoint = 2000');
    db.raw.pragma(`cache_size = -${usualCacheKib}`);
    db.raw.pragma('shrink_memory');
  }
}

function setMerging(db: Db, indexes: readonly string[], settings: Record<string, number>): void {
  // FTS5 takes whole numbers only, and a JavaScript number is bound as a real one.
  for (const index of indexes) for (const [name, value] of Object.entries(settings)) db.run(`INSERT INTO ${index} (${index}, rank) VALUES (?, ?)`, name, BigInt(value));
}
