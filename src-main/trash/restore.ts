import type { Entity } from '../../src-shared/audit/model.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { deletionOf } from '../audit/index.ts';
import { parentsOf, REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { metaOf, type Row } from '../store/entity.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Tx } from '../store/tx.ts';

interface Member {
  entity: Entity;
  row: Row;
}

/**
 * Brings a row back from the trash with what went there together with it: what hung on it, and what it hung on. What it hangs on
 * comes back even where that was deleted at another time, so that nothing living belongs to something deleted.
 * @throws AppError NOT_FOUND; CONFLICT `not_in_trash`; FORBIDDEN with the reason of the row's policy.
 */
export function restoreRow(session: Session, entity: Entity, ref: Ref): { change_id: string } {
  return session.mutate((tx) => {
    restoreIn(tx, entity, trashed(tx, entity, ref).id);
    return { change_id: String(tx.changeId) };
  });
}

/** The row in the trash that a reference means. */
function trashed(tx: Tx, entity: Entity, ref: Ref): Row {
  const row = tx.get(entity, resolveRef(tx.db, REGISTRY, entity, ref, { includeDeleted: true }));
  if (!row?.deleted_at) throw new AppError('CONFLICT', { detail: 'not_in_trash' });
  return row;
}

function restoreIn(tx: Tx, entity: Entity, id: string): void {
  const row = tx.get(entity, id);
  if (!row?.deleted_at) return;
  const together = companions(tx, { entity, row });
  for (const member of together) restoreParents(tx, member, together);
  tx.restore(entity, id);
  for (const member of together) if (member.row.id !== id) restoreCompanion(tx, member);
}

/** What came along with the row but is not the caller's to bring back stays in the trash. */
function restoreCompanion(tx: Tx, member: Member): void {
  try {
    tx.restore(member.entity, member.row.id);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'FORBIDDEN') throw error;
  }
}

function restoreParents(tx: Tx, member: Member, together: readonly Member[]): void {
  for (const parent of parentsOf(member.entity)) {
    const id = member.row[parent.column];
    if (typeof id === 'string' && !together.some((other) => other.row.id === id)) restoreIn(tx, parent.entity, id);
  }
}

/** The row and those bound to it, over any number of steps, that the same change deleted and that are still in the trash since then. */
function companions(tx: Tx, start: Member): Member[] {
  const ids = deletionOf(tx.db, metaOf(REGISTRY, start.entity).code, start.row);
  const rows = new Map<string, Member>([[start.row.id, start]]);
  for (const { entity, id } of ids) {
    const row = tx.get(entity, id);
    if (row && row.deleted_at === start.row.deleted_at) rows.set(id, { entity, row });
  }
  const bound = new Map<string, string[]>();
  const bind = (a: string, b: string): void => void bound.set(a, [...(bound.get(a) ?? []), b]);
  for (const { entity, row } of rows.values()) {
    for (const parent of parentsOf(entity)) {
      const id = row[parent.column];
      if (typeof id !== 'string' || !rows.has(id)) continue;
      bind(id, row.id);
      bind(row.id, id);
    }
  }
  const reached = new Set([start.row.id]);
  for (const id of reached) for (const next of bound.get(id) ?? []) reached.add(next);
  return [...rows.values()].filter((member) => reached.has(member.row.id));
}

/**
 * Deletes a row in the trash for good, with everything in the trash that hangs on it.
 * @throws AppError NOT_FOUND; CONFLICT `not_in_trash`, or `purge_has_living` when something outside the trash hangs on it;
 * FORBIDDEN `purge_elsewhere` on a copy that is not the organisation's authority.
 */
export function purgeRow(session: Session, entity: Entity, ref: Ref): { change_id: string } {
  return session.mutate((tx) => {
    if (!session.store.isAuthority()) throw new AppError('FORBIDDEN', { detail: 'purge_elsewhere' });
    purgeIn(tx, entity, trashed(tx, entity, ref).id);
    return { change_id: String(tx.changeId) };
  });
}

function purgeIn(tx: Tx, entity: Entity, id: string): void {
  for (const child of metaOf(REGISTRY, entity).children ?? []) {
    const rows = tx.db.all<{ id: string; deleted_at: string | null }>(`SELECT id, deleted_at FROM ${metaOf(REGISTRY, child.entity).tableName} WHERE ${child.column} = ?`, id);
    const living = rows.filter((row) => row.deleted_at === null).length;
    if (living > 0) throw new AppError('CONFLICT', { detail: 'purge_has_living', params: { count: living } });
    for (const row of rows) purgeIn(tx, child.entity, row.id);
  }
  // A note of a task of a client is reached by two ways.
  if (tx.get(entity, id)) tx.purge(entity, id);
}
