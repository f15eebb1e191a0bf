import type { Entity } from '../../src-shared/audit/model.ts';
import type { EntityMeta, Row } from '../store/entity.ts';
import { indexRow, unindexRow } from '../store/search-index.ts';
import type { Db } from '../store/sqlite.ts';

interface Waiting {
  meta: EntityMeta;
  rid: number;
  /** The row as it is to be found; null for one that is to be found no longer. */
  row: Row | null;
  /** Nothing of it is in the index yet. */
  isNew: boolean;
}

/**
 * Writes to the search index, kept for the end of a transaction: each row is written once, however often it was changed, and FTS5 does
 * not write a piece of its own at every savepoint.
 */
export interface Indexing {
  put(meta: EntityMeta, row: Row, isNew: boolean): void;
  take(meta: EntityMeta, rid: number): void;
  /** From here on what is kept may be rolled back. */
  mark(): void;
  rolledBack(): void;
  write(): void;
}

export function createIndexing(db: Db, nameOf: (entity: Entity, id: unknown) => string | null): Indexing {
  const waiting = new Map<string, Waiting>();
  let undo: [string, Waiting | undefined][] = [];
  const keyOf = (meta: EntityMeta, rid: number): string => `${meta.code} ${rid}`;
  const set = (key: string, entry: Waiting | undefined): void => {
    undo.push([key, waiting.get(key)]);
    if (entry) waiting.set(key, entry);
    else waiting.delete(key);
  };
  return {
    put: (meta, row, isNew) => {
      if (!meta.search) return;
      const key = keyOf(meta, row.rid);
      set(key, { meta, rid: row.rid, row, isNew: waiting.get(key)?.isNew ?? isNew });
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
      for (const [key, before] of undo.reverse()) {
        if (before) waiting.set(key, before);
        else waiting.delete(key);
      }
      undo = [];
    },
    write: () => {
      for (const { meta, rid, row, isNew } of waiting.values()) {
        if (row && meta.search) indexRow(db, meta, row, meta.search(row, nameOf), isNew);
        else unindexRow(db, meta, rid);
      }
      waiting.clear();
    },
  };
}
