import type { Condition } from '../store/select.ts';
import type { SqlValue } from '../store/sqlite.ts';

/** `column = value`, when there is a value. */
export function equals(column: string, value: SqlValue | undefined): Condition[] {
  return value === undefined ? [] : [{ sql: `t.${column} = ?`, params: [value], column }];
}

/** `column` is one of the values, when there are any. */
export function oneOf(column: string, values: readonly SqlValue[] | undefined): Condition[] {
  if (!values) return [];
  return [{ sql: values.length === 1 ? `t.${column} = ?` : `t.${column} IN (${values.map(() => '?').join(', ')})`, params: [...values], column }];
}

/** A stretch of moments, UTC ISO; `to` is exclusive. What is not there does not limit. */
export interface Period {
  from?: string | undefined;
  to?: string | undefined;
}

/** Moments of a column within the period. */
export function within(column: string, { from, to }: Period): Condition[] {
  return [...(from ? [{ sql: `t.${column} >= ?`, params: [from] }] : []), ...(to ? [{ sql: `t.${column} < ?`, params: [to] }] : [])];
}
