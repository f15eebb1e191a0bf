import type { Db } from './sqlite.ts';

/** Rows below which a table's figures are not kept: it would soon be larger than they say, and be searched as if it were not. */
const SMALL = 1_000;
/** Entries of each index that are looked at. */
const SAMPLE = 1_000;

const ALL = "SELECT group_concat(tbl || ' ' || coalesce(idx, '') || ' ' || stat) AS figures FROM sqlite_stat1";
/** All figures that the planner has; null where it has none. */
const figures = (db: Db): string | null => (exists(db, 'sqlite_stat1') ? (db.get<{ figures: string | null }>(ALL)?.figures ?? null) : null);
/** Tables that the planner has figures of. */
const known = (db: Db): string[] => db.all<{ tbl: string }>("SELECT DISTINCT tbl FROM sqlite_stat1 WHERE tbl <> 'sqlite_schema'").map((row) => row.tbl);
const exists = (db: Db, table: string): boolean => db.get('SELECT 1 FROM sqlite_master WHERE name = ?', table) !== undefined;

/**
 * Renews what SQLite's planner knows of the tables that have grown, and drops what it knows of small ones; without figures it takes
 * the indexes as they were designed. Takes some hundredths of a second; call it outside a transaction.
 */
export function refreshStatistics(db: Db): void {
  const before = figures(db);
  db.raw.pragma(`analysis_limit = ${SAMPLE}`);
  // 2: analyse what would profit; 0x10000: look at all tables, not only at those that this connection has read.
  db.raw.pragma('optimize = 0x10002');
  if (figures(db) === null) return;
  const small = known(db).filter((table) => !exists(db, table) || db.get<{ n: number }>(`SELECT count(*) AS n FROM (SELECT 1 FROM "${table}" LIMIT ${SMALL})`)?.n !== SMALL);
  db.raw
    .transaction(() => {
      const stats = ['sqlite_stat1', 'sqlite_stat4'].filter((table) => exists(db, table));
      for (const table of small) for (const stat of stats) db.run(`DELETE FROM ${stat} WHERE tbl = ?`, table);
      if (figures(db) === before) return;
      // Other connections read the figures together with the schema, and read that again only when it has changed.
      db.raw.exec('CREATE VIEW statistics_changed AS SELECT 1; DROP VIEW statistics_changed;');
    })
    .immediate();
  db.raw.exec('ANALYZE sqlite_schema');
}

/** Rows written after which the figures are renewed for the first time; each further time takes twice as many. */
const FIRST_AFTER = 20_000;
const HOUR_MS = 60 * 60_000;

/** Renews the figures of an open file as it grows, in the pauses between writes. */
export interface StatisticsKeeper {
  /** Call it after each commit. */
  committed(): void;
  /** Renews them now. */
  refresh(): void;
  stop(): void;
}

/** @param settle commits what waits for its commit, see `Writer`. */
export function keepStatistics(db: Db, settle: () => void): StatisticsKeeper {
  const written = (): number => db.get<{ n: number }>('SELECT total_changes() AS n')?.n ?? 0;
  let seen = written();
  let due = seen + FIRST_AFTER;
  let pause: NodeJS.Immediate | null = null;
  const refresh = (): void => {
    settle();
    // An exchange waits for its confirmation: after a later commit.
    if (db.raw.inTransaction) return;
    refreshStatistics(db);
    seen = written();
    due = Math.max(seen * 2, seen + FIRST_AFTER);
  };
  const hourly = setInterval(() => {
    if (written() > seen) refresh();
  }, HOUR_MS);
  hourly.unref();
  return {
    committed: () => {
      if (pause || written() < due) return;
      pause = setImmediate(() => {
        pause = null;
        refresh();
      });
    },
    refresh,
    stop: () => {
      clearInterval(hourly);
      if (pause) clearImmediate(pause);
    },
  };
}
