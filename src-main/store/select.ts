import { matchQuery } from '../../src-shared/kernel/search-text.ts';
import { metaOf, type EntityMeta, type Registry } from './entity.ts';
import { armsOf, decodeCursor, encodeCursor, orderOf, phasesOf, type SortKeys } from './list-order.ts';
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
  one: string;
  byId: string;
  /** The rows of a JSON list of rids, in its order: as rows, and as one JSON array in UTF-8. */
  rows: string;
  json: string;
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
  /** The same page with its rows as a JSON array in UTF-8, which SQLite writes much faster than rows could be turned into it. */
  listJson(db: Db, query: ListQuery): { items: Buffer; next_cursor: string | null };
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

  const keysOf = (db: Db, query: ListQuery): { rids: string; next_cursor: string | null } => {
    const order = orderOf(meta, query.sort);
    const cursor = query.cursor ? decodeCursor(query.cursor, query.sort, order) : null;
    const arms = query.q ? [joined(whole(query))] : armsOf(meta, whole(query), order).map(joined);
    const keys: SortKeys[] = [];
    for (const phase of phasesOf(meta, order, cursor)) {
      const left = query.limit + 1 - keys.length;
      if (left <= 0) break;
      const walks = arms.map((arm) => `SELECT t.rid AS k, ${order.keys} FROM ${meta.tableName} t WHERE ${arm.sql}${phase.sql}`).join(' UNION ALL ');
      keys.push(...db.all<SortKeys>(`${walks} ORDER BY ${phase.order} LIMIT ?`, ...arms.flatMap((arm) => [...arm.params, ...phase.params]), left));
    }
    const more = keys.length > query.limit;
    if (more) keys.length = query.limit;
    const last = more ? keys.at(-1) : undefined;
    return { rids: `[${keys.map((key) => key.k).join(',')}]`, next_cursor: last ? encodeCursor(query.sort, order, last) : null };
  };

  return {
    one: (db, rid) => present(plan, db.get(plan.one, rid) as SqlRow) as T,
    byId: (db, id) => {
      const row = db.get(plan.byId, id);
      return row ? (present(plan, row) as T) : undefined;
    },
    list: (db, query) => {
      const { rids, next_cursor } = keysOf(db, query);
      return { items: db.all(plan.rows, rids).map((row) => present(plan, row) as T), next_cursor };
    },
    listJson: (db, query) => {
      const { rids, next_cursor } = keysOf(db, query);
      return { items: db.get<{ items: Buffer }>(plan.json, rids)?.items ?? Buffer.from('[]'), next_cursor };
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
  const refs = Object.entries(meta.refs ?? {}).map(([column, target], index) => ({ column, alias: `r${index}`, base: column.replace(/_id$/, ''), target: metaOf(registry, target) }));
  const nameOf = (column: string): string => {
    const ref = refs.find((one) => one.column === column);
    return ref ? labelSql(meta, column, `${ref.alias}.${ref.target.label}`) : 'NULL';
  };
  const fields = new Map<string, string | null>([...SHOWN, ...meta.dataColumns].map((column) => [column, `t.${column}`]));
  for (const { column, alias, base } of refs) fields.set(`${base}_no`, `${alias}.no`).set(`${base}_name`, nameOf(column));
  for (const [field, sql] of Object.entries(meta.shown?.(nameOf) ?? {})) fields.set(field, sql);
  fields.set('version', 'CAST(t.change AS TEXT)');
  const shown = [...fields].filter((field): field is [string, string] => field[1] !== null);
  const joins = refs.map((ref) => `LEFT JOIN ${ref.target.tableName} ${ref.alias} ON ${ref.alias}.id = t.${ref.column}`).join(' ');
  const select = `SELECT ${shown.map(([field, sql]) => `${sql} AS ${field}`).join(', ')}`;
  const object = `json_object(${shown.map(([field, sql]) => `'${field}', ${asJson(meta.codecs[field], sql)}`).join(', ')})`;
  // CROSS JOIN keeps the list outermost, so that rows come in its order.
  const listed = `FROM json_each(?) j CROSS JOIN ${meta.tableName} t ON t.rid = j.value ${joins}`;
  return {
    meta,
    one: `${select} FROM ${meta.tableName} t ${joins} WHERE t.rid = ?`,
    byId: `${select} FROM ${meta.tableName} t ${joins} WHERE t.id = ? AND t.deleted_at IS NULL`,
    rows: `${select} ${listed}`,
    json: `SELECT CAST(json_group_array(${object}) AS BLOB) AS items ${listed}`,
    parsed: meta.dataColumns.map((column) => ({ column, codec: meta.codecs[column] as string })).filter(({ codec }) => codec !== 'plain'),
  };
}

function asJson(codec: string | undefined, sql: string): string {
  if (codec === 'json') return `json(${sql})`;
  return codec === 'bool' ? `json(CASE ${sql} WHEN 1 THEN 'true' ELSE 'false' END)` : sql;
}

/** A client may carry its company as free text; the base's own name goes first. */
function labelSql(meta: EntityMeta, column: string, label: string): string {
  const free = column.replace(/_id$/, '_name');
  return meta.columns.includes(free) ? `coalesce(${label}, t.${free})` : label;
}

function present(plan: Plan, row: SqlRow): Answer {
  const answer = row as Record<string, unknown>;
  for (const { column, codec } of plan.parsed) answer[column] = codec === 'json' ? JSON.parse(answer[column] as string) : answer[column] === 1;
  return answer as Answer;
}
