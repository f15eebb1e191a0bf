import type { Entity } from '../../src-shared/audit/model.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { laterOf, type Moment } from '../../src-shared/sync/hlc.ts';
import type { WireChangeset } from '../../src-shared/sync/wire.ts';
import { OP_KINDS, setFact, type Before, type Op, type OwnDevice } from '../store/change-log.ts';
import { clientRids, recordRow } from '../store/derived.ts';
import { metaOf, type Registry, type Row } from '../store/entity.ts';
import type { Touched } from '../store/mutate.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import type { Db } from '../store/sqlite.ts';
import { effectiveOf, insertChange, listReturned, nextId, SELECT_CHANGES, STATES, toWire, type StoredChange } from './log.ts';
import { readOps, rowIdsOf } from './ops.ts';
import { createRowWriter, RowTrouble, troubleOf, type RowWriter } from './rows.ts';
import type { Refused } from './types.ts';

/** One transaction of the engine: the writing connection, the rows, and this copy as it will be after the commit. */
export interface Exchange {
  db: Db;
  registry: Registry;
  rows: RowWriter;
  touched: Touched;
  own: OwnDevice;
  now: number;
  /** Rows that a parked changeset touches; whatever comes later for them waits behind it. */
  parkedRows: Set<string>;
  /** The last number that a changeset has in this copy; null where it is to be read. */
  lastId: number | null;
  /** At the hub: what this transaction refuses. */
  refused: Refused[];
  /** Whether each part that may fail has a savepoint of its own. */
  apart: boolean;
}

interface Opening {
  registry: Registry;
  own: OwnDevice;
  now: number;
  apart: boolean;
  /** Rows from which on their indexing is put off; never where it is left out. */
  indexLaterFrom?: number;
}

/** An exchange inside a transaction that is open; `rows.finish` ends it. */
export function openExchange(db: Db, touched: Touched, { indexLaterFrom = Number.POSITIVE_INFINITY, ...opening }: Opening): Exchange {
  return { ...opening, db, rows: createRowWriter(db, opening.registry, touched, indexLaterFrom), touched, parkedRows: readParkedRows(db), lastId: null, refused: [] };
}

/** Ends a transaction without savepoints in which a part has failed. */
class PartFailed extends Error {}

/**
 * Runs the work in one transaction; what it learned of this copy holds only once it is on the disk. Since nearly always nothing in it fails,
 * it is tried without savepoints, at each of which SQLite keeps every page once more, and done again with them where something does: the work
 * must leave nothing behind but in the store and in its result.
 */
export function exchange<T>(store: OrganizationStore, work: (x: Exchange) => T): T {
  const once = (apart: boolean): T => {
    const { run, keep } = prepare(store, work, apart);
    return keep(store.exchange(run));
  };
  try {
    return once(false);
  } catch (error) {
    return once(againApart(error));
  }
}

/** Has all of an exchange done again, with savepoints and without shortcuts. */
export function startOver(): never {
  throw new PartFailed();
}

/** The same, on the disk only once `confirm` has resolved; nobody else writes to the store meanwhile. */
export async function exchangeConfirmed<T>(store: OrganizationStore, work: (x: Exchange) => T, confirm: (result: T) => Promise<void>): Promise<T> {
  const once = async (apart: boolean): Promise<T> => {
    const { run, keep } = prepare(store, work, apart);
    return keep(await store.exchangeConfirmed(run, confirm));
  };
  try {
    return await once(false);
  } catch (error) {
    return once(againApart(error));
  }
}

/** @returns true where a part of an exchange has failed. @throws whatever else has */
function againApart(error: unknown): true {
  if (error instanceof PartFailed) return true;
  throw error;
}

interface Prepared<T> {
  run: (db: Db, touched: Touched) => T;
  /** To be called once it is on the disk. */
  keep: (result: T) => T;
}

function prepare<T>(store: OrganizationStore, work: (x: Exchange) => T, apart: boolean): Prepared<T> {
  const own: OwnDevice = { ...store.own, seen: { ...store.own.seen } };
  const run = (db: Db, touched: Touched): T => {
    const x = openExchange(db, touched, { registry: store.registry, own, now: store.clock.now() + own.offset, apart, indexLaterFrom: store.searchIndex.laterFrom });
    const done = work(x);
    x.rows.finish();
    keepOwn(db, store.own, own);
    return done;
  };
  const keep = (result: T): T => {
    Object.assign(store.own, own);
    return result;
  };
  return { run, keep };
}

