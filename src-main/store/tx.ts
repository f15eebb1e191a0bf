import type { Entity, Origin } from '../../src-shared/audit/model.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Actor, PolicyContext, RowAction } from '../../src-shared/kernel/permissions.ts';
import { OP_KINDS, type Before, type GroupWrite, type Op, type Stamp, type WireStamp } from './change-log.ts';
import { openNumbers, openRids } from './counters.ts';
import { createDeriver, type IndexLater } from './derived.ts';
import { metaOf, sqlValues, toSql, type EntityMeta, type Registry, type Row } from './entity.ts';
import { newRowId } from './row-id.ts';
import { unindexRow } from './search-index.ts';
import { wellFormed } from './text.ts';
import type { Db, SqlValue } from './sqlite.ts';

/** Who writes, through which door, and under which conditions. */
export interface WriteContext {
  actor: Actor | null;
  origin: Origin;
  /** ETag that the row must still have. */
  ifMatch?: string | undefined;
  importId?: string | undefined;
  undoes?: number | undefined;
  /** Moment that the write tells of in milliseconds, where it is not now: histories that are made up. The log's stamps never run backwards for it. */
  at?: number | undefined;
  idempotency?: { key: string; operation: string; requestHash: string } | undefined;
}

/** The one way to change rows: each call is recorded as an op of the changeset that `mutate()` writes at the end. */
export interface Tx {
  /** The writing connection, for reading what this transaction itself has written. */
  readonly db: Db;
  readonly now: string;
  readonly changeId: number;
  readonly context: WriteContext;
  get(entity: Entity, id: string): Row | undefined;
  /** The row, not in the trash. @throws AppError NOT_FOUND */
  require(entity: Entity, id: string): Row;
  insert(entity: Entity, values: Record<string, unknown>, options?: { id?: string; no?: number; createdAt?: string }): Row;
  /** Changes the given columns; those that stay equal are not logged, unless the write `settles` a conflict in favour of what is shown. */
  update(entity: Entity, id: string, patch: Record<string, unknown>, options?: { settles?: boolean }): Row;
  /** `withParent`: what the row hangs on goes to the trash in the same change; `again`: a row in the trash, knowing what was edited meanwhile. */
  remove(entity: Entity, id: string, options?: { withParent?: boolean; again?: boolean }): Row;
  restore(entity: Entity, id: string): Row;
  purge(entity: Entity, id: string): void;
}

/** Everything of one transaction that `mutate()` needs after the work is done. */
export interface TxState {
  tx: Tx;
  /** Writes down the numbers that were given out; call it once, before the commit. */
  keepNumbers(): void;
  ops: Op[];
  before: Before[];
  rows: { meta: EntityMeta; row: Row; op: number }[];
  entities: Set<Entity>;
  ids: Set<string>;
}

export interface TxEnvironment {
  db: Db;
  registry: Registry;
  deviceId: string;
  /** Whether this copy gives out numbers. */
  authority: boolean;
  policyContext: PolicyContext;
  /** Takes what is to be written to the search index; done at once where there is none. */
  indexLater?: IndexLater | undefined;
}

