import { createHash } from 'node:crypto';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Db } from './sqlite.ts';

const files = import.meta.glob('../../migrations/*.sql', { query: '?raw', eager: true, import: 'default' }) as Record<string, string>;

export interface Migration {
  /** File name without its ending; names sort in the order of application. */
  name: string;
  sql: string;
  checksum: string;
}

/** All migrations of this program, in order. */
export const MIGRATIONS: readonly Migration[] = Object.entries(files)
  .map(([path, sql]) => ({ name: path.replace(/^.*\/|\.sql$/g, ''), sql, checksum: createHash('sha256').update(sql).digest('hex') }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Number of the newest schema this program knows; a changeset carries it. */
export const SCHEMA = MIGRATIONS.length;

export interface AppliedMigration {
  name: string;
  checksum: string;
  applied_at: string;
}

const CREATE = 'CREATE TABLE IF NOT EXISTS local_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)';

export function appliedMigrations(db: Db): AppliedMigration[] {
  const exists = db.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'local_migrations'");
  return exists ? db.all<AppliedMigration>('SELECT name, checksum, applied_at FROM local_migrations ORDER BY name') : [];
}

/** Migrations that this file still lacks. @throws AppError STORE_UNAVAILABLE `newer_version` when the file knows more than the program. */
export function pendingMigrations(db: Db, migrations: readonly Migration[] = MIGRATIONS): Migration[] {
  const applied = appliedMigrations(db);
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const foreign = applied.find((migration) => !known.has(migration.name));
  if (foreign) throw new AppError('STORE_UNAVAILABLE', { detail: 'newer_version', params: { migration: foreign.name } });
  const done = new Set(applied.map((migration) => migration.name));
  return migrations.filter((migration) => !done.has(migration.name));
}

/**
 * Applies what is missing, all of it in one transaction: either the file is at the newest schema afterwards, or exactly as it was.
 * `beforeFirst` runs ahead of the transaction (the automatic backup) when the file already holds data.
 */
export function migrate(db: Db, now: () => string, beforeFirst?: () => void, migrations: readonly Migration[] = MIGRATIONS): string[] {
  const pending = pendingMigrations(db, migrations);
  if (pending.length === 0) return [];
  if (appliedMigrations(db).length > 0) beforeFirst?.();
  db.raw.exec('BEGIN IMMEDIATE');
  try {
    db.raw.exec(CREATE);
    for (const migration of pending) {
      for (const statement of migration.sql.split('--> statement-breakpoint')) {
        if (statement.trim()) db.raw.exec(statement);
      }
      db.raw.prepare('INSERT INTO local_migrations (name, checksum, applied_at) VALUES (?, ?, ?)').run(migration.name, migration.checksum, now());
    }
    db.raw.exec('COMMIT');
  } catch (error) {
    if (db.raw.inTransaction) db.raw.exec('ROLLBACK');
    throw Object.assign(new AppError('STORE_UNAVAILABLE', { detail: 'migration_failed', params: { reason: error instanceof Error ? error.message : String(error) } }), { cause: error });
  }
  return pending.map((migration) => migration.name);
}
