import { REGISTRY } from '../core/entities.ts';
import { metaOf } from '../store/entity.ts';
import type { Condition } from '../store/select.ts';
import type { Db } from '../store/sqlite.ts';

/**
 * Rows that somebody else gave to a person since a moment (milliseconds), the latest first: the last op of the log that named him as
 * the assignee is another's. `conditions` narrow the rows to those worth asking about, and hold only rows that are his now.
 * @returns their rids.
 */
export function assignedSince(db: Db, entity: 'tickets' | 'tasks' | 'appointments', userId: string, since: number, conditions: readonly Condition[]): number[] {
  const meta = metaOf(REGISTRY, entity);
  const rows = db.all<{ rid: number }>(
    `SELECT t.rid FROM ${meta.tableName} t WHERE t.deleted_at IS NULL AND ${conditions.map((condition) => condition.sql).join(' AND ')}`,
    ...conditions.flatMap((condition) => condition.params),
  );
  const found: { rid: number; changeset: number }[] = [];
  for (const { rid } of rows) {
    const given = db.get<{ changeset: number; actor_id: string | null }>(GIVEN, meta.code, rid, since, userId);
    if (given && given.actor_id !== userId) found.push({ rid, changeset: given.changeset });
  }
  return found.sort((a, b) => b.changeset - a.changeset).map((row) => row.rid);
}

/** The last op of a row since a moment that wrote the person into it: at its creation, or later. */
const GIVEN = `SELECT r.changeset, c.actor_id FROM change_rows r CROSS JOIN changesets c ON c.id = r.changeset
  WHERE r.entity = ? AND r.row = ? AND c.stamp_time >= ?
    AND ? = coalesce(json_extract(c.ops, '$[' || r.op || '].v.assigned_to'), json_extract(c.ops, '$[' || r.op || '].g.assigned_to.v.assigned_to'))
  ORDER BY r.changeset DESC LIMIT 1`;
