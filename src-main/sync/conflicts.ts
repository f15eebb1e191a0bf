import { iso } from '../../src-shared/kernel/clock.ts';
import { sameStamp } from '../../src-shared/sync/hlc.ts';
import { compareHeads, isConflict, type Head } from '../../src-shared/sync/merge.ts';
import type { Conflict } from '../../src-shared/sync/model.ts';
import { fromSql, type EntityMeta, type Registry, type Row } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';
import { createAliases } from './aliases.ts';
import { createHeadStore, type HeadStore } from './heads.ts';
import { nameOf, nameOfMember, namesIn } from './queue.ts';

/** What a person has to decide on this copy, derived from the rows alone. At most `limit` of each kind. */
export function listConflicts(db: Db, registry: Registry, limit: number): Conflict[] {
  const heads = createHeadStore(db, createAliases(db));
  return [...registry.values()].flatMap((meta) => [...ofValues(db, registry, meta, heads, limit), ...editedInTrash(db, registry, meta, heads, limit), ...parentsInTrash(db, registry, meta, limit), ...twice(db, meta, limit)]);
}

function sideOf(db: Db, registry: Registry, meta: EntityMeta, head: Head, shown: boolean) {
  return { values: head.values, names: namesIn(db, registry, meta, head.values), actor_id: head.actor_id, actor_name: nameOfMember(db, head.actor_id), at: iso(head.effective.time), shown };
}

function ofValues(db: Db, registry: Registry, meta: EntityMeta, heads: HeadStore, limit: number): Conflict[] {
  const found = db.all<{ row: number; group: string }>(`SELECT DISTINCT row, "group" FROM group_heads WHERE entity = ? AND value IS NOT NULL AND "group" NOT IN ('no', 'deleted_at') LIMIT ?`, meta.code, limit);
  return found.flatMap(({ row: rid, group }): Conflict[] => {
    const row = byRid(db, meta, rid);
    const list = row ? heads.read(meta, row, group).sort((a, b) => compareHeads(b, a)) : [];
    return row && isConflict(list) ? [{ kind: 'values', ...nameOf(meta, row), group, sides: list.map((head, index) => sideOf(db, registry, meta, head, index === 0)) }] : [];
  });
}

/** Rows in the trash with edits that whoever deleted them did not know. */
function editedInTrash(db: Db, registry: Registry, meta: EntityMeta, heads: HeadStore, limit: number): Conflict[] {
  const unseen = `SELECT 1 FROM group_heads h JOIN devices v ON v.alias = h.stamp_device WHERE h.entity = d.entity AND h.row = d.row AND h."group" NOT IN ('deleted_at', 'no')
    AND NOT EXISTS (SELECT 1 FROM json_each(d.seen) s WHERE s.value ->> 0 = h.stamp_time AND s.value ->> 1 = h.stamp_counter AND s.value ->> 2 = v.id)`;
  const rows = db.all<Record<string, unknown>>(
    `SELECT t.* FROM ${meta.tableName} t WHERE t.deleted_at IS NOT NULL
     AND EXISTS (SELECT 1 FROM group_heads d WHERE d.entity = ? AND d.row = t.rid AND d."group" = 'deleted_at' AND d.seen IS NOT NULL AND EXISTS (${unseen})) ORDER BY t.deleted_at DESC LIMIT ?`,
    meta.code,
    limit,
  );
  return rows.flatMap((raw): Conflict[] => {
    const row = fromSql(meta, raw);
    const groups = heads.all(meta, row);
    const deletions = groups.find((one) => one.group === 'deleted_at')?.heads ?? [];
    const deletion = deletions.reduce<Head | null>((latest, head) => (!latest || compareHeads(head, latest) > 0 ? head : latest), null);
    if (!deletion?.seen) return [];
    const known = deletion.seen;
    const edits = groups
      .filter(({ group }) => group !== 'deleted_at' && group !== 'no')
      .flatMap(({ group, heads: list }) => list.filter((head) => !known.some((stamp) => sameStamp(stamp, head.stamp))).map((head) => ({ ...sideOf(db, registry, meta, head, true), group })));
    return edits.length > 0 ? [{ kind: 'edited_in_trash', ...nameOf(meta, row), deleted_at: row.deleted_at as string, edits }] : [];
  });
}

function parentsInTrash(db: Db, registry: Registry, parent: EntityMeta, limit: number): Conflict[] {
  return (parent.children ?? []).flatMap((child) => {
    const meta = registry.get(child.entity);
    if (!meta) return [];
    const rows = db.all<Record<string, unknown>>(
      `SELECT c.id, c.no, c.${meta.label} AS title, p.id AS parent_id, p.no AS parent_no, p.${parent.label} AS parent_title FROM ${parent.tableName} p JOIN ${meta.tableName} c ON c.${child.column} = p.id
       WHERE p.deleted_at IS NOT NULL AND c.deleted_at IS NULL LIMIT ?`,
      limit,
    );
    return rows.map(
      (row): Conflict => ({
        kind: 'parent_in_trash',
        ...nameOf(meta, { id: row['id'], no: row['no'], [meta.label]: row['title'] }),
        parent: nameOf(parent, { id: row['parent_id'], no: row['parent_no'], [parent.label]: row['parent_title'] }),
      }),
    );
  });
}

/** Living rows that agree in what only one should have. */
function twice(db: Db, meta: EntityMeta, limit: number): Conflict[] {
  return (meta.once ?? []).flatMap((columns) => {
    const [first] = columns;
    const found = db.all<Record<string, unknown>>(
      `SELECT ${columns.join(', ')} FROM ${meta.tableName} WHERE deleted_at IS NULL AND ${first} IS NOT NULL AND ${first} <> '' GROUP BY ${columns.join(', ')} HAVING count(*) > 1 LIMIT ?`,
      limit,
    );
    return found.flatMap((values): Conflict[] => {
      const same = columns.map((column) => `${column} IS ?`).join(' AND ');
      const rows = db.all<Record<string, unknown>>(`SELECT id, no, ${meta.label} FROM ${meta.tableName} WHERE deleted_at IS NULL AND ${same} ORDER BY created_at, id`, ...columns.map((column) => values[column] as string | null));
      const [one, ...others] = rows;
      return one ? [{ kind: 'twice', ...nameOf(meta, one), columns: columns.filter((column) => values[column] !== null && values[column] !== ''), others: others.map((other) => nameOf(meta, other)) }] : [];
    });
  });
}

function byRid(db: Db, meta: EntityMeta, rid: number): Row | undefined {
  const row = db.get<Record<string, unknown>>(`SELECT * FROM ${meta.tableName} WHERE rid = ?`, rid);
  return row && fromSql(meta, row);
}
