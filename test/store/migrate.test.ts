import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appliedMigrations, migrate, MIGRATIONS } from '../../src-main/store/migrate.ts';
import { openDb } from '../../src-main/store/sqlite.ts';

let folder: string;
const now = (): string => '2026-03-02T06:00:00.000Z';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-migrate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const extra = (sql: string) => [...MIGRATIONS, { name: '9999_extra', sql, checksum: 'x' }];

it('applies all migrations once, in the order of their names', () => {
  const db = openDb(join(folder, 'a.sqlite'));
  expect(migrate(db, now)).toEqual(MIGRATIONS.map((migration) => migration.name));
  expect(migrate(db, now)).toEqual([]);
  expect(appliedMigrations(db).map((migration) => migration.name)).toEqual(MIGRATIONS.map((migration) => migration.name).toSorted());
  db.close();
});

it('backs up before the first statement, and only a file that holds data', () => {
  const db = openDb(join(folder, 'a.sqlite'));
  const calls: number[] = [];
  migrate(db, now, () => calls.push(1));
  expect(calls).toEqual([]);
  migrate(db, now, () => calls.push(2), extra('CREATE TABLE later (a)'));
  expect(calls).toEqual([2]);
  db.close();
});

it('leaves the file as it was when a migration fails', () => {
  const file = join(folder, 'a.sqlite');
  const db = openDb(file);
  migrate(db, now);
  db.raw.pragma('wal_checkpoint(TRUNCATE)');
  const before = readFileSync(file);
  const failing = extra('CREATE TABLE half (a); --> statement-breakpoint\nINSERT INTO nowhere VALUES (1)');
  expect(() => migrate(db, now, undefined, failing)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE', data: expect.objectContaining({ detail: 'migration_failed' }) }));
  db.raw.pragma('wal_checkpoint(TRUNCATE)');
  expect(readFileSync(file).equals(before)).toBe(true);
  db.close();
});

it('refuses a file of a newer program', () => {
  const db = openDb(join(folder, 'a.sqlite'));
  migrate(db, now, undefined, extra('CREATE TABLE later (a)'));
  expect(() => migrate(db, now)).toThrow(expect.objectContaining({ data: expect.objectContaining({ detail: 'newer_version' }) }));
  db.close();
});
