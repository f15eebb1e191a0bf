import { v5 as uuidv5 } from 'uuid';
import { nextOccurrences, truncateBefore } from '../../src-shared/tasks/recurrence.ts';
import { SERIES_FIELDS } from '../../src-shared/tasks/rules.ts';
import { zoneOf } from '../core/calendar.ts';
import type { Row } from '../store/entity.ts';
import type { Tx } from '../store/tx.ts';
import type { Scope } from './service.ts';

type Write = (row: Row, fields: Record<string, unknown>) => Row;

/** A task with a rule becomes the first of its series; the series carries its id. */
export function startSeries(tx: Tx, row: Row): void {
  tx.update('tasks', row.id, { series_id: row.id });
}

/**
 * Makes the occurrence after this one, unless it is there already: its id follows from the series and the date, so that completing
 * twice, or on two devices, never makes two.
 */
export function makeNext(tx: Tx, row: Row): Row | null {
  const series = row['series_id'] as string | null;
  const rule = row['rrule'] as string | null;
  const due = row['due_date'] as string | null;
  if (!series || !rule || !due) return null;
  const [next] = nextOccurrences(rule, due, zoneOf(tx.db), 1, due);
  if (!next) return null;
  const id = uuidv5(next, series);
  if (tx.get('tasks', id)) return null;
  const fields = Object.fromEntries(SERIES_FIELDS.map((field) => [field, row[field]]));
  return tx.insert('tasks', { ...fields, series_id: series, status: 'pending', due_date: next }, { id });
}

/**
 * Changes one occurrence, or it and what follows, or every open one.
 * `this` takes the occurrence out of the series, which goes on with the next; `following` ends the series before this date and begins a
 * new one here; `all` changes every open occurrence, each keeping its own date.
 */
export function changeSeries(tx: Tx, row: Row, patch: Record<string, unknown>, scope: Scope, write: Write): Row {
  const onlyState = Object.keys(patch).every((field) => field === 'status');
  if (onlyState) return write(row, patch);
  const series = row['series_id'] as string;
  if (scope === 'this') {
    if (row['status'] !== 'completed') makeNext(tx, row);
    return write(row, { ...patch, rrule: null, series_id: null });
  }
  const { due_date, ...rest } = patch;
  const others = tx.db.all<{ id: string; due_date: string }>("SELECT id, due_date FROM tasks WHERE series_id = ? AND id <> ? AND status <> 'completed' AND deleted_at IS NULL", series, row.id);
  if (scope === 'all') {
    for (const other of others) write(tx.require('tasks', other.id), rest);
    return write(row, patch);
  }
  const due = row['due_date'] as string;
  for (const other of others) {
    if (other.due_date > due) tx.update('tasks', other.id, { series_id: row.id, ...rest });
    else tx.update('tasks', other.id, { rrule: truncateBefore(row['rrule'] as string, due) });
  }
  return write(row, { ...rest, ...(due_date === undefined ? {} : { due_date }), series_id: row.id });
}
