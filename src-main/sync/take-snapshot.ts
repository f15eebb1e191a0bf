import { existsSync, renameSync, statSync } from 'node:fs';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { laterOf } from '../../src-shared/sync/hlc.ts';
import type { Epoch } from '../../src-shared/sync/wire.ts';
import { setFact } from '../store/change-log.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { packClean, packWhole } from '../store/packing-thread.ts';
import { hashOfFile, scrubFile } from '../store/scrub.ts';
import { openDb, removeDb } from '../store/sqlite.ts';
import { publishOwn, readEpoch } from './log.ts';
import { KEPT, lastOwn, localTables } from './snapshot.ts';
import type { SnapshotTaken } from './types.ts';

/**
 * A consistent copy of the hub's file for other devices: nothing of this device alone, no security events, nothing deleted; its place is
 * written in it. `isPacked`: the file holds the copy packed (see `packInto`).
 */
export async function takeSnapshot(store: OrganizationStore, file: string, isPacked = false): Promise<SnapshotTaken> {
  if (existsSync(file)) throw new AppError('CONFLICT', { detail: 'file_exists' });
  const copy = isPacked ? `${file}.copy` : file;
  try {
    await store.copyTo(copy, true);
    const place = strip(store, copy);
    if (isPacked) return { ...place, ...((await packClean(copy, file)) ?? (await writtenAnew(copy, () => packWhole(copy, file)))) };
    const sha256 = (await scrubFile(file)) ?? (await writtenAnew(file, () => hashOfFile(file)));
    return { ...place, sha256, whole: statSync(file).size };
  } finally {
    if (isPacked) removeDb(copy);
  }
}

/** A copy of a layout that cannot be gone through page by page is written anew, by which it loses what was deleted. */
async function writtenAnew<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = `${file}.whole`;
  renameSync(file, before);
  const db = openDb(before);
  try {
    db.raw.prepare('VACUUM INTO ?').run(file);
  } finally {
    db.close();
    removeDb(before);
  }
  return work();
}

/** Takes out of a copy of the hub's file what is not for others, and writes its place into it. */
function strip(store: OrganizationStore, file: string): Pick<SnapshotTaken, 'position' | 'epoch'> {
  const db = openDb(file);
  try {
    // What holds the copy up is not the disk: whoever gets it has its hash.
    db.raw.pragma('synchronous = OFF');
    db.raw.pragma('secure_delete = ON');
    // What was written since the last contact gets the place that it will have in the hub's own file, since own changes are placed first.
    const place = { position: publishOwn(db, store.own.alias), epoch: readEpoch(db) as Epoch };
    for (const table of localTables(db)) if (!KEPT.has(table)) db.run(`DELETE FROM ${table}`);
    db.run('DELETE FROM security_events');
    // As a rule there are none, which the indexes tell; to delete them is to look through the whole log.
    if (db.get('SELECT 1 WHERE (SELECT count(*) FROM changesets) > (SELECT count(*) FROM changesets WHERE position IS NOT NULL)')) {
      db.run('DELETE FROM change_rows WHERE changeset IN (SELECT id FROM changesets WHERE position IS NULL)');
      db.run('DELETE FROM changesets WHERE position IS NULL');
    }
    setFact(db, 'snapshot_of', JSON.stringify({ ...place, seen: laterOf(store.own.seen, lastOwn(db, store.own.alias)) }));
    db.raw.pragma('wal_checkpoint(TRUNCATE)');
    return place;
  } finally {
    db.close();
  }
}
