import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLiveCopies, type LiveCopies } from '../../src-main/store/live-copy.ts';
import { openDb, type Db } from '../../src-main/store/sqlite.ts';

let folder: string;
let db: Db;
let copies: LiveCopies;
const place = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-copy-'));
  db = openDb(place('live.sqlite'));
  db.raw.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)');
  copies = createLiveCopies(db, place('live.sqlite'));
  write(2_000);
});
afterEach(() => {
  const last = copies.end();
  db.close();
  last();
  rmSync(folder, { recursive: true, force: true });
});

function write(rows: number): void {
  db.raw.transaction(() => {
    for (let i = 0; i < rows; i++) db.run('INSERT INTO rows (text) VALUES (?)', 'x'.repeat(500 + (i % 700)));
  })();
}
const count = (): number => db.get<{ n: number }>('SELECT count(*) AS n FROM rows')?.n ?? 0;
function counted(file: string): { rows: unknown; check: unknown } {
  const copy = new Database(file);
  try {
    return { rows: copy.prepare('SELECT count(*) FROM rows').pluck().get(), check: copy.pragma('integrity_check', { simple: true }) };
  } finally {
    copy.close();
  }
}

it('has what had been written when it began, and nothing of what is written and carried into the file meanwhile', async () => {
  const before = count();
  let done = false;
  const copying = copies.copyTo(place('copy.sqlite')).finally(() => (done = true));
  while (!done) {
    write(200);
    db.raw.pragma('wal_checkpoint(PASSIVE)');
    db.run('DELETE FROM rows WHERE id % 7 = 3');
    await new Promise(setImmediate);
  }
  await copying;
  expect(counted(place('copy.sqlite'))).toEqual({ rows: before, check: 'ok' });
  expect(count()).not.toBe(before);
});

it('is whole where a reader keeps the log from being carried into the file', async () => {
  const reader = openDb(place('live.sqlite'), { readonly: true });
  reader.raw.exec('BEGIN');
  reader.get('SELECT 1 FROM rows LIMIT 1');
  write(500);
  await copies.copyTo(place('copy.sqlite'));
  expect(counted(place('copy.sqlite'))).toEqual({ rows: count(), check: 'ok' });
  reader.close();
});

it('leaves the locks of the process as they are: another program does not take itself for the last one', async () => {
  await copies.copyTo(place('copy.sqlite'));
  write(10);
  const other = "const d = new (require('better-sqlite3'))(process.argv[1]); d.prepare('SELECT 1 FROM rows').get(); d.close()";
  execFileSync(process.execPath, ['-e', other, place('live.sqlite')], { cwd: join(import.meta.dirname, '../..') });
  expect(existsSync(place('live.sqlite-wal'))).toBe(true);
});

it('ends with the connections', async () => {
  const copying = copies.copyTo(place('copy.sqlite'));
  const last = copies.end();
  db.close();
  last();
  await expect(copying).rejects.toThrow();
});
