import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashOfFile, scrubFile } from '../../src-main/store/scrub.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-scrub-'));
  file = join(folder, 'copy.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file in which a good part of what was written is deleted again: single rows, long ones, whole tables. */
function fill(pragma = ''): unknown[] {
  const db = new Database(file);
  if (pragma) db.pragma(pragma);
  db.pragma('secure_delete = OFF');
  db.exec("CREATE TABLE kept (id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX by_text ON kept (text); CREATE TABLE gone (text TEXT); CREATE VIRTUAL TABLE words USING fts5(text)");
  db.exec('BEGIN');
  for (let i = 0; i < 3_000; i++) {
    db.prepare('INSERT INTO kept VALUES (?, ?)').run(i, i % 3 ? `staying ${i}` : `topsecret ${i} ${'x'.repeat(i % 7 ? 20 : 9_000)}`);
    db.prepare('INSERT INTO gone VALUES (?)').run(`topsecret too ${i} ${'y'.repeat(i % 50)}`);
    db.prepare('INSERT INTO words VALUES (?)').run(`word${i}`);
  }
  db.exec('COMMIT');
  db.exec('DELETE FROM kept WHERE id % 3 = 0; DROP TABLE gone');
  const rows = db.prepare('SELECT * FROM kept ORDER BY id').all();
  db.close();
  return rows;
}

it('leaves the rows and takes away what was deleted', async () => {
  const rows = fill();
  expect(readFileSync(file).includes('topsecret')).toBe(true);
  const sha256 = await scrubFile(file);
  const bytes = readFileSync(file);
  expect(bytes.includes('topsecret')).toBe(false);
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(await hashOfFile(file)).toBe(sha256);
  const db = new Database(file);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.prepare('SELECT * FROM kept ORDER BY id').all()).toEqual(rows);
  expect(db.prepare('SELECT rowid FROM words WHERE words MATCH ?').get('word2999')).toEqual({ rowid: 3000 });
  db.exec("INSERT INTO kept VALUES (100000, 'new'); INSERT INTO words VALUES ('new')");
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
});

it.each(['auto_vacuum = FULL', 'auto_vacuum = INCREMENTAL'])('leaves a file of another layout as it is: %s', async (pragma) => {
  fill(pragma);
  const before = readFileSync(file);
  expect(await scrubFile(file)).toBeNull();
  expect(readFileSync(file).equals(before)).toBe(true);
});

it('leaves a file that is none of SQLite as it is', async () => {
  writeFileSync(file, Buffer.alloc(8_192, 7));
  expect(await scrubFile(file)).toBeNull();
  expect(readFileSync(file).equals(Buffer.alloc(8_192, 7))).toBe(true);
});
