import type { Entity } from '../../src-shared/audit/model.ts';
import type { EntityMeta, Row } from '../store/entity.ts';
import { putOffIndexing } from '../store/index-waiting.ts';
import { indexRow, indexStored, unindexRow } from '../store/search-index.ts';
import type { Db } from '../store/sqlite.ts';

/** More than entities have codes. */
const MOST_TABLES = 1_000;

interface Waiting {
  meta: EntityMeta;
  rid: number;
  /** The row as it is to be found; null for one that is to be found no longer, absent for one that is read when it is written. */
  row?: Row | null;
  /** Nothing of it is in the index yet. */
  isNew: boolean;
}

/**
 * Writes to the search index, kept for the end of a transaction: each row is written once, however often it was changed, and FTS5 does
 * not write a piece of its own at every savepoint. Those of many rows are put off until after it.
 */
export interface Indexing {
  put(meta: EntityMeta, row: Row, isNew: boolean): void;
  /** A living row whose number alone has changed. */
  renumber(meta: EntityMeta, rid: number): void;
  take(meta: EntityMeta, rid: number): void;
  /** From here on what is kept may be rolled back. */
  mark(): void;
  rolledBack(): void;
  write(): void;
}

/** @param laterFrom rows from which on they are put off */
export function createIndexing(db: Db, nameOf: (entity: Entity, id: unknown) => string | null, laterFrom: number): Indexing {
  const waiting = new Map<number, Waiting>();
  /** Since the last mark; null where there is none. */
  let undo: [number, Waiting | undefined][] | null = null;
  const keyOf = (meta: EntityMeta, rid: number): number => rid * MOST_TABLES + meta.code;
  const set = (key: number, entry: Waiting | undefined): void => {
    undo?.push([key, waiting.get(key)]);
    if (entry) waiting.set(key, entry);
    else waiting.delete(key);
  };
  const writeNow = (): void => {
    for (const { meta, rid, row, isNew } of waiting.values()) {
      if (row === undefined) indexStored(db, meta, rid, nameOf, isNew);
      else if (row && meta.search) indexRow(db, meta, row, meta.search(row, nameOf), isNew);
      else unindexRow(db, meta, rid);
    }
  };
  return {
    put: (meta, row, isNew) => {
      if (!meta.search) return;
      const key = keyOf(meta, row.rid);
      set(key, { meta, rid: row.rid, row, isNew: waiting.get(key)?.isNew ?? isNew });
    },
    renumber: (meta, rid) => {
      if (!meta.search) return;
      const key = keyOf(meta, rid);
      set(key, { meta, rid, isNew: waiting.get(key)?.isNew ?? false });
    },
    take: (meta, rid) => {
      if (!meta.search) return;
      const key = keyOf(meta, rid);
      set(key, waiting.get(key)?.isNew ? undefined : { meta, rid, row: null, isNew: false });
    },
    mark: () => {
      undo = [];
    },
    rolledBack: () => {
      for (const [key, before] of undo?.reverse() ?? []) {
        if (before) waiting.set(key, before);
        else waiting.delete(key);
      }
      undo = [];
    },
    write: () => {
      if (waiting.size < laterFrom || !putOffIndexing(db, ridsByTable(waiting.values()))) writeNow();
      waiting.clear();
    },
  };
}

function ridsByTable(waiting: Iterable<Waiting>): Map<EntityMeta, number[]> {
  const rids = new Map<EntityMeta, number[]>();
  for (const { meta, rid } of waiting) {
    const known = rids.get(meta);
    if (known) known.push(rid);
    else rids.set(meta, [rid]);
  }
  return rids;
}