function keepOwn(db: Db, before: OwnDevice, own: OwnDevice): void {
  if (own.alias !== before.alias) setFact(db, 'own_alias', String(own.alias));
  if (own.madeUpTo !== before.madeUpTo) setFact(db, 'clock_made', String(own.madeUpTo));
  if (own.offset !== before.offset) setFact(db, 'clock_offset', String(own.offset));
  if (own.seen.time !== before.seen.time || own.seen.counter !== before.seen.counter) setFact(db, 'clock_seen', `${own.seen.time} ${own.seen.counter}`);
}

const readParkedRows = (db: Db): Set<string> => new Set(db.all<{ ops: string }>('SELECT ops FROM changesets WHERE state = ?', STATES.parked).flatMap(({ ops }) => rowIdsOf(ops)));

/**
 * Runs a part of an exchange that may fail for itself: what it wrote is rolled back, and `failed` says what to do instead. Trouble of the
 * disk concerns the whole exchange, and has ended the transaction: it is thrown on.
 */
export function tentatively<T>(x: Exchange, work: () => T, failed: (error: unknown) => T): T {
  if (!x.apart) {
    try {
      return work();
    } catch (error) {
      throw error instanceof AppError || !x.db.raw.inTransaction ? error : new PartFailed();
    }
  }
  const parkedBefore = x.parkedRows.size === 0 ? null : new Set(x.parkedRows);
  x.db.run('SAVEPOINT part');
  x.rows.tentative();
  try {
    const done = work();
    x.db.run('RELEASE part');
    return done;
  } catch (error) {
    if (error instanceof AppError || !x.db.raw.inTransaction) throw error;
    x.db.run('ROLLBACK TO part');
    x.db.run('RELEASE part');
    x.rows.rolledBack();
    x.parkedRows = parkedBefore ?? new Set();
    x.lastId = null;
    return failed(error);
  }
}

/** Lists a changeset that could not be applied on this copy, with the reason. */
export function listSetAside(x: Exchange, id: number, error: unknown): void {
  listReturned(x.db, id, { kind: 'set_aside', ...troubleOf(error), at: iso(x.now) });
}

/** The next number for a changeset in this copy. */
export function takeId(x: Exchange): number {
  x.lastId ??= nextId(x.db) - 1;
  return ++x.lastId;
}

/** Refuses what must not be written. @returns the row as it was read for that, null where there is none. @throws RowTrouble */
export type Judge = (op: Op, ops: readonly Op[]) => Row | null | undefined;

/** Whether a row that an op creates need not be looked for: where there is one, writing it fails, and all is done again `apart`. */
export const isTakenForNew = (x: Exchange, op: Op): boolean => op.k === OP_KINDS.create && !x.apart;

/** What to do with one changeset of another device. */
export interface Applying {
  position: number | null;
  effective: Moment;
  /** At the hub: refuses what must not be written. @throws RowTrouble */
  judge?: Judge | undefined;
  /** Rows whose present state has this op in it already. */
  skip?: ((op: Op) => boolean) | undefined;
}

/**
 * Applies a changeset and writes it into the log. One that this version does not understand, or that touches rows of such a one, is
 * parked. @throws RowTrouble when it cannot be applied; the caller rolls back.
 */
export function applyChange(x: Exchange, change: WireChangeset, how: Applying): 'applied' | 'parked' {
  const { db, rows } = x;
  const id = takeId(x);
  const ops = readOps(x.registry, change.ops);
  if (!ops || (x.parkedRows.size > 0 && ops.some((op) => x.parkedRows.has(op.i)))) {
    insertChange(db, rows.aliases, id, change, { before: [], position: how.judge ? null : how.position, effective: how.effective, state: STATES.parked });
    for (const row of rowIdsOf(change.ops)) x.parkedRows.add(row);
    return 'parked';
  }
  const before = writeRows(x, id, change, ops, how);
  insertChange(db, rows.aliases, id, change, { before, position: how.position, effective: how.effective, state: null });
  x.own.seen = laterOf(x.own.seen, how.effective);
  x.touched.position = Math.max(x.touched.position, id);
  return 'applied';
}

