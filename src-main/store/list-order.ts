import { AppError } from '../../src-shared/kernel/errors.ts';
import type { EntityMeta } from './entity.ts';
import type { Condition } from './select.ts';
import type { SqlValue } from './sqlite.ts';

/** The order of a list: its columns from the first to the last, the row's own rid behind them. */
export interface Order {
  columns: readonly string[];
  descending: boolean;
  /** The columns as they are selected beside the rid `k`. */
  keys: string;
}

/** Where a page ended. */
export interface Cursor {
  values: SqlValue[];
  rid: number;
}

/** One run of a list along its order. */
interface Phase {
  sql: string;
  order: string;
  params: SqlValue[];
}

const DIRECT_SORTS = new Set(['created_at', 'updated_at', 'no']);

/** @throws AppError INVALID for what no list is ordered by. */
export function orderOf(meta: EntityMeta, sort: string): Order {
  const descending = sort.startsWith('-');
  const first = sortColumn(meta, descending ? sort.slice(1) : sort);
  const tie = meta.ties?.[first];
  const columns = tie ? [first, tie] : [first];
  return { columns, descending, keys: columns.map((column, index) => `t.${column} AS s${index}`).join(', ') };
}

function sortColumn(meta: EntityMeta, name: string): string {
  if (meta.hasSortKey && name === meta.label) return 'sort_key';
  if (DIRECT_SORTS.has(name) || meta.dataColumns.includes(name)) return name;
  throw new AppError('INVALID', { field: 'sort', detail: 'sort_unknown' });
}

/** Rows without a value come last in either direction, as a second run, so that each run is one walk along an index. */
export function phasesOf(meta: EntityMeta, order: Order, cursor: Cursor | null): Phase[] {
  const direction = order.descending ? 'DESC' : 'ASC';
  const beyond = order.descending ? '<' : '>';
  const first = order.columns[0] as string;
  const mayBeNull = !meta.notNull.has(first);
  const sorted = `${order.columns.map((_column, index) => `s${index} ${direction}`).join(', ')}, k ${direction}`;
  const result: Phase[] = [];
  if (!cursor || cursor.values[0] !== null) {
    const present = mayBeNull ? ` AND t.${first} IS NOT NULL` : '';
    const tuple = [...order.columns, 'rid'];
    const after = cursor ? ` AND (${tuple.map((column) => `t.${column}`).join(', ')}) ${beyond} (${tuple.map(() => '?').join(', ')})` : '';
    result.push({ sql: present + after, order: sorted, params: cursor ? [...cursor.values, cursor.rid] : [] });
  }
  if (mayBeNull) {
    const after = cursor && cursor.values[0] === null;
    result.push({ sql: ` AND t.${first} IS NULL${after ? ` AND t.rid ${beyond} ?` : ''}`, order: `k ${direction}`, params: after ? [cursor.rid] : [] });
  }
  return result;
}

/** Values of one filter that are walked side by side at the most. */
const MAX_ARMS = 8;

/**
 * A filter of several values, over an index that has the order only below each single value, becomes one walk per value, which
 * SQLite merges: a page then costs its own rows, where it would else sort all that fit. @returns the conditions of each walk.
 */
export function armsOf(meta: EntityMeta, conditions: Condition[], order: Order): Condition[][] {
  const single = new Set(conditions.flatMap((condition) => (condition.column && condition.params.length === 1 ? [condition.column] : [])));
  const several = conditions.filter((condition) => condition.column && condition.params.length > 1 && condition.params.length <= MAX_ARMS);
  if (several.length === 0) return [conditions];
  let best: { length: number; split: Condition | null } = { length: -1, split: null };
  for (const index of meta.indexes) {
    const end = index.length - order.columns.length;
    if (end < 0 || order.columns.some((column, at) => index[end + at] !== column)) continue;
    const ahead = index.slice(0, end);
    const open = ahead.filter((column) => !single.has(column));
    const split = open.length === 1 ? several.find((condition) => condition.column === open[0]) : undefined;
    const length = ahead.length - open.length;
    if ((open.length === 0 && length > 0) || split) {
      if (length > best.length || (length === best.length && split)) best = { length, split: split ?? null };
    }
  }
  const { split } = best;
  if (!split) return [conditions];
  return split.params.map((value) => conditions.map((condition) => (condition === split ? { sql: `t.${split.column} = ?`, params: [value] } : condition)));
}

/** Rid and sort columns of a row of the page. */
export type SortKeys = { k: number } & Record<`s${number}`, SqlValue>;

/** The cursor behind the last row of a page. */
export function encodeCursor(sort: string, order: Order, last: SortKeys): string {
  return Buffer.from(JSON.stringify([sort, order.columns.map((_column, index) => last[`s${index}`] ?? null), last.k])).toString('base64url');
}

/** @throws AppError INVALID for a cursor that is not one of ours or belongs to another order. */
export function decodeCursor(text: string, sort: string, order: Order): Cursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 3 && parsed[0] === sort && Number.isSafeInteger(parsed[2])) {
      const values: unknown = parsed[1];
      if (Array.isArray(values) && values.length === order.columns.length && values.every((value) => value === null || typeof value === 'string' || typeof value === 'number')) return { values, rid: parsed[2] as number };
    }
  } catch {
    // Not a cursor: refused below.
  }
  throw new AppError('INVALID', { field: 'cursor', detail: 'cursor_invalid' });
}