export function openTx(env: TxEnvironment, context: WriteContext, place: { id: number; stamp: Stamp }, nowMs: number): TxState {
  const { db, registry, indexLater = (write: () => void) => write() } = env;
  const { stamp, id: changeId } = place;
  const now = iso(nowMs);
  // What other copies can tell from the log as well: the stamp never runs backwards, the clock may.
  const written = iso(stamp.time);
  const actorId = context.actor?.user_id ?? null;
  const numbers = openNumbers(db);
  const rids = openRids(db);
  const state: TxState = { ops: [], before: [], rows: [], entities: new Set(), ids: new Set(), keepNumbers: numbers.keep } as unknown as TxState;
  let matched = context.ifMatch === undefined;

  const judge = (meta: EntityMeta, action: RowAction, before: Row | null, after: Row | null, withParent = false): void => {
    if (!context.actor) return;
    const verdict = meta.policy(context.actor, action, before, after, { ...env.policyContext, with_parent: withParent });
    if (!verdict.allowed) throw new AppError('FORBIDDEN', { detail: verdict.why });
  };
  const checkMatch = (row: Row): void => {
    if (matched) return;
    matched = true;
    if (context.ifMatch !== String(row.change) && context.ifMatch !== '*') throw new AppError('VERSION_MISMATCH', { detail: 'version_mismatch', params: { version: String(row.change) } });
  };
  const { read, derive, reindexNamers, sortKey } = createDeriver(db, registry, indexLater);
  const note = (meta: EntityMeta, row: Row, op: Op, before: Before): void => {
    state.rows.push({ meta, row, op: state.ops.length });
    state.ops.push(op);
    state.before.push(before);
    state.entities.add(meta.name);
    state.ids.add(row.id);
  };
  /** The heads that this writer sees of a group: those written since creation, or the creation itself. */
  const heads = (meta: EntityMeta, row: Row, group: string): WireStamp[] => {
    const written = db.all<{ stamp_time: number; stamp_counter: number; id: string }>(
      'SELECT h.stamp_time, h.stamp_counter, d.id FROM group_heads h JOIN devices d ON d.alias = h.stamp_device WHERE h.entity = ? AND h.row = ? AND h."group" = ?',
      meta.code,
      row.rid,
      group,
    );
    if (written.length > 0) return written.map((head) => [head.stamp_time, head.stamp_counter, head.id]);
    const creator = row.stamp_device === stamp.device ? env.deviceId : (db.get<{ id: string }>('SELECT id FROM devices WHERE alias = ?', row.stamp_device)?.id ?? '');
    return [[row.stamp_time, row.stamp_counter, creator]];
  };
  /** The heads of all groups but one, as a deletion tells which edits its author knew. */
  const otherHeads = (meta: EntityMeta, row: Row): WireStamp[] =>
    db
      .all<{ stamp_time: number; stamp_counter: number; id: string }>(
        `SELECT h.stamp_time, h.stamp_counter, d.id FROM group_heads h JOIN devices d ON d.alias = h.stamp_device WHERE h.entity = ? AND h.row = ? AND h."group" NOT IN ('deleted_at', 'no')`,
        meta.code,
        row.rid,
      )
      .map((head) => [head.stamp_time, head.stamp_counter, head.id]);
  const replaceHead = (meta: EntityMeta, row: Row, group: string, base: string | null, known: WireStamp[] | null): void => {
    db.run('DELETE FROM group_heads WHERE entity = ? AND row = ? AND "group" = ?', meta.code, row.rid, group);
    db.run(
      'INSERT INTO group_heads (entity, row, "group", stamp_time, stamp_counter, stamp_device, actor_id, base, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      meta.code,
      row.rid,
      group,
      stamp.time,
      stamp.counter,
      stamp.device,
      actorId,
      base,
      known && JSON.stringify(known),
    );
  };

  const insert: Tx['insert'] = (entity, values, options = {}) => {
    const meta = metaOf(registry, entity);
    const row = {} as Row;
    for (const column of meta.dataColumns) row[column] = wellFormed(values[column]) ?? emptyOf(meta, column);
    const created = options.createdAt ?? now;
    Object.assign(row, { id: options.id ?? newRowId(nowMs), no: options.no ?? null, created_at: created, updated_at: created, created_by: actorId, updated_by: actorId, deleted_at: null });
    Object.assign(row, { stamp_time: stamp.time, stamp_counter: stamp.counter, stamp_device: stamp.device, change: changeId });
    judge(meta, 'create', null, row);
    sortKey(meta, row);
    if (env.authority && row.no === null) row.no = numbers.next(entity);
    // Without one, SQLite gives the rid: one more than the largest.
    row.rid = db.run(meta.insertSql, ...sqlValues(meta, row, rids.free(meta))).lastInsertRowid;
    const logged: Record<string, unknown> = {};
    for (const column of meta.dataColumns) if (row[column] !== null) logged[column] = row[column];
    note(meta, row, { t: entity, i: row.id, k: OP_KINDS.create, v: { ...logged, ...(row.no === null ? {} : { no: row.no }), created_at: row.created_at } }, null);
    derive(meta, row, null);
    return row;
  };

  const write = (meta: EntityMeta, row: Row, columns: string[]): void => {
    db.run(`UPDATE ${meta.tableName} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE rid = ?`, ...columns.map((column) => toSql(meta, column, row[column]) as SqlValue), row.rid);
  };

  const update: Tx['update'] = (entity, id, patch, options = {}) => {
    const meta = metaOf(registry, entity);
    const old = read(meta, id);
    if (!old) throw new AppError('NOT_FOUND', { params: { entity } });
    checkMatch(old);
    const row: Row = { ...old };
    const changed = meta.dataColumns.filter((column) => {
      if (!(column in patch) || patch[column] === undefined) return false;
      row[column] = wellFormed(patch[column]);
      return options.settles || !same(old[column], row[column]);
    });
    if (changed.length === 0) return old;
    judge(meta, 'update', old, row);
    const groups: Record<string, GroupWrite> = {};
    for (const column of changed) {
      const group = meta.groupOf[column] as string;
      if (groups[group]) continue;
      const base = meta.texts?.includes(column) ? String(old[column] ?? '') : null;
      groups[group] = { v: Object.fromEntries((meta.groupColumns[group] ?? []).map((member) => [member, row[member]])), s: heads(meta, old, group), ...(base === null ? {} : { b: base }) };
      replaceHead(meta, row, group, base, null);
    }
    sortKey(meta, row);
    Object.assign(row, { updated_at: written, updated_by: actorId, change: changeId });
    write(meta, row, [...changed, 'updated_at', 'updated_by', 'change', ...(meta.hasSortKey ? ['sort_key'] : [])]);
    note(meta, row, { t: entity, i: id, k: OP_KINDS.update, g: groups }, Object.fromEntries(changed.map((column) => [column, old[column]])));
    derive(meta, row, old);
    if (changed.includes(meta.label)) reindexNamers(meta, id);
    return row;
  };

  const mark = (entity: Entity, id: string, action: 'delete' | 'restore', withParent = false, again = false): Row => {
    const meta = metaOf(registry, entity);
    const old = read(meta, id);
    if (!old) throw new AppError('NOT_FOUND', { params: { entity } });
    checkMatch(old);
    if ((action === 'delete') === (old.deleted_at !== null) && !again) return old;
    const row: Row = { ...old, deleted_at: action === 'delete' ? now : null, updated_at: written, updated_by: actorId, change: changeId };
    judge(meta, action, old, row, withParent);
    const seen = heads(meta, old, 'deleted_at');
    const known = action === 'delete' ? otherHeads(meta, old) : null;
    replaceHead(meta, row, 'deleted_at', null, known);
    write(meta, row, ['deleted_at', 'updated_at', 'updated_by', 'change']);
    note(meta, row, { t: entity, i: id, k: OP_KINDS[action], g: { deleted_at: { v: { deleted_at: row.deleted_at }, s: seen } }, ...(known && known.length > 0 ? { h: known } : {}) }, { deleted_at: old.deleted_at });
    if (action === 'delete') indexLater(() => unindexRow(db, meta, row.rid));
    derive(meta, row, old);
    return row;
  };

  const purge: Tx['purge'] = (entity, id) => {
    const meta = metaOf(registry, entity);
    const old = read(meta, id);
    if (!old) throw new AppError('NOT_FOUND', { params: { entity } });
    judge(meta, 'purge', old, null);
    indexLater(() => unindexRow(db, meta, old.rid));
    db.run('DELETE FROM group_heads WHERE entity = ? AND row = ?', meta.code, old.rid);
    db.run(`DELETE FROM ${meta.tableName} WHERE rid = ?`, old.rid);
    rids.gone(meta, old.rid);
    db.run('INSERT OR IGNORE INTO purged_rows (entity, id) VALUES (?, ?)', meta.code, id);
    note(meta, { ...old, deleted_at: old.deleted_at ?? now }, { t: entity, i: id, k: OP_KINDS.purge }, Object.fromEntries(meta.dataColumns.map((column) => [column, old[column]])));
    meta.derive?.(db, { ...old, deleted_at: now });
  };

  const get: Tx['get'] = (entity, id) => read(metaOf(registry, entity), id);
  state.tx = {
    db,
    now,
    changeId,
    context,
    get,
    require: (entity, id) => {
      const row = get(entity, id);
      if (!row || row.deleted_at) throw new AppError('NOT_FOUND', { params: { entity } });
      return row;
    },
    insert,
    update,
    remove: (entity, id, options) => mark(entity, id, 'delete', options?.withParent, options?.again),
    restore: (entity, id) => mark(entity, id, 'restore'),
    purge,
  };
  return state;
}

const emptyOf = (meta: EntityMeta, column: string): unknown => (meta.codecs[column] === 'json' ? [] : meta.codecs[column] === 'bool' ? false : null);

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, index) => value === b[index]);
  return false;
}
