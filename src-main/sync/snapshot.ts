import { constants, copyFileSync, existsSync, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import { iso, type Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Moment } from '../../src-shared/sync/hlc.ts';
import type { Epoch } from '../../src-shared/sync/wire.ts';
import { getFact, readOwnDevice, setFact, type OwnDevice } from '../store/change-log.ts';
import type { Registry } from '../store/entity.ts';
import { nothingTouched } from '../store/mutate.ts';
import { migrate } from '../store/migrate.ts';
import { openDb, removeDb, type Db } from '../store/sqlite.ts';
import { createAliases } from './aliases.ts';
import { applyChange, openExchange, tentatively, type Exchange } from './exchange.ts';
import { asideName, effectiveOf, findChange, insertChange, listReturned, nextId, SELECT_CHANGES, STATES, toWire, type StoredChange } from './log.ts';
import { takeNewName } from './identity.ts';
import { RowTrouble } from './rows.ts';

/** Tables of the copy alone that a snapshot has all the same: what rows are found by, and the schema. */
export const KEPT = new Set(['local_migrations', 'local_company_keys', 'local_index_waiting']);
/** Tables of the old copy that are not taken along as they are. */
const NOT_CARRIED = new Set([...KEPT, 'local_facts', 'local_sync_returned', 'local_sync_bases', 'local_sync_cursors', 'local_sync_refused']);
const CARRIED_FACTS = ['clock_made', 'clock_offset', 'sync_contact'];

export interface SnapshotPlace {
  position: number;
  epoch: Epoch;
  /** The latest moment in it, as the hub has written it down. */
  seen?: Moment | undefined;
}

export const localTables = (db: Db, schema = 'main'): string[] => db.all<{ name: string }>(`SELECT name FROM ${schema}.sqlite_master WHERE type = 'table' AND name LIKE 'local\\_%' ESCAPE '\\'`).map((table) => table.name);

const MOMENTS = 'SELECT coalesce(eff_time, stamp_time) AS time, coalesce(eff_counter, stamp_counter) AS counter FROM changesets';
const NEVER: Moment = { time: 0, counter: 0 };
/** The latest moment of a device's own changes. */
export const lastOwn = (db: Db, alias: number): Moment => db.get<Moment>(`${MOMENTS} WHERE device = ? ORDER BY seq DESC LIMIT 1`, alias) ?? NEVER;
/** The latest moment of a whole log. */
const latestIn = (db: Db): Moment => db.get<Moment>(`${MOMENTS} ORDER BY 1 DESC, 2 DESC LIMIT 1`) ?? NEVER;

export interface SnapshotStart {
  snapshot: string;
  /** The file to make; the caller puts it where the organisation's file belongs. */
  file: string;
  registry: Registry;
  clock: Clock;
  /** The snapshot becomes the file, instead of being copied. */
  move?: boolean | undefined;
  /** The file of a copy that was left behind: its name, its unsent changes and its local tables go along. */
  old?: string | undefined;
}

/** Makes a device's file out of a hub's snapshot. @throws AppError BAD_REQUEST `snapshot_unknown` for a file that is no snapshot */
export function startFromSnapshot({ snapshot, file, registry, clock, move, old }: SnapshotStart): SnapshotPlace {
  if (existsSync(file)) throw new AppError('CONFLICT', { detail: 'file_exists' });
  if (move) renameSync(snapshot, file);
  else copyFileSync(snapshot, file, constants.COPYFILE_FICLONE);
  const db = openDb(file);
  try {
    const text = getFact(db, 'snapshot_of');
    if (text === null) throw new AppError('BAD_REQUEST', { detail: 'snapshot_unknown' });
    const place = JSON.parse(text) as SnapshotPlace;
    migrate(db, () => iso(clock.now()));
    const carried = old && parted(old, db, registry, clock, `${file}.old`);
    const before = carried ? openDb(carried, { readonly: true }) : null;
    try {
      const own = before ? readOwnDevice(before) : null;
      if (carried) db.raw.prepare('ATTACH DATABASE ? AS old').run(carried);
      db.raw.transaction(() => fill(db, { registry, clock, place, before, own })).immediate();
    } finally {
      before?.close();
      if (carried !== old) {
        db.raw.exec('DETACH DATABASE old');
        removeDb(`${file}.old`);
      }
    }
    return place;
  } catch (error) {
    db.close();
    removeDb(file);
    throw error;
  } finally {
    if (db.raw.open) db.close();
  }
}

/**
 * The old copy, or where the snapshot knows another history under its name (of a clone) a copy of it that has taken a new name: its own
 * changes would otherwise be taken for those. @returns the file to carry from
 */
function parted(old: string, snapshot: Db, registry: Registry, clock: Clock, file: string): string {
  const reading = openDb(old, { readonly: true });
  let fork: number | null = null;
  try {
    const own = readOwnDevice(reading);
    if (!own) return old;
    const there = snapshot.all<{ seq: number; hash: Buffer }>('SELECT c.seq, c.hash FROM changesets c JOIN devices d ON d.alias = c.device WHERE d.id = ? ORDER BY c.seq', own.id);
    const here = (seq: number): Buffer | undefined => reading.get<{ hash: Buffer }>('SELECT hash FROM changesets WHERE device = ? AND seq = ?', own.alias, seq)?.hash;
    fork = there.find(({ seq, hash }) => !here(seq)?.equals(hash))?.seq ?? null;
    if (fork === null) return old;
  } finally {
    reading.close();
  }
  removeDb(file);
  const whole = openDb(old);
  try {
    whole.raw.prepare('VACUUM INTO ?').run(file);
  } finally {
    whole.close();
  }
  const db = openDb(file);
  try {
    const own = readOwnDevice(db) as OwnDevice;
    const x = openExchange(db, nothingTouched(), { registry, own, now: clock.now(), apart: true });
    db.raw.transaction(() => {
      // Places are those of a life of the hub that the snapshot knows nothing of.
      db.run('UPDATE changesets SET position = NULL WHERE device = ? AND seq >= ?', own.alias, fork);
      takeNewName(x, fork);
      x.rows.finish();
      setFact(db, 'own_alias', String(x.own.alias));
    }).immediate();
  } finally {
    db.close();
  }
  return file;
}

interface Filling {
  registry: Registry;
  clock: Clock;
  place: SnapshotPlace;
  before: Db | null;
  own: OwnDevice | null;
}

function fill(db: Db, { registry, clock, place, before, own }: Filling): void {
  const id = own?.id ?? uuidv7();
  const alias = createAliases(db).of(id);
  db.run('UPDATE devices SET name = ? WHERE alias = ?', hostname(), alias);
  for (const key of CARRIED_FACTS) setFact(db, key, before && getFact(before, key));
  setFact(db, 'snapshot_of', null);
  setFact(db, 'own_alias', String(alias));
  setFact(db, 'sync_epoch', JSON.stringify(place.epoch));
  setFact(db, 'sync_cursor', String(place.position));
  setFact(db, 'sync_head', String(place.position));
  setFact(db, 'sync_floor', String(place.position));
  const seen = place.seen ?? latestIn(db);
  setFact(db, 'clock_seen', `${seen.time} ${seen.counter}`);
  setFact(db, 'sync_sent', String(nextId(db) - 1));
  if (!before) return;
  const x = openExchange(db, nothingTouched(), { registry, own: { ...(own as OwnDevice), alias, seen }, now: clock.now(), apart: true });
  carry(x, before);
  setFact(db, 'clock_seen', `${x.own.seen.time} ${x.own.seen.counter}`);
  x.rows.finish();
}

/** Changes of the old copy that the snapshot does not have (unsent, returned, or lost by a hub that was put back), in their order, and what belongs to the device alone. */
function carry(x: Exchange, before: Db): void {
  for (const table of localTables(x.db, 'old')) {
    if (NOT_CARRIED.has(table)) continue;
    const columns = x.db.all<{ name: string }>(`SELECT o.name FROM pragma_table_info('${table}', 'old') o JOIN pragma_table_info('${table}', 'main') m ON m.name = o.name`).map((column) => `"${column.name}"`);
    if (columns.length > 0) x.db.run(`INSERT OR IGNORE INTO main.${table} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM old.${table}`);
  }
  for (const change of before.all<StoredChange>(`${SELECT_CHANGES} WHERE c.ops <> '[]' ORDER BY c.id`)) {
    const wire = toWire(change);
    const there = findChange(x.db, x.rows.aliases, wire.device, wire.seq);
    if (there) {
      if (!there.hash.equals(change.hash)) keepAside(x, change, before);
      continue;
    }
    const effective = effectiveOf(change);
    const id = nextId(x.db);
    x.lastId = null;
    x.rows.aliases.of(wire.device);
    const stands = change.state === null || change.state === STATES.parkedAtHub || change.state === STATES.parked;
    let state = change.state;
    if (stands && !applies(x, wire, effective)) state = null;
    if (!stands || !findChange(x.db, x.rows.aliases, wire.device, wire.seq)) insertChange(x.db, x.rows.aliases, id, wire, { before: [], position: null, effective, state });
    else if (change.state === STATES.parkedAtHub) x.db.run('UPDATE changesets SET state = ? WHERE id = ?', change.state, id);
    const verdict = verdictOn(before, change);
    if (verdict) listReturned(x.db, id, verdict);
  }
}

interface KeptVerdict {
  kind: string;
  reason: string;
  why: string | null;
  at: string;
}

const verdictOn = (before: Db, { id }: StoredChange): KeptVerdict | undefined => before.get<KeptVerdict>('SELECT kind, reason, why, at FROM local_sync_returned WHERE changeset = ?', id);

/** What another one has written, where the snapshot knows another history under his name: it stays readable, as after the hub's word. */
function keepAside(x: Exchange, change: StoredChange, before: Db): void {
  const device = asideName(change.device_id, change.hash);
  x.rows.aliases.of(device);
  if (findChange(x.db, x.rows.aliases, device, change.seq)) return;
  const id = nextId(x.db);
  x.lastId = null;
  insertChange(x.db, x.rows.aliases, id, { ...toWire(change), device }, { before: [], position: null, effective: effectiveOf(change), state: STATES.movedAside });
  listReturned(x.db, id, verdictOn(before, change) ?? { kind: 'returned', reason: 'forked', why: null, at: iso(x.now) });
}

/** A change on a row that is gone meanwhile waits all the same, in no row (`UNAPPLIED`): the hub says what becomes of it. */
function applies(x: Exchange, wire: ReturnType<typeof toWire>, effective: ReturnType<typeof effectiveOf>): boolean {
  return tentatively<boolean>(
    x,
    () => {
      applyChange(x, wire, { position: null, effective });
      return true;
    },
    (error) => {
      if (!(error instanceof RowTrouble)) throw error;
      return false;
    },
  );
}
