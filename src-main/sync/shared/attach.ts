import { existsSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../../src-shared/kernel/clock.ts';
import { getFact, setFact } from '../../store/change-log.ts';
import type { Registry } from '../../store/entity.ts';
import { SCHEMA } from '../../store/migrate.ts';
import type { OrganizationStore } from '../../store/organization-store.ts';
import { openDb, removeDb, type Db } from '../../store/sqlite.ts';
import { exchange } from '../exchange.ts';
import { hubSecret, takeDeviceName, takeHubName } from '../identity.ts';
import { nextId, publishOwn, readEpoch } from '../log.ts';
import { localTables, startFromSnapshot } from '../snapshot.ts';
import { TICK } from './copy.ts';
import type { PostgresLog } from './postgres.ts';

/** Which log a copy belongs to. */
const LOG = 'sync_log';
/** That this log was seen in the database: where it is missing there from then on, it was lost. */
const FOUNDED = 'sync_log_founded';
/** Tables of the copy alone that have to do with the log. */
const OF_THE_LOG = new Set(['local_migrations', 'local_facts', 'local_company_keys', 'local_sync_refused', 'local_sync_cursors']);

export const logOf = (db: Db): string | null => getFact(db, LOG);
export const isFounded = (db: Db): boolean => getFact(db, FOUNDED) !== null;

/** Has the copy found a log anew: the one that it belonged to is lost. Nothing happens where there is no copy. */
export function forgetLog(file: string): void {
  if (!existsSync(file)) return;
  const db = openDb(file);
  try {
    for (const fact of [LOG, FOUNDED, TICK]) setFact(db, fact, null);
  } finally {
    db.close();
  }
}

/** Writes the copy of the log out of the file of a hub that has kept the log itself until now. */
export async function copyOfHub(store: OrganizationStore, file: string): Promise<void> {
  removeDb(file);
  await store.copyTo(file);
  const db = openDb(file);
  try {
    for (const table of localTables(db)) if (!OF_THE_LOG.has(table)) db.run(`DELETE FROM ${table}`);
    db.run('DELETE FROM security_events');
    hubSecret(db);
  } finally {
    db.close();
  }
}

/**
 * Makes a device out of the file of a hub, once the copy of the log is on the disk: under a new name, since the copy goes on under the old
 * one, with everything in it read as of the log.
 */
export function leaveLog(store: OrganizationStore): void {
  exchange(store, (x) => {
    const head = publishOwn(x.db, x.own.alias);
    takeDeviceName(x);
    for (const fact of ['sync_hub', 'sync_hub_secret', 'sync_former']) setFact(x.db, fact, null);
    setFact(x.db, 'sync_cursor', String(head));
    setFact(x.db, 'sync_head', String(head));
    setFact(x.db, 'sync_sent', String(nextId(x.db) - 1));
  });
}

/** Opens the common log; the first turn gives it all that the copy holds. Cut off anywhere, it can be called again. */
export async function foundLog(store: OrganizationStore, log: PostgresLog, parts: { authority: string; secrets: Buffer }): Promise<void> {
  const epoch = readEpoch(store.read);
  if (!epoch) throw new Error('a copy without a log cannot found one');
  const id = logOf(store.read) ?? uuidv7();
  exchange(store, (x) => {
    setFact(x.db, LOG, id);
    setFact(x.db, TICK, null);
  });
  await log.found({ log_id: id, epoch, schema: SCHEMA, ...parts });
  exchange(store, (x) => setFact(x.db, FOUNDED, '1'));
}

/** The copy of the log out of another hub process's snapshot. `hubSecret`: by which all of them know their names. */
export function copyOfSnapshot(parts: { snapshot: string; file: string; registry: Registry; clock: Clock; log: string; hubSecret: string; open: (file: string) => OrganizationStore }): void {
  removeDb(parts.file);
  startFromSnapshot(parts);
  const store = parts.open(parts.file);
  try {
    exchange(store, (x) => {
      setFact(x.db, 'sync_hub', '1');
      setFact(x.db, 'sync_hub_secret', parts.hubSecret);
      setFact(x.db, LOG, parts.log);
      setFact(x.db, FOUNDED, '1');
      const { authority_device: authority } = x.db.get<{ authority_device: string }>('SELECT authority_device FROM organization LIMIT 1') ?? { authority_device: '' };
      x.own.former = [authority];
      takeHubName(x);
    });
  } finally {
    store.close();
  }
}
