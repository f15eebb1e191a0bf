import { sameStamp, type Moment, type WireStamp } from '../../src-shared/sync/hlc.ts';
import type { Head } from '../../src-shared/sync/merge.ts';
import type { Op } from '../store/change-log.ts';
import type { EntityMeta, Row } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';
import { stampOf, type Aliases } from './aliases.ts';
import { STATES } from './log.ts';

interface StoredHead {
  group: string;
  stamp_time: number;
  stamp_counter: number;
  stamp_device: number;
  value: string | null;
  eff_time: number | null;
  eff_counter: number | null;
  actor_id: string | null;
  base: string | null;
  seen: string | null;
}

/** Groups that every row has beside those of its table. */
const OF_EVERY_ROW: Record<string, readonly string[]> = { deleted_at: ['deleted_at'], no: ['no'] };
const COLUMNS = '"group", stamp_time, stamp_counter, stamp_device, value, eff_time, eff_counter, actor_id, base, seen';

const SELECT_GROUP = `SELECT ${COLUMNS} FROM group_heads WHERE entity = ? AND row = ? AND "group" = ?`;
/** A head that is the only one, as nearly all are: its values stand in the row, and its stamp is where the hub put it. */
const INSERT_ALONE = 'INSERT INTO group_heads (entity, row, "group", stamp_time, stamp_counter, stamp_device, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?)';
const INSERT = `INSERT INTO group_heads (entity, row, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** What has been applied to a row, as far as the log reaches back. */
const HISTORY = `SELECT c.ops FROM change_rows r CROSS JOIN changesets c ON c.id = r.changeset WHERE r.entity = ? AND r.row = ? AND (c.state IS NULL OR c.state = ${STATES.parkedAtHub})`;

/** Columns of a group; undefined for one that this version does not know. */
export const columnsOf = (meta: EntityMeta, group: string): readonly string[] | undefined => OF_EVERY_ROW[group] ?? (Object.hasOwn(meta.groupColumns, group) ? meta.groupColumns[group] : undefined);

/** Which of several heads is shown: a number is given once. */
export const orderOf = (group: string): 'latest' | 'first' => (group === 'no' ? 'first' : 'latest');

/** A group of a row with its heads. */
export interface GroupHeads {
  group: string;
  heads: Head[];
}

/** The registers of rows as the store keeps them. */
export interface HeadStore {
  /** Heads of a group; the creation of the row stands for a group that was never written later. None of a number that was not given yet. */
  read(meta: EntityMeta, row: Row, group: string): Head[];
  /** Every group that was written after the creation. */
  all(meta: EntityMeta, row: Row): GroupHeads[];
  /** The same for many rows at once, which lie between two rids. */
  between(meta: EntityMeta, rows: readonly Row[], from: number, to: number): (row: Row) => GroupHeads[];
  /** `first`: none of the group is stored yet. */
  write(meta: EntityMeta, row: Pick<Row, 'rid'>, group: string, heads: readonly Head[], first?: boolean): void;
  /** Whether a group was written after the creation of its row. */
  isWritten(meta: EntityMeta, row: Row, group: string): boolean;
  /** The latest write of the row, numbers apart; null for a row as it was created. */
  last(meta: EntityMeta, row: Row): { time: number; actor_id: string | null } | null;
  clear(meta: EntityMeta, rid: number): void;
  /** Whether a change of this copy's log has seen a write of a group and replaced it. Reads the row's history. */
  isReplaced(meta: EntityMeta, row: Row, group: string, stamp: WireStamp): boolean;
}

export function createHeadStore(db: Db, aliases: Aliases): HeadStore {
  const valuesOf = (meta: EntityMeta, row: Row, group: string): Record<string, unknown> => Object.fromEntries((columnsOf(meta, group) ?? []).map((column) => [column, row[column]]));
  const toHead = (meta: EntityMeta, row: Row, head: StoredHead): Head => ({
    stamp: stampOf(aliases, head),
    effective: momentOf(head),
    actor_id: head.actor_id,
    values: head.value === null ? valuesOf(meta, row, head.group) : (JSON.parse(head.value) as Record<string, unknown>),
    base: head.base,
    seen: head.seen === null ? null : (JSON.parse(head.seen) as WireStamp[]),
  });
  return {
    read: (meta, row, group) => {
      const stored = db.all<StoredHead>(SELECT_GROUP, meta.code, row.rid, group);
      if (stored.length > 0) return stored.map((head) => toHead(meta, row, head));
      // A row that came without a number has none to replace, whatever name its creation goes by.
      if (group === 'no' && row.no === null) return [];
      const moment = { time: row.stamp_time, counter: row.stamp_counter };
      return [{ stamp: stampOf(aliases, row), effective: moment, actor_id: row.created_by, values: valuesOf(meta, row, group), base: null, seen: null }];
    },
    all: (meta, row) => {
      const groups = new Map<string, Head[]>();
      for (const head of db.all<StoredHead>(`SELECT ${COLUMNS} FROM group_heads WHERE entity = ? AND row = ?`, meta.code, row.rid)) groups.set(head.group, [...(groups.get(head.group) ?? []), toHead(meta, row, head)]);
      return [...groups].map(([group, heads]) => ({ group, heads }));
    },
    between: (meta, rows, from, to) => {
      const byRid = new Map(rows.map((row) => [row.rid as number, row]));
      const found = new Map<number, Map<string, Head[]>>();
      for (const head of db.all<StoredHead & { row: number }>(`SELECT row, ${COLUMNS} FROM group_heads WHERE entity = ? AND row BETWEEN ? AND ?`, meta.code, from, to)) {
        const row = byRid.get(head.row);
        if (!row) continue;
        const groups = found.get(head.row) ?? new Map<string, Head[]>();
        found.set(head.row, groups.set(head.group, [...(groups.get(head.group) ?? []), toHead(meta, row, head)]));
      }
      return (row) => [...(found.get(row.rid as number) ?? [])].map(([group, heads]) => ({ group, heads }));
    },
    isWritten: (meta, row, group) => db.get('SELECT 1 FROM group_heads WHERE entity = ? AND row = ? AND "group" = ? LIMIT 1', meta.code, row.rid, group) !== undefined,
    write: (meta, row, group, heads, first = false) => {
      if (!first) db.run('DELETE FROM group_heads WHERE entity = ? AND row = ? AND "group" = ?', meta.code, row.rid, group);
      for (const { stamp, effective, actor_id, values, base, seen } of heads) {
        const moved = effective.time !== stamp[0] || effective.counter !== stamp[1];
        if (heads.length === 1 && !moved && base === null && seen === null) db.run(INSERT_ALONE, meta.code, row.rid, group, stamp[0], stamp[1], aliases.of(stamp[2]), actor_id);
        else {
          db.run(
            INSERT,
            meta.code,
            row.rid,
            group,
            stamp[0],
            stamp[1],
            aliases.of(stamp[2]),
            heads.length > 1 ? JSON.stringify(values) : null,
            moved ? effective.time : null,
            moved ? effective.counter : null,
            actor_id,
            base,
            seen ? JSON.stringify(seen) : null,
          );
        }
      }
    },
    last: (meta, row) =>
      db.get<{ time: number; actor_id: string | null }>(
        `SELECT coalesce(h.eff_time, h.stamp_time) AS time, h.actor_id FROM group_heads h JOIN devices d ON d.alias = h.stamp_device WHERE h.entity = ? AND h.row = ? AND h."group" <> 'no'
         ORDER BY 1 DESC, coalesce(h.eff_counter, h.stamp_counter) DESC, h.stamp_time DESC, h.stamp_counter DESC, d.id DESC LIMIT 1`,
        meta.code,
        row.rid,
      ) ?? null,
    isReplaced: (meta, row, group, stamp) => {
      for (const { ops } of db.iterate<{ ops: string }>(HISTORY, meta.code, row.rid)) {
        const writes = (JSON.parse(ops) as Op[]).filter((op) => op.i === row.id).map((op) => op.g?.[group]);
        if (writes.some((write) => write?.s.some((seen) => sameStamp(seen, stamp)))) return true;
      }
      return false;
    },
    clear: (meta, rid) => void db.run('DELETE FROM group_heads WHERE entity = ? AND row = ?', meta.code, rid),
  };
}

const momentOf = (head: StoredHead): Moment => ({ time: head.eff_time ?? head.stamp_time, counter: head.eff_counter ?? head.stamp_counter });
