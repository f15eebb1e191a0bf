import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSelector } from '../../src-main/store/select.ts';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { openDb } from '../../src-main/store/sqlite.ts';
import { refreshStatistics } from '../../src-main/store/statistics.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const fill = (count: number): void =>
  house.store.mutate({ actor: null, origin: 'import' }, (tx) => {
    for (let i = 0; i < count; i++) tx.insert('clients', { name: `Клиент ${i}`, kind: 'organization' });
  });
const figures = (): string[] => {
  const db = openDb(house.store.file, { readonly: true });
  const known = db.get("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'") ? db.all<{ tbl: string }>("SELECT DISTINCT tbl FROM sqlite_stat1 WHERE tbl <> 'sqlite_schema' ORDER BY tbl").map((row) => row.tbl) : [];
  db.close();
  return known;
};
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

it('keeps no figures of small tables', () => {
  fill(3);
  const db = openDb(house.store.file);
  refreshStatistics(db);
  expect(figures()).toEqual([]);
  db.raw.exec('ANALYZE');
  expect(figures()).toContain('clients');
  refreshStatistics(db);
  expect(figures()).toEqual([]);
  db.close();
});

it('renews them by itself while much is written, and tells the connections that read', async () => {
  fill(3_000);
  await tick();
  expect(figures()).not.toContain('users');
  fill(3_000);
  await tick();
  expect(figures()).toEqual(expect.arrayContaining(['clients', 'change_rows']));
  expect(figures()).not.toContain('users');
  const selector = createSelector(REGISTRY, 'clients');
  expect(selector.list(house.store.read, { conditions: [], sort: 'name', limit: 5 }).items).toHaveLength(5);
});

it('renews them after a file was filled', async () => {
  await house.store.fillFresh(async () => fill(1_500));
  expect(figures()).toEqual(expect.arrayContaining(['clients', 'change_rows']));
});
