import type { Diagnostics } from '../../src-shared/system/contract.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { appliedMigrations, SCHEMA } from '../store/migrate.ts';
import { examine } from './doctor.ts';

/** Names that the system and SQLite give to what went wrong; everything else of a failure's text may hold a path or a name. */
const FAULT = /\b(E[A-Z]{3,20}|SQLITE_[A-Z_]{2,30})\b/;

/**
 * What helps another to find a fault, and nothing of a person: numbers, versions and names that the program itself gives. Built from a
 * list of what may go in; no text that anybody typed, no path, no address is ever looked at.
 */
export async function diagnose(session: Session, house: House): Promise<Diagnostics> {
  const { store } = session;
  const { ok, checks } = await examine(session, house, false);
  const memory = process.memoryUsage();
  return {
    made_at: session.now(),
    program: {
      version: house.config.version,
      schema: SCHEMA,
      demo: house.config.demo,
      node: process.versions.node,
      electron: process.versions['electron'] ?? null,
      platform: process.platform,
      arch: process.arch,
      started_at: house.startedAt,
      memory_bytes: memory.rss,
      time_zone_minutes: -new Date(house.clock.now()).getTimezoneOffset(),
    },
    store: {
      healthy: ok,
      failed_checks: checks.filter((check) => !check.ok).map((check) => check.name),
      migrations: appliedMigrations(store.read).map(({ name, applied_at }) => ({ name, applied_at })),
      rows: await countRows(session),
    },
    jobs: house.jobs.list(store, 'en').map(({ name, enabled, last_run }) => ({
      name,
      enabled,
      last_outcome: last_run?.outcome ?? null,
      last_at: last_run ? iso(Date.parse(last_run.started_at)) : null,
      fault: FAULT.exec(last_run?.error ?? '')?.[0] ?? null,
    })),
  };
}

/** How many rows each table has, counted beside the writer. */
async function countRows({ readers, store }: Session): Promise<Record<string, number>> {
  const tables = store.read.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name NOT LIKE '%~_fts~_%' ESCAPE '~' ORDER BY name");
  const sql = tables.map(({ name }) => `SELECT '${name}' AS name, count(*) AS rows FROM "${name}"`).join(' UNION ALL ');
  const counted = await readers.all<{ name: string; rows: number }>(store.file, sql, [], { timeoutMs: 600_000 });
  return Object.fromEntries(counted.map(({ name, rows }) => [name, rows]));
}
