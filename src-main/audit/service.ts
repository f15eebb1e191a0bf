import type { Entity, HistoryEntry, SecurityEvent } from '../../src-shared/audit/model.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { periodOf } from '../core/calendar.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { metaOf } from '../store/entity.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Db, SqlValue } from '../store/sqlite.ts';
import { createNarrator, pageOf } from './entries.ts';
import { decodePlace, encodePlace, rangeOf, type Place } from './log.ts';

export interface Paging {
  limit: number;
  cursor?: string | undefined;
}
export interface Period {
  from?: string | undefined;
  to?: string | undefined;
}
export interface HistoryFilters extends Paging, Period {
  entity?: readonly Entity[] | undefined;
  actor_id?: Ref | undefined;
  import_id?: string | undefined;
}
interface HistoryPage {
  items: HistoryEntry[];
  next_cursor: string | null;
}

interface Where {
  sql: string[];
  params: SqlValue[];
}

/** Changesets looked through at a time; one of them may hold the 500 rows of an import. */
const BATCH = 10;
/** The same in the reader beside the writer, which has sorted out most of them. */
const READER_BATCH = 100;
/** Up to this many changed rows, an entity is looked for by its rows instead of through the whole log. */
const FEW_ROWS = 20_000;

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
const codesOf = (entities: readonly Entity[]): number[] => entities.map((entity) => metaOf(REGISTRY, entity).code);

/** What happened in the organisation, newest change first; the ops of one change stand in the order in which they were made. */
export async function listHistory(session: Session, filters: HistoryFilters): Promise<HistoryPage> {
  const db = session.store.read;
  const after = filters.cursor ? decodePlace(filters.cursor) : null;
  const range = rangeOf(db, periodOf(db, filters));
  const where: Where = { sql: ['c.id BETWEEN ? AND ?'], params: [range.first, Math.min(range.last, after?.changeset ?? range.last)] };
  const add = (sql: string, ...params: SqlValue[]): void => {
    where.sql.push(sql);
    where.params.push(...params);
  };
  if (!range.exact) {
    const period = periodOf(db, filters);
    add('c.stamp_time >= ? AND c.stamp_time < ?', period.from, period.to);
  }
  if (filters.actor_id !== undefined) add('c.actor_id = ?', resolveRef(db, REGISTRY, 'users', filters.actor_id, { field: 'actor_id', includeDeleted: true }));
  if (filters.import_id !== undefined) add('c.import_id = ?', filters.import_id);

  const { entity: entities } = filters;
  const places =
    entities && (where.sql.length === 1 || isRare(db, entities))
      ? await placesByRows(session, entities, where, after, filters.limit + 1)
      : await placesByLog(session, entities, where, after, filters.limit + 1);
  return pageOf(createNarrator(db), places, filters.limit);
}

function isRare(db: Db, entities: readonly Entity[]): boolean {
  const found = db.get<{ n: number }>(`SELECT count(*) AS n FROM (SELECT 1 FROM change_rows WHERE entity IN (${marks(entities)}) LIMIT ?)`, ...codesOf(entities), FEW_ROWS + 1);
  return (found?.n ?? 0) <= FEW_ROWS;
}

/** Looks through the rows of the entities, beside the writer; the log is asked only where something else than its order is wanted. */
async function placesByRows(session: Session, entities: readonly Entity[], where: Where, after: Place | null, limit: number): Promise<Place[]> {
  const plain = where.sql.length === 1;
  const conditions = plain ? 'r.changeset BETWEEN ? AND ?' : where.sql.join(' AND ');
  const sql = `SELECT r.changeset, r.op FROM change_rows r ${plain ? '' : 'CROSS JOIN changesets c ON c.id = r.changeset'}
    WHERE r.entity IN (${marks(entities)}) AND ${conditions}${after ? ' AND (r.changeset < ? OR r.op > ?)' : ''} ORDER BY r.changeset DESC, r.op LIMIT ?`;
  const params = [...codesOf(entities), ...where.params, ...(after ? [after.changeset, after.op] : []), limit];
  return session.readers.all<Place>(session.store.file, sql, params);
}

