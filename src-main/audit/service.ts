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

/** Changesets that may be looked at, both ends inclusive. */
interface Ids {
  first: number;
  last: number;
}
interface Where {
  sql: string[];
  params: SqlValue[];
}

/** Numbers given to rows that came without one are no deed of anybody. */
const NOT_NUMBERS = "c.origin <> 'sync'";

/** Changesets looked through at a time; one of them may hold the 500 rows of an import. */
const BATCH = 10;

/** What happened in the organisation, newest change first; the ops of one change stand in the order in which they were made. */
export async function listHistory(session: Session, filters: HistoryFilters): Promise<HistoryPage> {
  const db = session.store.read;
  const after = filters.cursor ? decodePlace(filters.cursor) : null;
  const range = rangeOf(db, periodOf(db, filters));
  const where: Where = { sql: [], params: [] };
  const add = (sql: string, ...params: SqlValue[]): void => {
    where.sql.push(sql);
    where.params.push(...params);
  };
  if (!range.exact) {
    const period = periodOf(db, filters);
    add('coalesce(c.eff_time, c.stamp_time) >= ? AND coalesce(c.eff_time, c.stamp_time) < ?', period.from, period.to);
  }
  if (filters.actor_id !== undefined) add('c.actor_id = ?', resolveRef(db, REGISTRY, 'users', filters.actor_id, { field: 'actor_id', includeDeleted: true }));
  if (filters.import_id !== undefined) add('c.import_id = ?', filters.import_id);

  const ids = { first: range.first, last: Math.min(range.last, after?.changeset ?? range.last) };
  const places = filters.entity ? await placesByRows(session, filters.entity, where, ids, after, filters.limit + 1) : placesByLog(db, where, ids, after, filters.limit + 1);
  return pageOf(createNarrator(db), places, filters.limit);
}

/** Looks through the rows of the entities, beside the writer. Whose changes and of which import is answered by indexes alone, before the rows are walked. */
async function placesByRows(session: Session, entities: readonly Entity[], where: Where, ids: Ids, after: Place | null, limit: number): Promise<Place[]> {
  const wanted = where.sql.length > 0 ? `AND r.changeset IN (SELECT c.id FROM changesets c WHERE ${where.sql.join(' AND ')})` : '';
  const sql = `SELECT r.changeset, r.op FROM change_rows r WHERE r.entity IN (${entities.map(() => '?').join(', ')}) AND r.changeset BETWEEN ? AND ?
    ${after ? 'AND (r.changeset < ? OR r.op > ?)' : ''} ${wanted} ORDER BY r.changeset DESC, r.op LIMIT ?`;
  const codes = entities.map((entity) => metaOf(REGISTRY, entity).code);
  const params = [...codes, ids.first, ids.last, ...(after ? [after.changeset, after.op] : []), ...where.params, limit];
  return session.readers.all<Place>(session.store.file, sql, params);
}

/** Walks the log backwards along an index, batch by batch, until there is enough. */
function placesByLog(db: Db, where: Where, ids: Ids, after: Place | null, limit: number): Place[] {
  const sql = `SELECT c.id, json_array_length(c.ops) AS ops FROM changesets c WHERE ${['c.id BETWEEN ? AND ?', NOT_NUMBERS, ...where.sql].join(' AND ')} ORDER BY c.id DESC LIMIT ?`;
  const places: Place[] = [];
  for (let last = ids.last; places.length < limit; ) {
    const rows = db.all<{ id: number; ops: number }>(sql, ids.first, last, ...where.params, BATCH);
    for (const row of rows) {
      for (let op = after?.changeset === row.id ? after.op + 1 : 0; op < row.ops && places.length < limit; op++) places.push({ changeset: row.id, op });
    }
    const lowest = rows.at(-1);
    if (!lowest || rows.length < BATCH) break;
    last = lowest.id - 1;
  }
  return places;
}

/** Field-level history of one row, in the trash or not. @throws AppError NOT_FOUND */
export function rowHistory(session: Session, entity: Entity, ref: Ref, paging: Paging): HistoryPage {
  const db = session.store.read;
  const meta = metaOf(REGISTRY, entity);
  const id = resolveRef(db, REGISTRY, entity, ref, { includeDeleted: true });
  const rid = db.get<{ rid: number }>(meta.ridSql, id)?.rid ?? 0;
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

/** With the name of the member whom the event is about, where it names one. */
function withPerson(db: Db, details: Record<string, unknown>): Record<string, unknown> {
  const id = details['user'] ?? details['for'];
  const person = typeof id === 'string' ? db.get<{ full_name: string }>('SELECT full_name FROM users WHERE id = ?', id)?.full_name : undefined;
  return person === undefined ? details : { ...details, person };
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
    items: shown.map((row) => ({ ...row, details: withPerson(db, JSON.parse(row.details) as Record<string, unknown>) })),
    next_cursor: rows.length > filters.limit && last ? encodePlace({ changeset: last.id, op: 0 }) : null,
  };
}
