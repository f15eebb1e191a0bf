import type { QueuedChange } from '../../src-shared/sync/model.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { OP_KINDS, type Op } from '../store/change-log.ts';
import { titleOf, type EntityMeta, type Registry } from '../store/entity.ts';
import type { Db, SqlValue } from '../store/sqlite.ts';
import { effectiveOf, SELECT_CHANGES, type StoredChange } from './log.ts';

const ACTIONS = Object.fromEntries(Object.entries(OP_KINDS).map(([action, kind]) => [kind, action])) as Record<Op['k'], QueuedChange['rows'][number]['action']>;

/** Changesets that fulfil a condition over `c`, readable, the oldest first. */
export function listChanges(db: Db, registry: Registry, condition: string, params: SqlValue[], limit: number): QueuedChange[] {
  const changes = db.all<StoredChange>(`${SELECT_CHANGES} WHERE ${condition} ORDER BY c.id LIMIT ?`, ...params, limit);
  return changes.map((change) => {
    const verdict = db.get<{ reason: string; why: string | null }>('SELECT reason, why FROM local_sync_returned WHERE changeset = ?', change.id);
    return {
      change_id: String(change.id),
      device: change.device_id,
      seq: change.seq,
      at: iso(effectiveOf(change).time),
      actor_id: change.actor_id,
      actor_name: nameOfMember(db, change.actor_id),
      rows: (JSON.parse(change.ops) as Op[]).flatMap((op) => rowOf(db, registry, op)),
      reason: verdict?.reason ?? null,
      why: verdict?.why ?? null,
    };
  });
}

/** A row of a changeset in words; nothing for a table that this version does not know. */
function rowOf(db: Db, registry: Registry, op: Op): QueuedChange['rows'] {
  const meta = (registry as ReadonlyMap<string, EntityMeta>).get(op.t);
  if (!meta) return [];
  const row = db.get<Record<string, unknown>>(`SELECT no, ${meta.label} FROM ${meta.tableName} WHERE id = ?`, op.i);
  const values: Record<string, unknown> = op.v ?? Object.assign({}, ...Object.values(op.g ?? {}).map((write) => write.v));
  const title = row ? titleOf(meta, row) : values[meta.label] === undefined ? null : titleOf(meta, values);
  return [{ entity: meta.name, row_id: op.i, row_no: (row?.['no'] as number | null | undefined) ?? null, row_title: title, action: ACTIONS[op.k] ?? 'update', values }];
}

export const nameOfMember = (db: Db, id: string | null): string | null => (id === null ? null : (db.get<{ full_name: string }>('SELECT full_name FROM users WHERE id = ?', id)?.full_name ?? null));