/** Walks the log backwards along an index, batch by batch, until there is enough. */
async function placesByLog(session: Session, entities: readonly Entity[] | undefined, where: Where, after: Place | null, limit: number): Promise<Place[]> {
  const wanted = new Set<Entity>(entities);
  const hints = [...wanted].map((entity) => `"t":"${entity}"`);
  const hinted = hints.length > 0 ? ` AND (${hints.map(() => 'instr(c.ops, ?) > 0').join(' OR ')})` : '';
  const sql = `SELECT c.id, c.ops FROM changesets c WHERE ${where.sql.join(' AND ')} AND c.id <= ?${hinted} ORDER BY c.id DESC LIMIT ?`;
  const places: Place[] = [];
  for (let below = Number.MAX_SAFE_INTEGER; places.length < limit; ) {
    const size = hinted ? READER_BATCH : BATCH;
    const params = [...where.params, below, ...hints, size];
    const rows = hinted ? await session.readers.all<{ id: number; ops: string }>(session.store.file, sql, params) : session.store.read.all<{ id: number; ops: string }>(sql, ...params);
    for (const row of rows) {
      const ops = JSON.parse(row.ops) as { t: Entity }[];
      for (let op = after?.changeset === row.id ? after.op + 1 : 0; op < ops.length && places.length < limit; op++) {
        if (wanted.size === 0 || wanted.has((ops[op] as { t: Entity }).t)) places.push({ changeset: row.id, op });
      }
      if (places.length >= limit) break;
    }
    const last = rows.at(-1);
    if (!last || rows.length < size) break;
    below = last.id - 1;
  }
  return places;
}

/** Field-level history of one row, in the trash or not. @throws AppError NOT_FOUND */
export function rowHistory(session: Session, entity: Entity, ref: Ref, paging: Paging): HistoryPage {
  const db = session.store.read;
  const meta = metaOf(REGISTRY, entity);
  const id = resolveRef(db, REGISTRY, entity, ref, { includeDeleted: true });
  const rid = db.get<{ rid: number }>(`SELECT rid FROM ${meta.tableName} WHERE id = ?`, id)?.rid ?? 0;
  return along(db, 'entity = ? AND row = ?', [meta.code, rid], paging, (entry) => entry.row_id === id);
}

/** What happened to a client and to everything that hangs on it. */
export function clientHistory(session: Session, clientId: string, paging: Paging): HistoryPage {
  const db = session.store.read;
  const rid = db.get<{ rid: number }>('SELECT rid FROM clients WHERE id = ?', clientId)?.rid ?? 0;
  return along(db, 'client = ?', [rid], paging);
}

function along(db: Db, condition: string, params: SqlValue[], paging: Paging, fits?: (entry: HistoryEntry) => boolean): HistoryPage {
  const after = paging.cursor ? decodePlace(paging.cursor) : null;
  const beyond = after ? ' AND changeset <= ? AND (changeset < ? OR op > ?)' : '';
  const places = db.all<Place>(
    `SELECT changeset, op FROM change_rows WHERE ${condition}${beyond} ORDER BY changeset DESC, op LIMIT ?`,
    ...params,
    ...(after ? [after.changeset, after.changeset, after.op] : []),
    paging.limit + 1,
  );
  return pageOf(createNarrator(db), places, paging.limit, fits);
}

export interface SecurityFilters extends Paging, Period {
  type?: string | undefined;
}

/** Log-ins, exports, refused attempts, rights: newest first. */
export function listSecurity(session: Session, filters: SecurityFilters): { items: SecurityEvent[]; next_cursor: string | null } {
  const db = session.store.read;
  const where: Where = { sql: ['1'], params: [] };
  const add = (sql: string, ...params: SqlValue[]): void => {
    where.sql.push(sql);
    where.params.push(...params);
  };
  if (filters.cursor) add('e.id < ?', decodePlace(filters.cursor).changeset);
  if (filters.type !== undefined) add('e.type = ?', filters.type);
  const period = periodOf(db, filters);
  if (filters.from) add('e.at >= ?', iso(period.from));
  if (filters.to) add('e.at < ?', iso(period.to));
  const rows = db.all<Omit<SecurityEvent, 'details'> & { details: string }>(
    `SELECT e.id, e.at, e.type, e.user_id, u.full_name AS user_name, e.address, e.details
       FROM security_events e LEFT JOIN users u ON u.id = e.user_id WHERE ${where.sql.join(' AND ')} ORDER BY e.id DESC LIMIT ?`,
    ...where.params,
    filters.limit + 1,
  );
  const shown = rows.slice(0, filters.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => ({ ...row, details: JSON.parse(row.details) as Record<string, unknown> })),
    next_cursor: rows.length > filters.limit && last ? encodePlace({ changeset: last.id, op: 0 }) : null,
  };
}
