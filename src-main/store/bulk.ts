import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Db } from './sqlite.ts';

/** Changesets that a file may hold and still count as fresh: its founding, and first accounts. */
const FRESH = 100;
/** Page cache while a file is being filled, in KiB: its indexes are written in random order. */
const CACHE_KIB = 786_432;

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
  try {
    return await work();
  } finally {
    db.raw.pragma('synchronous = FULL');
    db.raw.pragma('wal_checkpoint(TRUNCATE)');
    db.raw.pragma('wal_autocheckpoint = 2000');
    db.raw.pragma(`cache_size = -${usualCacheKib}`);
    db.raw.pragma('shrink_memory');
  }
}
