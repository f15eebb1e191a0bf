import type { EntityMeta, Row } from '../store/entity.ts';

/** Rows that are kept at the most: those of a page of the log, not those of a long import. */
const MOST = 4_000;

/** Rows that a transaction has made, so that what follows for them (their numbers above all) need not read them again. */
export interface FreshRows {
  /** Undefined where it has to be read. */
  get(meta: EntityMeta, id: string): Readonly<Row> | undefined;
  /** The row must not be changed any more. */
  put(meta: EntityMeta, row: Row): void;
  drop(meta: EntityMeta, id: string): void;
  clear(): void;
}

export function createFreshRows(): FreshRows {
  const tables = new Map<EntityMeta, Map<string, Row>>();
  let kept = 0;
  const clear = (): void => {
    tables.clear();
    kept = 0;
  };
  return {
    get: (meta, id) => tables.get(meta)?.get(id),
    put: (meta, row) => {
      if (kept >= MOST) clear();
      const rows = tables.get(meta) ?? new Map<string, Row>();
      tables.set(meta, rows.set(row.id, row));
      kept++;
    },
    drop: (meta, id) => void tables.get(meta)?.delete(id),
    clear,
  };
}
