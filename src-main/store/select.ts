import { matchQuery } from '../../src-shared/kernel/search-text.ts';
import { metaOf, type EntityMeta, type Registry } from './entity.ts';
import { armsOf, cursorOf, decodeCursor, orderOf, phasesOf } from './list-order.ts';
import type { Db, SqlRow, SqlValue } from './sqlite.ts';

/** A row in its form at the doors. */
export type Answer = Record<string, unknown> & { id: string; no: number | null; version: string };

/** A condition of a list; columns of the entity itself are `t.<column>`. */
export interface Condition {
  sql: string;
  params: SqlValue[];
  /** Set where the condition says nothing but that this column is one of `params`. */
  column?: string | undefined;
}

export interface ListQuery {
  conditions?: Condition[];
  /** Column, with `-` ahead for descending. */
  sort: string;
  limit: number;
  cursor?: string | undefined;
  q?: string | undefined;
}

export interface ListPage<T = Answer> {
  items: T[];
  next_cursor: string | null;
}

/** How rows of an entity are read; made once. */
interface Plan {
  meta: EntityMeta;
  /** Columns of the answer, in its order. */
  columns: string;
  joins: string;
  one: string;
  byId: string;
  /** Columns that are not answered as SQLite keeps them. */
  parsed: { column: string; codec: string }[];
}

const SHOWN = ['id', 'no', 'created_at', 'updated_at', 'created_by', 'updated_by'];
const ALIVE: Condition = { sql: 't.deleted_at IS NULL', params: [] };

/** Reads rows in their form at the doors: with the numbers and names of what they refer to, page by page, never silently cut. */
export interface Selector<T = Answer> {
  /** One row by its rid, on either connection. */
  one(db: Db, rid: number): T;
  byId(db: Db, id: string): T | undefined;
  list(db: Db, query: ListQuery): ListPage<T>;
  /** SQL that counts a filtered list, for a worker that can be stopped. */
  countSql(query: Pick<ListQuery, 'conditions' | 'q'>): Condition;
}

/** `T` is the entity's row in the contract; that the columns make it is what the tests of every door check. */
export function createSelector<T = Answer>(registry: Registry, entity: EntityMeta['name']): Selector<T> {
  const meta = metaOf(registry, entity);
  const plan = makePlan(registry, meta);

  const whole = (query: Pick<ListQuery, 'conditions' | 'q'>): Condition[] => {
    const conditions = [ALIVE, ...(query.conditions ?? [])];
    if (query.q) {
      const { match } = matchQuery(query.q);
      conditions.push(match ? { sql: `t.rid IN (SELECT rowid FROM ${meta.tableName}_fts WHERE ${meta.tableName}_fts MATCH ?)`, params: [match] } : { sql: '0', params: [] });
    }
    return conditions;
  };

  return {
    one: (db, rid) => present(plan, db.get(plan.one, rid) as SqlRow) as T,
    byId: (db, id) => {
      const row = db.get(plan.byId, id);
      return row ? (present(plan, row) as T) : undefined;
    },
    list: (db, query) => {
      const order = orderOf(meta, query.sort);
      const cursor = query.cursor ? decodeCursor(query.cursor, query.sort, order) : null;
      const arms = query.q ? [joined(whole(query))] : armsOf(meta, whole(query), order).map(joined);
      const rows: SqlRow[] = [];
      for (const phase of phasesOf(meta, order, cursor)) {
        const left = query.limit + 1 - rows.length;
        if (left <= 0) break;
        const keys = arms.map((arm) => `SELECT t.rid AS k, ${order.keys} FROM ${meta.tableName} t WHERE ${arm.sql}${phase.sql}`).join(' UNION ALL ');
        const sql = `SELECT ${plan.columns} FROM (${keys} ORDER BY ${phase.order} LIMIT ?) p JOIN ${meta.tableName} t ON t.rid = p.k ${plan.joins} ORDER BY ${phase.order}`;
        rows.push(...db.all(sql, ...arms.flatMap((arm) => [...arm.params, ...phase.params]), left));
      }
      const more = rows.length > query.limit;
      if (more) rows.length = query.limit;
      const last = more ? rows.at(-1) : undefined;
      return { next_cursor: last ? cursorOf(db, meta, order, query.sort, last['id'] as string) : null, items: rows.map((row) => present(plan, row) as T) };
    },
    countSql: (query) => {
      const { sql, params } = joined(whole(query));
      return { sql: `SELECT count(*) AS total FROM ${meta.tableName} t WHERE ${sql}`, params };
    },
  };
}

function joined(conditions: readonly Condition[]): { sql: string; params: SqlValue[] } {
  return { sql: conditions.map((condition) => condition.sql).join(' AND '), params: conditions.flatMap((condition) => condition.params) };
}

function makePlan(registry: Registry, meta: EntityMeta): Plan {
  const own = [...SHOWN, ...meta.dataColumns].map((column) => `t.${column}`);
  const refs = Object.entries(meta.refs ?? {}).map(([column, target]) => ({ column, base: column.replace(/_id$/, ''), target: metaOf(registry, target) }));
  const names = refs.map((ref, index) => `r${index}.no AS ${ref.base}_no, ${labelSql(meta, ref.column, `r${index}.${ref.target.label}`)} AS ${ref.base}_name`);
  const columns = [...own, ...names, 'CAST(t.change AS TEXT) AS version'].join(', ');
  const joins = refs.map((ref, index) => `LEFT JOIN ${ref.target.tableName} r${index} ON r${index}.id = t.${ref.column}`).join(' ');
  const from = `SELECT ${columns} FROM ${meta.tableName} t ${joins}`;
  const parsed = meta.dataColumns.map((column) => ({ column, codec: meta.codecs[column] as string })).filter(({ codec }) => codec !== 'plain');
  return { meta, columns, joins, one: `${from} WHERE t.rid = ?`, byId: `${from} WHERE t.id = ? AND t.deleted_at IS NULL`, parsed };
}

/** A client may carry its company as free text; the base's own name goes first. */
function labelSql(meta: EntityMeta, column: string, label: string): string {
  const free = column.replace(/_id$/, '_name');
  return meta.columns.includes(free) ? `coalesce(${label}, t.${free})` : label;
}

function present(plan: Plan, row: SqlRow): Answer {
  const answer = row as Record<string, unknown>;
  for (const { column, codec } of plan.parsed) answer[column] = codec === 'json' ? JSON.parse(answer[column] as string) : answer[column] === 1;
  plan.meta.present?.(answer);
  return answer as Answer;
}