function writeRows(x: Exchange, id: number, change: WireChangeset, ops: readonly Op[], how: Applying): Before[] {
  const { db, rows, registry } = x;
  const source = { localId: id, device: change.device, stamp: { time: change.stamp[0], counter: change.stamp[1] }, effective: how.effective, actor: change.actor };
  const clientOf = clientRids(db);
  const find = (entity: Entity, rowId: string): Row | undefined => rows.read(metaOf(registry, entity), rowId);
  return ops.map((op, index) => {
    const old = how.judge ? how.judge(op, ops) : isTakenForNew(x, op) ? null : undefined;
    const { row, before } = how.skip?.(op) ? { row: find(op.t, op.i), before: null } : rows.apply(op, source, how.judge !== undefined, old);
    if (row && op.k !== 'n') {
      const meta = metaOf(registry, op.t);
      recordRow(db, meta, row, id, index, clientOf(meta, row, find));
    }
    return before;
  });
}

/** What replaying needs to know of the copy. */
interface Replaying {
  /** At the hub: judges what has no position yet, and the next one to give. */
  hub: { judge: (change: WireChangeset) => Judge; nextPosition: () => number } | null;
  failed: (change: StoredChange, error: unknown) => void;
}

/** Applies parked changesets that this version understands by now, in their order. @returns how many. */
export function replayParked(x: Exchange, { hub, failed }: Replaying): number {
  let done = 0;
  const blocked = new Set<string>();
  for (const change of x.db.all<StoredChange>(`${SELECT_CHANGES} WHERE c.state = ? ORDER BY c.id`, STATES.parked)) {
    const ids = rowIdsOf(change.ops);
    const ops = understood(x, change, failed);
    if (ops === 'malformed') continue;
    if (!ops || ids.some((id) => blocked.has(id))) {
      for (const id of ids) blocked.add(id);
      continue;
    }
    const effective = effectiveOf(change);
    const wire = toWire(change);
    const asHub = hub !== null && change.position === null;
    tentatively(
      x,
      () => {
        const before = writeRows(x, change.id, wire, ops, { position: change.position, effective, judge: asHub ? hub.judge(wire) : undefined });
        x.db.run('UPDATE changesets SET before = ?, state = NULL, position = ? WHERE id = ?', JSON.stringify(before), asHub ? hub.nextPosition() : change.position, change.id);
        x.own.seen = laterOf(x.own.seen, effective);
        done++;
      },
      (error) => failed(change, error),
    );
  }
  return done;
}

/** The ops of a parked changeset; null where this version does not understand them yet. What it knows to be none has failed. */
function understood(x: Exchange, change: StoredChange, failed: Replaying['failed']): readonly Op[] | null | 'malformed' {
  try {
    return readOps(x.registry, change.ops);
  } catch (error) {
    if (!(error instanceof RowTrouble)) throw error;
    failed(change, error);
    return 'malformed';
  }
}

/** Takes over where the hub put a changeset in time; rows that show it, or would now, are put in step. */
export function adoptEffective(x: Exchange, { id, ...stands }: { id: number } & Parameters<typeof effectiveOf>[0], effective: Moment): void {
  const known = effectiveOf(stands);
  if (known.time === effective.time && known.counter === effective.counter) return;
  // What is written here next comes after it.
  x.own.seen = laterOf(x.own.seen, effective);
  const change = x.db.get<StoredChange>(`${SELECT_CHANGES} WHERE c.id = ?`, id);
  if (!change) return;
  x.db.run('UPDATE changesets SET eff_time = ?, eff_counter = ? WHERE id = ?', effective.time, effective.counter, id);
  if (change.device === x.own.alias) x.own.madeUpTo = Math.max(x.own.madeUpTo, change.stamp_time);
  for (const op of readOps(x.registry, change.ops) ?? []) {
    const meta = metaOf(x.registry, op.t);
    const row = op.g && x.rows.read(meta, op.i);
    if (!row || !op.g) continue;
    const groups = Object.keys(op.g);
    for (const group of groups) {
      const heads = x.rows.heads.read(meta, row, group);
      const mine = heads.find((head) => head.stamp[0] === change.stamp_time && head.stamp[1] === change.stamp_counter && head.stamp[2] === change.device_id);
      if (!mine) continue;
      mine.effective = effective;
      x.rows.heads.write(meta, row, group, heads);
    }
    x.rows.settle(meta, op.i, groups, row.change);
  }
}

