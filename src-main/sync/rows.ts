import type { Entity } from '../../src-shared/audit/model.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import type { Moment } from '../../src-shared/sync/hlc.ts';
import { mergeHeads, shownValues, unseenHeads, type Head } from '../../src-shared/sync/merge.ts';
import type { ReturnReason } from '../../src-shared/sync/wire.ts';
import type { Before, GroupWrite, Op } from '../store/change-log.ts';
import { openRids } from '../store/counters.ts';
import { createDeriver, isFoundAlike } from '../store/derived.ts';
import { metaOf, sqlValues, toSql, type EntityMeta, type Registry, type Row } from '../store/entity.ts';
import { noteRid, type Touched } from '../store/mutate.ts';
import type { Db, SqlValue } from '../store/sqlite.ts';
import { createAliases, type Aliases } from './aliases.ts';
import { columnsOf, createHeadStore, orderOf, type HeadStore } from './heads.ts';
import { createEarlyNumbers, type EarlyNumbers } from './early-numbers.ts';
import { createFreshRows } from './fresh-rows.ts';
import { createIndexing } from './indexing.ts';

/** Tables that say who may do what. */
const OF_RIGHTS = new Set<Entity>(['users', 'branches', 'organization']);

/** The changeset that an op comes from. */
export interface Source {
  localId: number;
  device: string;
  stamp: Moment;
  effective: Moment;
  actor: string | null;
}

/** An op that cannot be applied here, and why; the changeset is left out as a whole. */
export class RowTrouble extends Error {
  readonly reason: ReturnReason;
  readonly why: string | null;

  constructor(reason: ReturnReason, why: string | null = null) {
    super(`${reason} ${why ?? ''}`);
    this.reason = reason;
    this.why = why;
  }
}

const MAX_WHY = 200;

/** What stood in the way of a changeset, in the words of a verdict; what nobody foresaw is `failed` with its technical text. */
export const troubleOf = (error: unknown): Pick<RowTrouble, 'reason' | 'why'> =>
  error instanceof RowTrouble ? { reason: error.reason, why: error.why } : { reason: 'failed', why: error instanceof Error ? error.message.slice(0, MAX_WHY) : null };

/** The number that an op gives, and nothing else; null for any other op. */
export function numberIn({ k, g }: Op): number | null {
  if (k !== 'n' || !g || Object.keys(g).length !== 1) return null;
  const no = g['no']?.v['no'];
  return typeof no === 'number' ? no : null;
}

/** What an op did: the row (null where it was deleted for good before, or only got its number), and the shown values that it replaced. */
interface Outcome {
  row: Row | null;
  before: Before;
}

/** Changes rows by what other devices wrote; within one transaction. */
export interface RowWriter {
  readonly aliases: Aliases;
  readonly heads: HeadStore;
  readonly early: EarlyNumbers;
  read(meta: EntityMeta, id: string): Readonly<Row> | undefined;
  isPurged(meta: EntityMeta, id: string): boolean;
  /** Remembers that a row was deleted for good. */
  purge(meta: EntityMeta, id: string): void;
  /** Forgets that a row was deleted for good: what did that has no place in the log. */
  unpurge(meta: EntityMeta, id: string): void;
  /**
   * `old`: the row, where it was read already; null where there is none. @throws RowTrouble `row_missing` or `row_exists`; `strict`
   * refuses rows deleted for good too, which are passed over otherwise.
   */
  apply(op: Op, source: Source, strict: boolean, old?: Row | null): Outcome;
  /** Writes the first number of a row that has none. */
  number(meta: EntityMeta, id: string, no: number, source: Source): boolean;
  /** The row was changed behind the writer's back. */
  reread(meta: EntityMeta, id: string): void;
  /** Puts the shown values and the last write of a row in step with its heads after those were changed by hand. */
  settle(meta: EntityMeta, id: string, groups: readonly string[], localId: number): void;
  /** Takes a row away without a trace, as the hub does not have it. */
  forget(meta: EntityMeta, row: Row): void;
  /** Writes a row as it stands elsewhere, in place of what is here. */
  install(meta: EntityMeta, row: Row, heads: { group: string; heads: Head[] }[]): void;
  /** What was read of members and their rights; forgotten when a row changes that they come from. */
  readonly remembered: Map<string, unknown>;
  /** From here on writes may be rolled back. */
  tentative(): void;
  /** Forgets what was remembered of writes since `tentative`. */
  rolledBack(): void;
  /** Highest numbers of rows that were met; the authority goes on behind them. */
  keepNumbers(): void;
  /** Writes down at the end of the transaction what was kept for it: numbers, search index. */
  finish(): void;
}

