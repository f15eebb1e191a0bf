import type { Entity } from '../../src-shared/audit/model.ts';
import { WRITE_PERMISSION, mayUndo } from '../../src-shared/audit/rules.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { may } from '../../src-shared/kernel/permissions.ts';
import { parentsOf, REGISTRY } from '../core/entities.ts';
import type { TaskControl } from '../core/long-tasks.ts';
import type { Session } from '../core/session.ts';
import type { Before, Op } from '../store/change-log.ts';
import { metaOf, type Row } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';
import type { Tx } from '../store/tx.ts';
import { isUndone, readChange, written, type LoggedChange } from './log.ts';

/** What an undo did: values put back and values left as they are; a whole row counts as one. */
export interface UndoCount {
  reverted: number;
  kept: number;
}

/**
 * What rows of an entity mean outside the organisation's own file: refuses by an AppError what must not become so, and returns what is
 * to be done once it has.
 */
export type UndoHooks = Partial<Record<Entity, (tx: Tx, before: Row, after: Row) => () => void>>;

/**
 * Takes back what one change altered, as a change of its own: what it made goes to the trash, what it deleted comes back, and the
 * values it wrote are put back where nobody has written since. A change that was itself an undo is taken back the same way.
 * @throws AppError NOT_FOUND; FORBIDDEN `undo_not_yours` or the reason of a row's policy; CONFLICT `already_undone` or
 * `undo_nothing_left`.
 */
export function undoChange(session: Session, changeId: string, hooks: UndoHooks = {}): UndoCount & { change_id: string } {
  const id = /^\d{1,15}$/.test(changeId) ? Number(changeId) : 0;
  const { actor } = session;
  const afterwards: (() => void)[] = [];
  const done = session.mutate(
    (tx) => {
      const change = readChange(tx.db, id);
      if (!change) throw new AppError('NOT_FOUND', { detail: 'change_unknown' });
      const verdict = mayUndo(actor, change);
      if (!verdict.allowed) throw new AppError('FORBIDDEN', { detail: verdict.why });
      for (const entity of new Set(change.ops.map((op) => op.t))) {
        const permission = WRITE_PERMISSION[entity];
        if (!may(actor, permission)) throw new AppError('FORBIDDEN', { detail: 'permission', params: { permission } });
      }
      // Of a table or group that only a newer version knows: it came from a colleague and waits here for the upgrade.
      if (isParked(tx.db, id)) throw new AppError('CONFLICT', { detail: 'undo_newer_version' });
      if (isUndone(tx.db, id)) throw new AppError('CONFLICT', { detail: 'already_undone' });
      const hooked = new Map(change.ops.filter((op) => hooks[op.t]).map((op) => [op.i, { entity: op.t, before: tx.get(op.t, op.i) }]));
      const count = takeBack(tx, change);
      if (count.reverted === 0) throw new AppError('CONFLICT', { detail: 'undo_nothing_left' });
      for (const [row, { entity, before }] of hooked) {
        const after = tx.get(entity, row);
        const next = before && after && hooks[entity]?.(tx, before, after);
        if (next) afterwards.push(next);
      }
      return { change_id: String(tx.changeId), ...count };
    },
    { origin: 'undo', undoes: id },
  );
  for (const next of afterwards) next();
  return done;
}

/**
 * Takes back all changes of an import, the newest first, each in a transaction of its own, reporting progress in between. Rows that
 * the caller may not write are kept. Stopped half-way, it goes on from there when called again.
 */
export async function undoImport(session: Session, importId: string, control: TaskControl): Promise<UndoCount> {
  const { store, actor } = session;
  const ids = store.read
    .all<{ id: number }>('SELECT id FROM changesets WHERE import_id = ? AND undoes IS NULL ORDER BY id DESC', importId)
    .map((row) => row.id)
    .filter((id) => !isUndone(store.read, id));
  const total: UndoCount = { reverted: 0, kept: 0 };
  for (const [index, id] of ids.entries()) {
    await control.breathe();
    const count = store.mutate({ actor, origin: 'undo', undoes: id }, (tx) => {
      const change = readChange(tx.db, id);
      return change ? takeBack(tx, change, true) : { reverted: 0, kept: 0 };
    });
    total.reverted += count.reverted;
    total.kept += count.kept;
    control.report((index + 1) / ids.length);
  }
  return total;
}

