import type { Origin } from '../../src-shared/audit/model.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Before, Op } from '../store/change-log.ts';
import type { Db } from '../store/sqlite.ts';

/** A changeset, read back. */
export interface LoggedChange {
  id: number;
  at: number;
  actor_id: string | null;
  origin: Origin;
  import_id: string | null;
  undoes: number | null;
  ops: Op[];
  /** Beside each op, the values that it replaced. */
  before: Before[];
}

/** One op of one changeset. */
export interface Place {
  changeset: number;
  op: number;
}

export function readChange(db: Db, id: number): LoggedChange | undefined {
  const row = db.get<Omit<LoggedChange, 'ops' | 'before'> & { ops: string; before: string }>(
    'SELECT id, coalesce(eff_time, stamp_time) AS at, actor_id, origin, import_id, undoes, ops, before FROM changesets WHERE id = ?',
    id,
  );
  return row && { ...row, ops: JSON.parse(row.ops) as Op[], before: JSON.parse(row.before) as Before[] };
}

/** Whether a later change took this one back, and was not itself taken back since. */
export function isUndone(db: Db, id: number): boolean {
  return db.all<{ id: number }>('SELECT id FROM changesets WHERE undoes = ?', id).some((later) => !isUndone(db, later.id));
}

/** The value that an op gave a column; undefined where it did not touch it. */
export function written(op: Op, column: string): unknown {
  if (op.v) return op.v[column];
  for (const group of Object.values(op.g ?? {})) if (column in group.v) return group.v[column];
  return undefined;
}

export function encodePlace(place: Place): string {
  return Buffer.from(JSON.stringify([place.changeset, place.op])).toString('base64url');
}

/** @throws AppError INVALID for a cursor that is not one of ours. */
export function decodePlace(text: string): Place {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 2 && parsed.every((part) => Number.isSafeInteger(part))) return { changeset: parsed[0] as number, op: parsed[1] as number };
  } catch {
    // Not a cursor: refused below.
  }
  throw new AppError('INVALID', { field: 'cursor', detail: 'cursor_invalid' });
}

/** Changesets that a period can hold: ids from `first` to `last`, both inclusive. */
export interface IdRange {
  first: number;
  last: number;
  /** Whether every changeset of the range lies in the period; otherwise its stamp must be looked at. */
  exact: boolean;
}

/**
 * Turns a period in milliseconds (`to` exclusive) into a range of changesets. Stamps of a copy that has only written itself never
 * fall along its log, so the ends are found by halving; where others' changes have come in, every stamp must be looked at.
 */
export function rangeOf(db: Db, period: { from: number; to: number }): IdRange {
  const newest = db.get<{ id: number | null }>('SELECT max(id) AS id FROM changesets')?.id ?? 0;
  if (period.from <= 0 && period.to === Number.MAX_SAFE_INTEGER) return { first: 1, last: newest, exact: true };
  if (db.get('SELECT 1 FROM changesets WHERE device > 1 LIMIT 1')) return { first: 1, last: newest, exact: false };
  return { first: firstSince(db, newest, period.from), last: firstSince(db, newest, period.to) - 1, exact: true };
}

/** Id of the first changeset whose stamp is not before the moment; one past the newest where there is none. */
function firstSince(db: Db, newest: number, moment: number): number {
  let low = 1;
  let high = newest + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = db.get<{ id: number; stamp_time: number }>('SELECT id, stamp_time FROM changesets WHERE id >= ? ORDER BY id LIMIT 1', middle);
    if (found && found.id < high && found.stamp_time < moment) low = found.id + 1;
    else high = middle;
  }
  return low;
}

/** Rows that went to the trash in the change that sent this one there last; none where this copy's log does not know it. */
export function deletionOf(db: Db, entityCode: number, row: { rid: number; id: string }): { entity: Op['t']; id: string }[] {
  const found = db.get<{ changeset: number }>(
    `SELECT r.changeset FROM change_rows r CROSS JOIN changesets c ON c.id = r.changeset
      WHERE r.entity = ? AND r.row = ? AND json_extract(c.ops, '$[' || r.op || '].k') = 'd' AND json_extract(c.ops, '$[' || r.op || '].i') = ?
      ORDER BY r.changeset DESC LIMIT 1`,
    entityCode,
    row.rid,
    row.id,
  );
  const ops = (found && readChange(db, found.changeset)?.ops) ?? [];
  return ops.filter((op) => op.k === 'd').map((op) => ({ entity: op.t, id: op.i }));
}