/** @param indexLaterFrom rows from which on their indexing is put off */
export function createRowWriter(db: Db, registry: Registry, touched: Touched, indexLaterFrom: number): RowWriter {
  const aliases = createAliases(db);
  const heads = createHeadStore(db, aliases);
  let rids = openRids(db);
  const { read: readStored, namers, nameOf, sortKey } = createDeriver(db, registry);
  const fresh = createFreshRows();
  const early = createEarlyNumbers();
  const read: RowWriter['read'] = (meta, id) => fresh.get(meta, id) ?? readStored(meta, id);
  const indexing = createIndexing(db, nameOf, indexLaterFrom);
  /** Rids of rows that were taken away in this transaction: what makes one of them again goes on with its history. */
  const forgotten = new Map<string, number>();
  const numbers = new Map<string, number>();
  const remembered = new Map<string, unknown>();
  let anyPurged: boolean | null = null;

  const touch = (meta: EntityMeta, row: { rid: number; id: string }): void => {
    touched.entities.add(meta.name);
    touched.ids.add(row.id);
    noteRid(touched.rids, meta.name, row.rid);
    if (OF_RIGHTS.has(meta.name)) remembered.clear();
  };
  const derive = (meta: EntityMeta, row: Row, old: Row | null): void => {
    if (!row.deleted_at && !(old && isFoundAlike(meta, old, row))) indexing.put(meta, row, old === null);
    meta.derive?.(db, row);
  };
  const noteNumber = (meta: EntityMeta, no: unknown): void => {
    if (typeof no === 'number') numbers.set(meta.name, Math.max(numbers.get(meta.name) ?? 0, no));
  };
  const isPurged: RowWriter['isPurged'] = (meta, id) => {
    anyPurged ??= db.get('SELECT 1 FROM purged_rows LIMIT 1') !== undefined;
    return anyPurged && db.get('SELECT 1 FROM purged_rows WHERE entity = ? AND id = ?', meta.code, id) !== undefined;
  };
  const purge: RowWriter['purge'] = (meta, id) => {
    db.run('INSERT OR IGNORE INTO purged_rows (entity, id) VALUES (?, ?)', meta.code, id);
    anyPurged = true;
  };
  const unpurge: RowWriter['unpurge'] = (meta, id) => {
    if (isPurged(meta, id)) db.run('DELETE FROM purged_rows WHERE entity = ? AND id = ?', meta.code, id);
  };
  const insertRow = (meta: EntityMeta, row: Row): void => {
    sortKey(meta, row);
    const rid = forgotten.get(row.id) ?? rids.free(meta);
    row.rid = db.run(meta.insertSql, ...sqlValues(meta, row, rid)).lastInsertRowid;
    fresh.put(meta, row);
    noteNumber(meta, row.no);
    derive(meta, row, null);
  };
  const writeRow = (meta: EntityMeta, row: Row, columns: readonly string[]): void => {
    db.run(`UPDATE ${meta.tableName} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE rid = ?`, ...columns.map((column) => toSql(meta, column, row[column]) as SqlValue), row.rid);
    fresh.drop(meta, row.id);
  };
  const remove = (meta: EntityMeta, row: Row): void => {
    indexing.take(meta, row.rid);
    heads.clear(meta, row.rid);
    db.run(`DELETE FROM ${meta.tableName} WHERE rid = ?`, row.rid);
    rids.gone(meta, row.rid);
    fresh.drop(meta, row.id);
    meta.derive?.(db, { ...row, deleted_at: row.deleted_at ?? row.updated_at });
    touch(meta, row);
  };
  /** Index and keys of a row after its columns have changed from `old`. */
  const follow = (meta: EntityMeta, old: Row, row: Row): void => {
    if (row.deleted_at && !old.deleted_at) indexing.take(meta, row.rid);
    derive(meta, row, old);
    if (old[meta.label] !== row[meta.label]) for (const namer of namers(meta, row.id)) indexing.put(namer.meta, namer.row, false);
    touch(meta, row);
  };
  /** `updated_at` and `updated_by` follow from the heads, so that all copies say the same. */
  const lastWrite = (meta: EntityMeta, row: Row): void => {
    const last = heads.last(meta, row);
    row.updated_at = last ? iso(last.time) : row.created_at;
    row.updated_by = last ? last.actor_id : row.created_by;
  };

  const create = (meta: EntityMeta, op: Op, source: Source): Outcome => {
    const values = op.v ?? {};
    const row: Row = { ...meta.empty };
    for (const column of meta.dataColumns) row[column] = values[column] ?? row[column];
    row.id = op.i;
    row.no = (values['no'] as number | undefined) ?? early.give(meta, op.i);
    row.created_at = String(values['created_at']);
    row.updated_at = row.created_at;
    row.created_by = source.actor;
    row.updated_by = source.actor;
    row.stamp_time = source.stamp.time;
    row.stamp_counter = source.stamp.counter;
    row.stamp_device = aliases.of(source.device);
    row.change = source.localId;
    insertRow(meta, row);
    touch(meta, row);
    return { row, before: null };
  };
  const writeGroup = (meta: EntityMeta, row: Row, group: string, write: GroupWrite, op: Op, source: Source): { changed: string[]; alone: boolean } => {
    const columns = columnsOf(meta, group) ?? [];
    const incoming: Head = {
      stamp: [source.stamp.time, source.stamp.counter, source.device],
      effective: source.effective,
      actor_id: source.actor,
      values: write.v,
      base: write.b ?? null,
      seen: op.k === 'd' ? (op.h ?? []) : null,
    };
    const before = heads.read(meta, row, group);
    // Only beside what its writer had not seen can there be somebody who had seen this write. Numbers are in no row's history.
    const late = group !== 'no' && unseenHeads(before, write.s).length > 0 && heads.isReplaced(meta, row, group, incoming.stamp);
    const merged = mergeHeads(before, incoming, write.s, late);
    if (!late || merged.length < before.length) heads.write(meta, row, group, merged, group === 'no' && row.no === null);
    const shown = shownValues(merged, orderOf(group));
    const changed = columns.filter((column) => column in shown && !sameValue(row[column], shown[column]));
    for (const column of changed) row[column] = shown[column] ?? meta.empty[column];
    return { changed, alone: merged.length === 1 && !late };
  };
  const change = (meta: EntityMeta, op: Op, source: Source, old: Row): Outcome => {
    const row: Row = { ...old };
    const written = Object.entries(op.g ?? {}).map(([group, write]) => writeGroup(meta, row, group, write, op, source));
    const changed = written.flatMap((part) => part.changed);
    row.change = source.localId;
    const columns = [...changed, 'change'];
    if (op.k !== 'n') {
      const at = iso(source.effective.time);
      // Beside another head this write need not be the last one, whatever the row says: a creation that stays as a head counts from now on.
      if (at > row.updated_at && written.every((part) => part.alone)) Object.assign(row, { updated_at: at, updated_by: source.actor });
      else lastWrite(meta, row);
      columns.push('updated_at', 'updated_by');
      if (meta.hasSortKey && changed.includes(meta.label)) {
        sortKey(meta, row);
        columns.push('sort_key');
      }
    } else noteNumber(meta, row.no);
    writeRow(meta, row, columns);
    follow(meta, old, row);
    return { row, before: changed.length === 0 ? null : Object.fromEntries(changed.map((column) => [column, old[column]])) };
  };

  const noteNumberOf = (meta: EntityMeta, row: Pick<Row, 'rid'>, no: number, source: Source): void =>
    heads.write(meta, row, 'no', [{ stamp: [source.stamp.time, source.stamp.counter, source.device], effective: source.effective, actor_id: source.actor, values: { no }, base: null, seen: null }], true);
  /** The authority's first number for a row: nothing else of it is read or replaced. @returns whether it is the first */
  const takeNumber = (meta: EntityMeta, id: string, no: number, source: Source): boolean => {
    if (early.isUnsaid(meta, id)) {
      const made = fresh.get(meta, id) ?? db.get<Pick<Row, 'rid'>>(meta.ridSql, id);
      if (!made || !early.said(meta, id, no)) return false;
      noteNumberOf(meta, made, no, source);
      return true;
    }
    const row = db.get<Pick<Row, 'rid' | 'deleted_at'>>(meta.numberSql, no, source.localId, id);
    if (!row) return false;
    fresh.drop(meta, id);
    noteNumberOf(meta, row, no, source);
    noteNumber(meta, no);
    if (!row.deleted_at) indexing.renumber(meta, row.rid);
    touch(meta, { rid: row.rid, id });
    return true;
  };

  const keepNumbers = (): void => {
    for (const [entity, number] of numbers) {
      db.run('INSERT INTO counters (entity, last) VALUES (?, ?) ON CONFLICT (entity) DO UPDATE SET last = max(last, excluded.last)', entity, number);
    }
  };

  return {
    aliases,
    heads,
    early,
    read,
    isPurged,
    purge,
    unpurge,
    remembered,
    apply: (op, source, strict, known) => {
      const meta = metaOf(registry, op.t);
      const no = numberIn(op);
      if (no !== null && takeNumber(meta, op.i, no, source)) return { row: null, before: { no: null } };
      // Another number comes first: all is done again without numbers ahead of their time.
      if (op.k === 'n' && early.isUnsaid(meta, op.i)) throw new RowTrouble('failed', 'other_number');
      const old = known === undefined ? read(meta, op.i) : known;
      if (op.k === 'c') {
        if (old) throw new RowTrouble('row_exists');
        if (!isPurged(meta, op.i)) return create(meta, op, source);
      }
      if (op.k === 'p') {
        purge(meta, op.i);
        if (!old) return { row: null, before: null };
        const before = Object.fromEntries(meta.dataColumns.map((column) => [column, old[column]]));
        remove(meta, old);
        return { row: { ...old, deleted_at: old.deleted_at ?? iso(source.effective.time) }, before };
      }
      if (old) return change(meta, op, source, old);
      if (!isPurged(meta, op.i)) throw new RowTrouble('row_missing');
      if (strict) throw new RowTrouble('row_purged');
      return { row: null, before: null };
    },
    number: takeNumber,
    reread: fresh.drop,
    settle: (meta, id, groups, localId) => {
      const old = read(meta, id);
      if (!old) return;
      const row: Row = { ...old };
      for (const group of groups) {
        const list = heads.read(meta, row, group);
        if (list.length > 0) Object.assign(row, shownValues(list, orderOf(group)));
      }
      lastWrite(meta, row);
      row.change = localId;
      sortKey(meta, row);
      writeRow(meta, row, [...groups.flatMap((group) => columnsOf(meta, group) ?? []), 'updated_at', 'updated_by', 'change', ...(meta.hasSortKey ? ['sort_key'] : [])]);
      follow(meta, old, row);
    },
    forget: (meta, row) => {
      remove(meta, row);
      forgotten.set(row.id, row.rid);
    },
    install: (meta, row, groups) => {
      const old = read(meta, row.id);
      if (old) {
        row.rid = old.rid;
        heads.clear(meta, old.rid);
        sortKey(meta, row);
        writeRow(meta, row, meta.columns.filter((column) => column !== 'rid'));
        noteNumber(meta, row.no);
        follow(meta, old, row);
      } else insertRow(meta, row);
      for (const { group, heads: list } of groups) heads.write(meta, row, group, list);
      touch(meta, row);
    },
    tentative: indexing.mark,
    rolledBack: () => {
      rids = openRids(db);
      remembered.clear();
      fresh.clear();
      indexing.rolledBack();
    },
    keepNumbers,
    finish: () => {
      keepNumbers();
      indexing.write();
    },
  };
}

const sameValue = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