function takeBack(tx: Tx, change: LoggedChange, keepRefused = false): UndoCount {
  const count: UndoCount = { reverted: 0, kept: 0 };
  const brought = new Set(change.ops.filter((op) => op.k === 'c' || op.k === 'r').map((op) => op.i));
  for (let index = change.ops.length - 1; index >= 0; index--) {
    const op = change.ops[index] as Op;
    let part: UndoCount;
    try {
      part = takeBackOp(tx, op, change.before[index] ?? null, brought);
    } catch (error) {
      // A refusal comes before anything of the row is written.
      if (!keepRefused || !(error instanceof AppError) || error.code !== 'FORBIDDEN') throw error;
      part = { reverted: 0, kept: 1 };
    }
    count.reverted += part.reverted;
    count.kept += part.kept;
  }
  return count;
}

/** `STATES.parked` of the sync engine. */
const PARKED = 5;
const isParked = (db: Db, id: number): boolean => db.get('SELECT 1 FROM changesets WHERE id = ? AND state = ?', id, PARKED) !== undefined;

const DONE: UndoCount = { reverted: 1, kept: 0 };
const KEPT: UndoCount = { reverted: 0, kept: 1 };
const NOTHING: UndoCount = { reverted: 0, kept: 0 };

/** @param brought ids of all rows that the change made or brought back, and that go again with this one. */
function takeBackOp(tx: Tx, op: Op, before: Before, brought: ReadonlySet<string>): UndoCount {
  const row = tx.get(op.t, op.i);
  if (!row) return KEPT;
  switch (op.k) {
    case 'c':
    case 'r':
      if (row.deleted_at) return NOTHING;
      if (op.k === 'c' && hasLiving(tx, op.t, op.i)) return KEPT;
      tx.remove(op.t, op.i, { withParent: parentsOf(op.t).some((parent) => brought.has(row[parent.column] as string)) });
      return DONE;
    case 'd':
      if (!row.deleted_at) return NOTHING;
      tx.restore(op.t, op.i);
      return DONE;
    case 'u':
      return putBack(tx, op, before ?? {}, row);
    case 'p':
    case 'n':
      return KEPT;
  }
}

/** Whether something alive hangs on the row: later work that must not lose its owner. */
function hasLiving(tx: Tx, entity: Entity, id: string): boolean {
  return (metaOf(REGISTRY, entity).children ?? []).some((child) => tx.db.get(`SELECT 1 FROM ${metaOf(REGISTRY, child.entity).tableName} WHERE ${child.column} = ? AND deleted_at IS NULL LIMIT 1`, id) !== undefined);
}

/** Columns of one group stand and fall together: one that was written since keeps the others. */
function putBack(tx: Tx, op: Op, before: Record<string, unknown>, row: Row): UndoCount {
  const meta = metaOf(REGISTRY, op.t);
  const groups = new Map<string, string[]>();
  for (const column of Object.keys(before)) {
    const group = meta.groupOf[column];
    if (group) groups.set(group, [...(groups.get(group) ?? []), column]);
  }
  const patch: Record<string, unknown> = {};
  let kept = 0;
  for (const columns of groups.values()) {
    if (columns.every((column) => same(row[column], before[column]))) continue;
    if (columns.every((column) => same(row[column], written(op, column)))) for (const column of columns) patch[column] = before[column];
    else kept += columns.length;
  }
  const reverted = Object.keys(patch).length;
  if (reverted > 0) tx.update(op.t, op.i, patch);
  return { reverted, kept };
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
