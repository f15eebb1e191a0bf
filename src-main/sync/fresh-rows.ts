import type { EntityMeta, Row } from '../store/entity.ts';

/** Rows that are kept at the most: those of a page of the log, not those of a long import. */
const MOST = 4_000;

/** Rows that a transaction has made, so that what follows for them (their numbers above all) need not read them again. */
export interface FreshRows {
  /** A copy of the row; undefined where it has to be read. */
  get(meta: EntityMeta, id: string): Row | undefined;
  /** The row must not be changed any more. */
  put(meta: EntityMeta, row: Row): void;
  drop(meta: EntityMeta, id: string): void;
  clear(): void;
}

export function createFreshRows(): FreshRows {
  const rows = new Map<string, Row>();
  const keyOf = (meta: EntityMeta, id: string): string => `${meta.code} ${id}`;
  return {
    get: (meta, id) => {
      const row = rows.size === 0 ? undefined : rows.get(keyOf(meta, id));
      return row && { ...row };
    },
    put: (meta, row) => {
      if (rows.size >= MOST) rows.clear();
      rows.set(keyOf(meta, row.id), row);
    },
    drop: (meta, id) => void rows.delete(keyOf(meta, id)),
    clear: () => rows.clear(),
  };
}
