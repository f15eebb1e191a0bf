import { ENTITIES, type Entity } from '../../src-shared/audit/model.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { TrashItem } from '../../src-shared/trash/contract.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { metaOf, titleOf, type EntityMeta } from '../store/entity.ts';
import type { SqlValue } from '../store/sqlite.ts';

export interface TrashFilters {
  entity?: readonly Entity[] | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface Found extends Omit<TrashItem, 'title'> {
  title: unknown;
  code: number;
  rid: number;
}
interface Cursor {
  deletedAt: string;
  code: number;
  rid: number;
}

/** Everything in the trash, what was deleted last first. Read beside the writer: it is asked of all tables at once. */
export async function listTrash(session: Session, filters: TrashFilters): Promise<{ items: TrashItem[]; next_cursor: string | null }> {
  const cursor = filters.cursor ? decodeCursor(filters.cursor) : null;
  const parts = (filters.entity ?? ENTITIES).map((entity) => partOf(metaOf(REGISTRY, entity), cursor, filters.limit + 1));
  const sql = `SELECT f.*, u.full_name AS deleted_by_name FROM (${parts.map((part) => part.sql).join(' UNION ALL ')}) f LEFT JOIN users u ON u.id = f.deleted_by
    ORDER BY f.deleted_at DESC, f.code, f.rid DESC LIMIT ?`;
  const rows = await session.readers.all<Found>(session.store.file, sql, [...parts.flatMap((part) => part.params), filters.limit + 1]);
  const shown = rows.slice(0, filters.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ entity, id, no, title, deleted_at, deleted_by_name }) => {
      const meta = metaOf(REGISTRY, entity);
      return { entity, id, no, title: titleOf(meta, { [meta.label]: title }), deleted_at, deleted_by_name };
    }),
    next_cursor: rows.length > filters.limit && last ? Buffer.from(JSON.stringify([last.deleted_at, last.code, last.rid])).toString('base64url') : null,
  };
}

function partOf(meta: EntityMeta, cursor: Cursor | null, limit: number): { sql: string; params: SqlValue[] } {
  const beyond = cursor ? beyondOf(meta.code, cursor) : { sql: '', params: [] };
  return {
    sql: `SELECT * FROM (SELECT '${meta.name}' AS entity, ${meta.code} AS code, rid, id, no, substr(${meta.label}, 1, 200) AS title, deleted_at, updated_by AS deleted_by
      FROM ${meta.tableName} WHERE deleted_at IS NOT NULL${beyond.sql} ORDER BY deleted_at DESC, rid DESC LIMIT ?)`,
    params: [...beyond.params, limit],
  };
}

/** What one table still holds behind the cursor, whose order is: moment, table, row. */
function beyondOf(code: number, cursor: Cursor): { sql: string; params: SqlValue[] } {
  if (code > cursor.code) return { sql: ' AND deleted_at <= ?', params: [cursor.deletedAt] };
  if (code < cursor.code) return { sql: ' AND deleted_at < ?', params: [cursor.deletedAt] };
  return { sql: ' AND (deleted_at, rid) < (?, ?)', params: [cursor.deletedAt, cursor.rid] };
}

function decodeCursor(text: string): Cursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 3) {
      const [deletedAt, code, rid] = parsed as unknown[];
      if (typeof deletedAt === 'string' && typeof code === 'number' && typeof rid === 'number') return { deletedAt, code, rid };
    }
  } catch {
    // Not a cursor: refused below.
  }
  throw new AppError('INVALID', { field: 'cursor', detail: 'cursor_invalid' });
}
