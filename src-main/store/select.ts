import { AppError } from '../../src-shared/kernel/errors.ts';
import { matchQuery } from '../../src-shared/kernel/search-text.ts';
import { metaOf, type EntityMeta, type Registry } from './entity.ts';
import type { Db, SqlRow, SqlValue } from './sqlite.ts';

/** A row in its form at the doors. */
export type Answer = Record<string, unknown> & { id: string; no: number | null; version: string };

/** A condition of a list; columns of the entity itself are `t.<column>`. */
export interface Condition {
  sql: string;
  params: SqlValue[];
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

interface Plan {
  meta: EntityMeta;
  select: string;
  /** Columns of the entity, then three per reference, in the order of `select`. */
  refs: { column: string; base: string }[];
}

const SHOWN = ['rid', 'id', 'no', 'created_at', 'updated_at', 'created_by', 'updated_by', 'deleted_at', 'change'];

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

  const where = (query: Pick<ListQuery, 'conditions' | 'q'>): Condition => {
    const conditions: Condition[] = [{ sql: 't.deleted_at IS NULL', params: [] }, ...(query.conditions ?? [])];
    if (query.q) {
      const { match } = matchQuery(query.q);
      conditions.push(match ? { sql: `t.rid IN (SELECT rowid FROM ${meta.tableName}_fts WHERE ${meta.tableName}_fts MATCH ?)`, params: [match] } : { sql: '0', params: [] });
    }
    return { sql: conditions.map((condition) => condition.sql).join(' AND '), params: conditions.flatMap((condition) => condition.params) };
  };

  return {
    one: (db, rid) => present(plan, db.get(`${plan.select} WHERE t.rid = ?`, rid) as SqlRow) as T,
    byId: (db, id) => {
      const row = db.get(`${plan.select} WHERE t.id = ? AND t.deleted_at IS NULL`, id);
      return row ? (present(plan, row) as T) : undefined;
    },
    list: (db, query) => {
      const descending = query.sort.startsWith('-');
      const column = sortColumn(meta, query.sort.replace(/^-/, ''));
      const cursor = query.cursor ? decodeCursor(query.cursor, query.sort) : null;
      const base = where(query);
      const rows: SqlRow[] = [];
      for (const phase of phases(column, nullable(meta, column), descending, cursor)) {
        const left = query.limit + 1 - rows.length;
        if (left <= 0) break;
        const sql = `${plan.select} WHERE ${base.sql}${phase.sql} ORDER BY ${phase.order} LIMIT ?`;
        rows.push(...db.all(sql, ...base.params, ...phase.params, left));
      }
      const more = rows.length > query.limit;
      if (more) rows.length = query.limit;
      const last = rows.at(-1);
      const next = more && last ? encodeCursor(query.sort, last[column] as SqlValue, last['rid'] as number) : null;
      return { items: rows.map((row) => present(plan, row) as T), next_cursor: next };
    },
    countSql: (query) => {
      const condition = where(query);
      return { sql: `SELECT count(*) AS total FROM ${meta.tableName} t WHERE ${condition.sql}`, params: condition.params };
    },
  };
}

function makePlan(registry: Registry, meta: EntityMeta): Plan {
  const own = [...SHOWN, ...(meta.hasSortKey ? ['sort_key'] : []), ...meta.dataColumns].map((column) => `t.${column}`);
  const refs = Object.entries(meta.refs ?? {}).map(([column, target]) => ({ column, base: column.replace(/_id$/, ''), target: metaOf(registry, target) }));
  const joined = refs.map((ref, index) => `r${index}.no AS ${ref.base}_no, ${labelSql(meta, ref.column, `r${index}.${ref.target.label}`)} AS ${ref.base}_name`);
  const joins = refs.map((ref, index) => `LEFT JOIN ${ref.target.tableName} r${index} ON r${index}.id = t.${ref.column}`);
  return { meta, select: `SELECT ${[...own, ...joined].join(', ')} FROM ${meta.tableName} t ${joins.join(' ')}`, refs };
}

/** A client may carry its company as free text; the base's own name goes first. */
function labelSql(meta: EntityMeta, column: string, label: string): string {
  const free = column.replace(/_id$/, '_name');
  return meta.columns.includes(free) ? `coalesce(${label}, t.${free})` : label;
}

function present(plan: Plan, row: SqlRow): Answer {
  const { meta } = plan;
  const answer = row as Record<string, unknown>;
  for (const column of meta.dataColumns) {
    const codec = meta.codecs[column];
    if (codec === 'json') answer[column] = JSON.parse(answer[column] as string);
    else if (codec === 'bool') answer[column] = answer[column] === 1;
  }
  answer['version'] = String(answer['change']);
  delete answer['rid'];
  delete answer['change'];
  delete answer['deleted_at'];
  delete answer['sort_key'];
  meta.present?.(answer);
  return answer as Answer;
}

const DIRECT_SORTS = new Set(['created_at', 'updated_at', 'no']);

function sortColumn(meta: EntityMeta, name: string): string {
  if (meta.hasSortKey && name === meta.label) return 'sort_key';
  if (DIRECT_SORTS.has(name) || meta.dataColumns.includes(name)) return name;
  throw new AppError('INVALID', { field: 'sort', detail: 'sort_unknown' });
}

const NOT_NULL = new Set(['created_at', 'updated_at', 'sort_key', 'starts_at', 'priority', 'start_date', 'status']);
const nullable = (_meta: EntityMeta, column: string): boolean => !NOT_NULL.has(column);

interface Phase {
  sql: string;
  order: string;
  params: SqlValue[];
}

/** Rows without a value come last in either direction, as a second run, so that each run is one walk along an index. */
function phases(column: string, mayBeNull: boolean, descending: boolean, cursor: Cursor | null): Phase[] {
  const direction = descending ? 'DESC' : 'ASC';
  const beyond = descending ? '<' : '>';
  const order = `t.${column} ${direction}, t.rid ${direction}`;
  const result: Phase[] = [];
  if (!cursor || cursor.value !== null) {
    const present = mayBeNull ? ` AND t.${column} IS NOT NULL` : '';
    result.push(cursor ? { sql: `${present} AND (t.${column}, t.rid) ${beyond} (?, ?)`, order, params: [cursor.value, cursor.rid] } : { sql: present, order, params: [] });
  }
  if (mayBeNull) {
    const after = cursor && cursor.value === null;
    result.push({ sql: ` AND t.${column} IS NULL${after ? ` AND t.rid ${beyond} ?` : ''}`, order: `t.rid ${direction}`, params: after ? [cursor.rid] : [] });
  }
  return result;
}

interface Cursor {
  value: SqlValue;
  rid: number;
}

function encodeCursor(sort: string, value: SqlValue, rid: number): string {
  return Buffer.from(JSON.stringify([sort, value, rid])).toString('base64url');
}

/** @throws AppError INVALID for a cursor that is not one of ours or belongs to another order. */
function decodeCursor(text: string, sort: string): Cursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 3 && parsed[0] === sort && Number.isSafeInteger(parsed[2])) {
      const value: unknown = parsed[1];
      if (value === null || typeof value === 'string' || typeof value === 'number') return { value, rid: parsed[2] as number };
    }
  } catch {
    // Not a cursor: refused below.
  }
  throw new AppError('INVALID', { field: 'cursor', detail: 'cursor_invalid' });
}
