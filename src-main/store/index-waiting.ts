import { createDeriver } from './derived.ts';
import type { EntityMeta, Registry } from './entity.ts';
import { indexStored } from './search-index.ts';
import type { Db } from './sqlite.ts';

/** From so many rows of one exchange on the search index may be written later. */
const LATER_FROM = 100;
/** Rows that wait at the most: whoever searches waits for them, some tenths of a second. */
const MOST_WAITING = 20_000;
/** Rows that are indexed in one go. */
const IN_ONE_GO = 500;
/** After so long without an exchange, it is no longer in anybody's way. */
const CALM_MS = 1_000;

/** Puts off the indexing of rows. @returns false where too many wait already, and nothing was put off */
export function putOffIndexing(db: Db, rows: ReadonlyMap<EntityMeta, readonly number[]>): boolean {
  let total = db.get<{ n: number | null }>('SELECT sum(rows) AS n FROM local_index_waiting')?.n ?? 0;
  for (const rids of rows.values()) total += rids.length;
  if (total > MOST_WAITING) return false;
  for (const [meta, rids] of rows) {
    for (let from = 0; from < rids.length; from += IN_ONE_GO) {
      const part = rids.slice(from, from + IN_ONE_GO);
      db.run('INSERT INTO local_index_waiting (entity, rids, rows) VALUES (?, ?, ?)', meta.code, JSON.stringify(part), part.length);
    }
  }
  return true;
}

interface Part {
  id: number;
  entity: number;
  rids: string;
}

/** The part that has waited longest. */
const nextPart = (db: Db): Part | undefined => db.get<Part>('SELECT id, entity, rids FROM local_index_waiting ORDER BY id LIMIT 1');

/**
 * The search index of a store, as far as it is written later: many rows that arrive together are applied first and indexed when it is calm,
 * or as soon as somebody searches, so that no search ever misses one.
 */
export interface SearchIndex {
  /** Rows of one exchange from which on their indexing is put off. */
  readonly laterFrom: number;
  /** Indexes what waits; whoever is about to search calls it first. Nothing happens while an exchange waits for its confirmation. */
  ready(): void;
  /** Call it after each exchange. */
  exchanged(): void;
  stop(): void;
}

/** @param settle commits what waits for its commit, see `Writer`. */
export function keepSearchIndex(db: Db, registry: Registry, settle: () => void, laterFrom = LATER_FROM): SearchIndex {
  const { nameOf } = createDeriver(db, registry);
  let timer: NodeJS.Timeout | null = null;

  const indexPart = db.raw.transaction((part: Part): void => {
    const meta = [...registry.values()].find(({ code }) => code === part.entity);
    if (meta) for (const rid of JSON.parse(part.rids) as number[]) indexStored(db, meta, rid, nameOf);
    db.run('DELETE FROM local_index_waiting WHERE id = ?', part.id);
  });
  /** @returns whether there was something that could be indexed now */
  const step = (): boolean => {
    settle();
    const part = db.raw.inTransaction ? undefined : nextPart(db);
    if (part) indexPart.immediate(part);
    return part !== undefined;
  };
  const whenCalm = (): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(inPauses, CALM_MS);
    timer.unref();
  };
  const inPauses = (): void => {
    timer = null;
    try {
      if (step()) setImmediate(inPauses);
      else if (db.raw.inTransaction) whenCalm();
    } catch {
      // Trouble of the disk is told to whoever writes or searches next; what waits is not lost.
    }
  };
  const exchanged = (): void => {
    if (nextPart(db)) whenCalm();
  };
  exchanged();
  return {
    laterFrom,
    ready: () => {
      while (step());
    },
    exchanged,
    stop: () => {
      if (timer) clearTimeout(timer);
    },
  };
}
