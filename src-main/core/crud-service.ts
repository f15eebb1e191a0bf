import type { Entity } from '../../src-shared/audit/model.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { metaOf, type Row } from '../store/entity.ts';
import { resolveRef } from '../store/resolve.ts';
import { createSelector, type Condition, type ListPage, type ListQuery, type Selector } from '../store/select.ts';
import type { Db } from '../store/sqlite.ts';
import type { Tx } from '../store/tx.ts';
import { calendarAt, type Calendar } from './calendar.ts';
import type { Session } from './session.ts';
import { REGISTRY } from './entities.ts';

/** What every list takes besides its own filters. */
export interface ListInput {
  q?: string | undefined;
  limit: number;
  cursor?: string | undefined;
  sort: string;
  total?: boolean | undefined;
}

interface CrudHooks<Filters> {
  /** Fields of the input that are no columns; `prepare` turns them into columns. */
  derived?: readonly string[];
  /** Filters of the list as SQL; references are already resolved by `refs`. */
  conditions?: (filters: Filters, resolve: (entity: Entity, ref: Ref, field: string) => string, calendar: () => Calendar) => Condition[];
  /** Completes or refuses what is to be written: defaults, derived fields, rules between fields. `before` is absent on create. */
  prepare?: (tx: Tx, values: Record<string, unknown>, before: Row | undefined) => void;
  /** Runs after a row was written, in the same transaction. */
  after?: (tx: Tx, row: Row, before: Row | undefined) => void;
}

export interface CrudService<T, Filters extends ListInput> {
  list(session: Session, input: Filters, extra?: Condition[]): Promise<ListPage<T> & { total?: number }>;
  get(session: Session, ref: Ref): T;
  create(session: Session, input: Record<string, unknown>): T;
  update(session: Session, ref: Ref, input: Record<string, unknown>): T;
  remove(session: Session, ref: Ref): { id: string; change_id: string };
  /** The pieces of a write, for services that write several rows in one transaction. */
  insertIn(tx: Tx, input: Record<string, unknown>, options?: { id?: string }): Row;
  updateIn(tx: Tx, id: string, input: Record<string, unknown>): Row;
  removeIn(tx: Tx, id: string): void;
  present(db: Db, rid: number): T;
  idOf(db: Db, ref: Ref): string;
}

/**
 * Lists, reads and writes the rows of one entity in the way that all entities share: references resolved, rules applied, trash
 * instead of deletion, children together with their parent.
 */
export function createCrud<T, Filters extends ListInput>(entity: Entity, hooks: CrudHooks<Filters> = {}): CrudService<T, Filters> {
  const meta = metaOf(REGISTRY, entity);
  const selector = createSelector<T>(REGISTRY, entity);
  const refs = Object.entries(meta.refs ?? {});

  const resolveFields = (db: Db, input: Record<string, unknown>): Record<string, unknown> => {
    const values: Record<string, unknown> = {};
    for (const column of meta.dataColumns) {
      const given = input[column];
      if (given === undefined) continue;
      if (given === '' || given === null) values[column] = meta.codecs[column] === 'json' ? [] : null;
      else values[column] = given;
    }
    for (const field of hooks.derived ?? []) if (input[field] !== undefined) values[field] = input[field];
    for (const [column, target] of refs) {
      const value = values[column];
      if (value !== undefined && value !== null) values[column] = resolveRef(db, REGISTRY, target, value as Ref, { field: column });
    }
    return values;
  };

  const insertIn: CrudService<T, Filters>['insertIn'] = (tx, input, options) => {
    const values = resolveFields(tx.db, input);
    hooks.prepare?.(tx, values, undefined);
    const row = tx.insert(entity, values, options);
    hooks.after?.(tx, row, undefined);
    return row;
  };
  const updateIn: CrudService<T, Filters>['updateIn'] = (tx, id, input) => {
    const before = tx.require(entity, id);
    const values = resolveFields(tx.db, input);
    hooks.prepare?.(tx, values, before);
    const row = tx.update(entity, id, values);
    hooks.after?.(tx, row, before);
    return row;
  };
  const removeIn: CrudService<T, Filters>['removeIn'] = (tx, id) => removeWithChildren(tx, entity, id);
  const idOf = (db: Db, ref: Ref): string => resolveRef(db, REGISTRY, entity, ref);

  return {
    list: async (session, input, extra = []) => {
      const db = session.store.read;
      if (input.q) session.store.searchIndex.ready();
      const resolve = (target: Entity, ref: Ref, field: string): string => resolveRef(db, REGISTRY, target, ref, { field });
      const conditions = [...(hooks.conditions?.(input, resolve, () => calendarAt(db, session.now())) ?? []), ...extra];
      const query = { conditions, sort: input.sort, limit: input.limit, cursor: input.cursor, q: input.q };
      if (session.answer) {
        const { items, next_cursor } = selector.listJson(db, query);
        const rest = JSON.stringify({ next_cursor, ...(input.total ? { total: await countOf(session, selector, query) } : {}) });
        session.answer(Buffer.concat([ITEMS, items, COMMA, Buffer.from(rest.slice(1))]));
        return { items: [], next_cursor: null };
      }
      const found = selector.list(db, query);
      return input.total ? { ...found, total: await countOf(session, selector, query) } : found;
    },
    get: (session, ref) => selector.byId(session.store.read, idOf(session.store.read, ref)) as T,
    create: (session, input) => session.mutate((tx) => selector.one(tx.db, insertIn(tx, input).rid), { together: true }),
    update: (session, ref, input) => session.mutate((tx) => selector.one(tx.db, updateIn(tx, idOf(tx.db, ref), input).rid), { together: true }),
    remove: (session, ref) =>
      session.mutate((tx) => {
        const id = idOf(tx.db, ref);
        removeIn(tx, id);
        return { id, change_id: String(tx.changeId) };
      }),
    insertIn,
    updateIn,
    removeIn,
    present: (db, rid) => selector.one(db, rid),
    idOf,
  };
}

const ITEMS = Buffer.from('{"items":');
const COMMA = Buffer.from(',');

async function countOf(session: Session, selector: Selector<unknown>, query: ListQuery): Promise<number> {
  const { sql, params } = selector.countSql(query);
  const [row] = await session.readers.all<{ total: number }>(session.store.file, sql, params);
  return row?.total ?? 0;
}

/** Moves a row to the trash together with what hangs on it; all of it is one change and comes back as one. */
export function removeWithChildren(tx: Tx, entity: Entity, id: string, withParent = false): void {
  tx.remove(entity, id, { withParent });
  for (const child of metaOf(REGISTRY, entity).children ?? []) {
    const table = metaOf(REGISTRY, child.entity).tableName;
    const rows = tx.db.all<{ id: string }>(`SELECT id FROM ${table} WHERE ${child.column} = ? AND deleted_at IS NULL`, id);
    for (const row of rows) removeWithChildren(tx, child.entity, row.id, true);
  }
}
