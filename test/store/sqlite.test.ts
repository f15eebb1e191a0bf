import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDb, plannedOnce, type Db } from '../../src-main/store/sqlite.ts';

describe('parameters of a statement', () => {
  let folder: string;
  let db: Db;
  let reading: Db;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'polevik-sqlite-'));
    db = openDb(join(folder, 'a.sqlite'));
    db.raw.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, place INTEGER, name TEXT, bytes BLOB, "odd?" TEXT); CREATE INDEX t_by_place ON t (place, id); CREATE INDEX t_by_name ON t (name) WHERE name IS NOT NULL');
    reading = openDb(join(folder, 'a.sqlite'), { readonly: true });
  });
  afterAll(() => {
    reading.close();
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['SELECT * FROM t WHERE place = ? ORDER BY id LIMIT ?', 'SELECT * FROM t WHERE place = +? ORDER BY id LIMIT +?'],
    ["SELECT '?', 'it''s ?', \"odd?\", \"a\"\"?\" FROM t WHERE name <> ?", "SELECT '?', 'it''s ?', \"odd?\", \"a\"\"?\" FROM t WHERE name <> +?"],
    ['SELECT 1', 'SELECT 1'],
  ])('%s', (sql, planned) => {
    expect(plannedOnce(sql)).toBe(planned);
  });

  it('say what they said: numbers, texts, bytes, nothing; also what stands in quotes', () => {
    const bytes = Buffer.from([0, 255, 63]);
    const written = [7, 'Ёлка ? \'"', bytes, null] as const;
    db.run('INSERT INTO t (place, name, bytes, "odd?") VALUES (?, ?, ?, ?)', ...written);
    expect(reading.get('SELECT place, name, bytes, "odd?" FROM t WHERE place = ? AND name = ? AND bytes = ? AND "odd?" IS ?', ...written)).toEqual({ place: 7, name: written[1], bytes, 'odd?': null });
    expect(reading.get("SELECT '?' AS mark, ? || '?' AS text, -? AS number, typeof(?) AS kind", 'а', 5, 'x')).toEqual({ mark: '?', text: 'а?', number: -5, kind: 'text' });
    expect([...reading.iterate('SELECT value FROM json_each(?) WHERE value > ? LIMIT ?', '[1,2,3]', 1, 1)]).toEqual([{ value: 2 }]);
  });

  it('compare as the column does, whatever they are', () => {
    db.run("INSERT INTO t (place, name) VALUES (12, '12')");
    expect(reading.all('SELECT name FROM t WHERE place = ? OR place = ?', '12', 13)).toEqual([{ name: '12' }]);
    expect(reading.all('SELECT place FROM t WHERE name IN (?, ?)', 12, 'x')).toEqual(db.raw.prepare('SELECT place FROM t WHERE name IN (?, ?)').all(12, 'x'));
  });

  it.each([
    ['SELECT id FROM t WHERE place = ? ORDER BY id DESC LIMIT ?', 't_by_place (place=?)'],
    ['SELECT id FROM t WHERE place > ? AND place <= ? ORDER BY place', 't_by_place (place>? AND place<?)'],
    ['SELECT id FROM t WHERE name = ?', 't_by_name (name=?)'],
    ['DELETE FROM t WHERE id = ?', 'PRIMARY KEY (rowid=?)'],
  ])('leave the indexes to it: %s', (sql, index) => {
    const params = sql.match(/\?/g)?.map(() => 1) ?? [];
    expect(reading.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...params).map(({ detail }) => detail).join()).toContain(index);
  });
});
