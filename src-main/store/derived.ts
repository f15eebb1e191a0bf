import type { Entity } from '../../src-shared/audit/model.ts';
import { fromSql, metaOf, titleOf, type EntityMeta, type Registry, type Row } from './entity.ts';
import { indexRow } from './search-index.ts';
import type { Db } from './sqlite.ts';

/** Rows that mention a label and are indexed anew in the transaction that changes it. */
const MAX_NAMERS = 1_000;

/** What is kept beside rows, on this copy only: search index, sort key, keys for duplicates. Alike for local writes and for what arrives. */
export interface Deriver {
  read(meta: EntityMeta, id: string): Row | undefined;
  /** Name of a row that another one points at, for its search texts. */
  nameOf(entity: Entity, id: unknown): string | null;
  /** Rows whose search texts mention a row; of a great many, those that were changed last. */
  namers(meta: EntityMeta, id: string): { meta: EntityMeta; row: Row }[];
  sortKey(meta: EntityMeta, row: Row): void;
  /** `old`: the row as it was; null for a new one. */
  derive(meta: EntityMeta, row: Row, old: Row | null): void;
  /** A new label is found in the rows that mention it too; of a great many, in those that were changed last. */
  reindexNamers(meta: EntityMeta, id: string): void;
}

/** Takes a write to the search index, to be done now or at the end of a transaction of many. */
export type IndexLater = (write: () => void) => void;

export function createDeriver(db: Db, registry: Registry, indexLater: IndexLater = (write) => write()): Deriver {
  const read: Deriver['read'] = (meta, id) => {
    const row = db.get<Record<string, unknown>>(`SELECT * FROM ${meta.tableName} WHERE id = ?`, id);
    return row ? fromSql(meta, row) : undefined;
  };
  const nameOf = (entity: Entity, id: unknown): string | null => {
    if (typeof id !== 'string') return null;
    const meta = metaOf(registry, entity);
    const row = read(meta, id);
    return row ? titleOf(meta, row) : null;
  };
  const namers: Deriver['namers'] = (meta, id) =>
    (meta.namedIn ?? []).flatMap(({ entity, column }) => {
      const namer = metaOf(registry, entity);
      return db
        .all<Record<string, unknown>>(`SELECT * FROM ${namer.tableName} WHERE ${column} = ? AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT ?`, id, MAX_NAMERS)
        .map((raw) => ({ meta: namer, row: fromSql(namer, raw) }));
    });
  return {
    read,
    nameOf,
    namers,
    sortKey: (meta, row) => {
      if (meta.hasSortKey && meta.sortBy) row['sort_key'] = meta.sortBy(row);
    },
    derive: (meta, row, old) => {
      if (meta.search && !row.deleted_at && !(old && isFoundAlike(meta, old, row))) {
        const texts = meta.search(row, nameOf);
        indexLater(() => indexRow(db, meta, row, texts, old === null));
      }
      meta.derive?.(db, row);
    },
    reindexNamers: (meta, id) => {
      for (const { meta: namer, row } of namers(meta, id)) {
        if (!namer.search) continue;
        const texts = namer.search(row, nameOf);
        indexLater(() => indexRow(db, namer, row, texts, false));
      }
    },
  };
}

/** What another row is called does not change with this one. */
const asNamed = (_entity: Entity, id: unknown): string | null => (typeof id === 'string' ? id : null);

/** Whether a row that stands in the search index is found by the same words and number after it has changed. */
export function isFoundAlike(meta: EntityMeta, old: Row, row: Row): boolean {
  if (!meta.search || old.deleted_at || row.deleted_at || old.no !== row.no) return false;
  const before = meta.search(old, asNamed);
  const after = meta.search(row, asNamed);
  return after.length === before.length && after.every((text, index) => text === before[index]);
}

/** Row number of the client under whose history a row is read; looked up once for each client. */
export function clientRids(db: Db): (meta: EntityMeta, row: Row, find: (entity: Entity, id: string) => Row | undefined) => number | null {
  const known = new Map<string, number | null>();
  return (meta, row, find) => {
    const id = meta.clientOf?.(row, find) ?? null;
    if (!id) return null;
    let rid = id === row.id && meta.name === 'clients' ? row.rid : known.get(id);
    if (rid === undefined) {
      rid = db.get<{ rid: number }>('SELECT rid FROM clients WHERE id = ?', id)?.rid ?? null;
      known.set(id, rid);
    }
    return rid;
  };
}

/** Notes that a changeset touched a row. */
export function recordRow(db: Db, meta: EntityMeta, row: Row, changeset: number, op: number, client: number | null): void {
  db.run('INSERT INTO change_rows (entity, row, changeset, op, client) VALUES (?, ?, ?, ?, ?)', meta.code, row.rid, changeset, op, client);
}
