import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { truncateBefore } from '../../src-shared/tasks/recurrence.ts';
import { SERIES_FIELDS, occurrenceAfter, usualScope, type Scope } from '../../src-shared/tasks/rules.ts';
import { zoneOf } from '../core/calendar.ts';
import type { Row } from '../store/entity.ts';
import type { Tx } from '../store/tx.ts';

/** A task as its series looks at it. */
export interface Occurrence extends Row {
  series_id: string | null;
  rrule: string | null;
  due_date: string | null;
  status: string;
}
/** Fields of a series that are to change, references resolved, rule checked. */
export type Fields = Record<string, unknown>;

/** Writes and deletes single rows by the rules of tasks. */
export interface RowWriter {
  update(id: string, fields: Fields): Row;
  remove(id: string): void;
}

const asOccurrence = (row: Row): Occurrence => row as Occurrence;

/**
 * Sees to it that the series goes on after this occurrence, and answers the id of what follows. The id of a new occurrence follows from
 * the series and its date, so that completing twice, or on two devices, never makes two. One that an undo put into the trash comes back.
 */
export function ensureNext(tx: Tx, row: Row): string | null {
  const { series_id, due_date, rrule } = asOccurrence(row);
  if (!series_id || !due_date) return null;
  const later = tx.db.get<{ id: string }>('SELECT id FROM tasks WHERE series_id = ? AND due_date > ? AND deleted_at IS NULL ORDER BY due_date LIMIT 1', series_id, due_date);
  if (later) return later.id;
  const next = occurrenceAfter({ due_date, rrule }, zoneOf(tx.db));
  if (!next) return null;
  const id = uuidv5(next.due_date, series_id);
  const fields = { ...Object.fromEntries(SERIES_FIELDS.map((field) => [field, row[field]])), ...next, series_id, status: 'pending', completed_at: null };
  const known = tx.get('tasks', id);
  if (!known) return tx.insert('tasks', fields, { id }).id;
  // It is there, taken out of the series.
  if (!known.deleted_at) return null;
  tx.restore('tasks', id);
  return tx.update('tasks', id, fields).id;
}

/**
 * Changes one occurrence, or it and what follows, or every open one. `patch` is the whole change of the named row, `fields` what of it
 * concerns the series.
 * `this` takes the occurrence out of the series, which goes on with the next; `following` ends the series before it and begins a new one
 * here, whose later open occurrences are made anew if the rule or the date changed; `all` changes every open occurrence, each keeping
 * its own date.
 * @throws AppError INVALID `repeat_scope` for another rule with `this`.
 */
export function changeSeries(tx: Tx, writer: RowWriter, row: Row, patch: Fields, fields: Fields, asked: Scope | undefined): Row {
  const scope = asked ?? usualScope(fields);
  if (scope === 'following') return changeFollowing(tx, writer, row, patch, fields);
  if (scope === 'all') return changeAll(tx, writer, row, patch, fields);
  if (fields['rrule']) throw invalid('scope', 'repeat_scope');
  const changed = writer.update(row.id, { ...patch, rrule: null, series_id: null });
  goOnWithout(tx, row, livingOf(tx, row));
  return changed;
}

function changeFollowing(tx: Tx, writer: RowWriter, row: Row, patch: Fields, fields: Fields): Row {
  const { series_id, due_date } = asOccurrence(row);
  const others = livingOf(tx, row);
  const anew = fields['rrule'] !== undefined || fields['due_date'] !== undefined;
  const left = others.filter((other) => isBefore(other, due_date) || (anew && isDone(other)));
  const series = left.length > 0 ? uuidv7() : series_id;
  const changed = writer.update(row.id, fields['rrule'] === null ? patch : { ...patch, series_id: series });
  endSeries(tx, left);
  for (const other of others.filter((one) => !left.includes(one))) {
    if (anew) writer.remove(other.id);
    else tx.update('tasks', other.id, { ...(isDone(other) ? {} : fields), series_id: series });
  }
  return changed;
}

function changeAll(tx: Tx, writer: RowWriter, row: Row, patch: Fields, fields: Fields): Row {
  const others = livingOf(tx, row);
  const changed = writer.update(row.id, patch);
  const { due_date: _own, ...shared } = fields;
  const ends = fields['rrule'] === null;
  if (ends) endSeries(tx, others.filter(isDone));
  for (const other of others.filter((one) => !isDone(one))) tx.update('tasks', other.id, ends ? { ...shared, series_id: null } : shared);
  return changed;
}

/**
 * Moves an occurrence to the trash: alone (the series goes on with the next), with the open ones after it, or with every open one.
 * What has been completed stays.
 */
export function removeFromSeries(tx: Tx, writer: RowWriter, row: Row, scope: Scope): void {
  const { due_date } = asOccurrence(row);
  const others = livingOf(tx, row);
  writer.remove(row.id);
  if (scope === 'this') return goOnWithout(tx, row, others);
  const gone = others.filter((other) => !isDone(other) && (scope === 'all' || !isBefore(other, due_date)));
  for (const other of gone) writer.remove(other.id);
  endSeries(tx, others.filter((other) => !gone.includes(other)));
}

/** A series that loses one occurrence goes on with the next, or ends with the one before. */
function goOnWithout(tx: Tx, row: Row, others: readonly Occurrence[]): void {
  if (!ensureNext(tx, row)) endSeries(tx, others);
}

/** The other living rows of the series, the latest first. */
function livingOf(tx: Tx, row: Row): Occurrence[] {
  return tx.db
    .all<{ id: string }>('SELECT id FROM tasks WHERE series_id = ? AND id <> ? AND deleted_at IS NULL ORDER BY due_date DESC', asOccurrence(row).series_id, row.id)
    .map((one) => asOccurrence(tx.require('tasks', one.id)));
}

const isBefore = (row: Occurrence, date: string | null): boolean => row.due_date !== null && date !== null && row.due_date < date;
const isDone = (row: Occurrence): boolean => row.status === 'completed';

/** Of these rows of a series, the latest first, nothing follows any more: the last one says so for all, and the open ones say it too. */
function endSeries(tx: Tx, rows: readonly Occurrence[]): void {
  const next = rows[0] && occurrenceAfter(rows[0], zoneOf(tx.db));
  if (!next) return;
  for (const [index, row] of rows.entries()) {
    if (row.rrule && (index === 0 || !isDone(row))) tx.update('tasks', row.id, { rrule: truncateBefore(row.rrule, next.due_date) });
  }
}
