import { NOTE_OWNERS } from '../../src-shared/notes/model.ts';
import type { QueuedChange } from '../../src-shared/sync/model.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { isUndone } from '../audit/index.ts';
import { OP_KINDS, type Before, type Op } from '../store/change-log.ts';
import { metaOf, titleOf, type EntityMeta, type Registry } from '../store/entity.ts';
import type { Db, SqlValue } from '../store/sqlite.ts';
import { effectiveOf, SELECT_CHANGES, type StoredChange } from './log.ts';

const ACTIONS = Object.fromEntries(Object.entries(OP_KINDS).map(([action, kind]) => [kind, action])) as Record<Op['k'], QueuedChange['rows'][number]['action']>;

/** Changesets that fulfil a condition over `c`, readable, the oldest first. */
export function listChanges(db: Db, registry: Registry, condition: string, params: SqlValue[], limit: number): QueuedChange[] {
  const changes = db.all<StoredChange>(`${SELECT_CHANGES} WHERE ${condition} ORDER BY c.id LIMIT ?`, ...params, limit);
  return changes.map((change) => {
    const verdict = db.get<{ reason: string; why: string | null }>('SELECT reason, why FROM local_sync_returned WHERE changeset = ?', change.id);
    const before = JSON.parse(db.get<{ before: string }>('SELECT before FROM changesets WHERE id = ?', change.id)?.before ?? '[]') as Before[];
    return {
      change_id: String(change.id),
      device: change.device_id,
      seq: change.seq,
      at: iso(effectiveOf(change).time),
      actor_id: change.actor_id,
      actor_name: nameOfMember(db, change.actor_id),
      rows: (JSON.parse(change.ops) as Op[]).flatMap((op, index) => rowOf(db, registry, op, before[index] ?? null)),
      reason: verdict?.reason ?? null,
      why: verdict?.why ?? null,
      undone: isUndone(db, change.id),
      undoes: change.undoes_seq !== null,
      placed: change.position !== null,
    };
  });
}

/** A row of a changeset in words; nothing for a table that this version does not know. */
function rowOf(db: Db, registry: Registry, op: Op, before: Before): QueuedChange['rows'] {
  const meta = (registry as ReadonlyMap<string, EntityMeta>).get(op.t);
  if (!meta) return [];
  const row = db.get<Record<string, unknown>>(`SELECT no, ${meta.label} FROM ${meta.tableName} WHERE id = ?`, op.i);
  const values: Record<string, unknown> = op.v ?? Object.assign({}, ...Object.values(op.g ?? {}).map((write) => write.v));
  const title = row ? titleOf(meta, row) : values[meta.label] === undefined ? null : titleOf(meta, values);
  const names = { ...namesIn(db, registry, meta, before ?? {}), ...namesIn(db, registry, meta, values) };
  return [{ entity: meta.name, row_id: op.i, row_no: (row?.['no'] as number | null | undefined) ?? null, row_title: title, action: ACTIONS[op.k] ?? 'update', exists: row !== undefined, values, before: before ?? {}, names, owner: ownerOf(db, registry, meta, op.i, values) }];
}

/** The names of the rows that values point at, by id; a row that this copy does not have is left out. */
export function namesIn(db: Db, registry: Registry, meta: EntityMeta, values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...meta.refs, ...meta.listRefs }).flatMap(([column, entity]) => {
      const target = metaOf(registry, entity);
      return [values[column]].flat().flatMap((id) => {
        const row = typeof id === 'string' ? db.get<Record<string, unknown>>(`SELECT ${target.label} FROM ${target.tableName} WHERE id = ?`, id) : undefined;
        return row ? [[id, titleOf(target, row)]] : [];
      });
    }),
  );
}

/** What a file or a note hangs on: as the row says, or as it was written where there is no row any more. */
function ownerOf(db: Db, registry: Registry, meta: EntityMeta, id: string, written: Record<string, unknown>): QueuedChange['rows'][number]['owner'] {
  if (meta.name !== 'attachments' && meta.name !== 'notes') return null;
  const row = db.get<Record<string, unknown>>(`SELECT * FROM ${meta.tableName} WHERE id = ?`, id) ?? written;
  const column = NOTE_OWNERS.find((name) => row[name]);
  const [entity, ownerId] = meta.name === 'attachments' ? [row['entity'], row['row_id']] : column ? [meta.refs?.[column], row[column]] : [null, null];
  const owner = (registry as ReadonlyMap<unknown, EntityMeta>).get(entity);
  const found = owner && db.get<Record<string, unknown>>(`SELECT id, no, ${owner.label} FROM ${owner.tableName} WHERE id = ?`, ownerId as string);
  return found ? nameOf(owner, found) : null;
}

/** How a row is called in the lists. */
export const nameOf = (meta: EntityMeta, row: Record<string, unknown>) => ({ entity: meta.name, row_id: String(row['id']), row_no: row['no'] as number | null, row_title: titleOf(meta, row) });

export const nameOfMember = (db: Db, id: string | null): string | null => (id === null ? null : (db.get<{ full_name: string }>('SELECT full_name FROM users WHERE id = ?', id)?.full_name ?? null));
