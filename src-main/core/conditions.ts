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

/** `from` (inclusive) – `to` (exclusive) of a moment or a date; a bare date as `to` includes that whole day. */
export function between(column: string, from: string | undefined, to: string | undefined): Condition[] {
  return [...(from ? [{ sql: `t.${column} >= ?`, params: [from] }] : []), ...(to ? [{ sql: `t.${column} < ?`, params: [endOf(to)] }] : [])];
}

/** End of a period as it compares with stored text: the day after, for a bare date. */
export function endOf(to: string): string {
  if (to.length > 10) return to;
  return new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
