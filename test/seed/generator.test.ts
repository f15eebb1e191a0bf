import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkInn, checkKpp, checkOgrn } from '../../src-shared/kernel/tax-ids.ts';
import type { House } from '../../src-main/core/house.ts';
import { createOrganizations } from '../../src-main/organizations/organizations.ts';
import { createRandom } from '../../src-main/seed/random.ts';
import { companyValues } from '../../src-main/seed/rows.ts';
import { seedBench, sizesAt, totalOf, type SeedProgress } from '../../src-main/seed/index.ts';
import type { OrganizationStore } from '../../src-main/store/organization-store.ts';

const NOW = Date.parse('2026-06-15T06:00:00Z');
const folders: string[] = [];
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An installation with one organisation and its owner: as much of a house as the generator asks for. */
function emptyHouse(): { house: House; store: OrganizationStore } {
  const dataDir = mkdtempSync(join(tmpdir(), 'polevik-seed-'));
  folders.push(dataDir);
  const organizations = createOrganizations({ dataDir, singleFile: null, clock: { now: () => NOW }, backupBeforeMigration: () => {} });
  closers.push(() => organizations.close());
  const store = organizations.create({ name: 'Проба', language: 'ru' }, { id: '0190a0a0-0000-7000-8000-000000000002', full_name: 'Анна Волкова', email: 'anna@example.com' });
  return { house: { organizations, clock: { now: () => NOW } } as House, store };
}

const sizes = sizesAt(0.0005);
const TABLES = ['branches', 'users', 'companies', 'clients', 'contacts', 'assets', 'contracts', 'tickets', 'notes', 'tasks', 'appointments'] as const;

describe('the generator of a firm', () => {
  test('writes as many rows as it was asked for, every one of them in the log and in the search index', async () => {
    const { house, store } = emptyHouse();
    const heard: SeedProgress[] = [];
    const written = await seedBench(house, sizes, (progress) => heard.push(progress), { seed: 3, hurry: true });
    expect(written).toBe(totalOf(sizes));
    expect(heard.at(-1)).toEqual({ done: written, total: written });
    const count = (sql: string): number => store.read.get<{ n: number }>(sql)?.n ?? -1;
    for (const table of TABLES) expect([table, count(`SELECT count(*) AS n FROM ${table}`)]).toEqual([table, sizes[table] + (table === 'users' ? 1 : 0)]);
    expect(count('SELECT count(*) AS n FROM change_rows')).toBe(written + 2);
    for (const table of TABLES.filter((name) => name !== 'branches')) expect(count(`SELECT count(*) AS n FROM ${table} WHERE rid NOT IN (SELECT rowid FROM ${table}_fts)`)).toBe(0);
    expect(count('SELECT count(*) AS n FROM tickets WHERE client_id NOT IN (SELECT id FROM clients)')).toBe(0);
    expect(count('SELECT count(*) AS n FROM notes WHERE ticket_id IS NOT NULL AND ticket_id NOT IN (SELECT id FROM tickets)')).toBe(0);
    expect(store.mutate({ actor: null, origin: 'system' }, (tx) => tx.db.get('PRAGMA synchronous'))).toEqual({ synchronous: 2 });
  });

  test('gives the same rows for the same seed and moment, others for another', async () => {
    const rows = async (seed: number): Promise<unknown[]> => {
      const { house, store } = emptyHouse();
      await seedBench(house, sizesAt(0.0001), undefined, { seed });
      return TABLES.flatMap((table) => store.read.all(`SELECT * FROM ${table} WHERE id NOT LIKE '0190a0a0%' ORDER BY rid`)).map((row) => ({ ...(row as Record<string, unknown>), stamp_time: 0, stamp_counter: 0 }));
    };
    const first = await rows(1);
    expect(await rows(1)).toEqual(first);
    expect(await rows(2)).not.toEqual(first);
  });

  test('does not hurry on a file that holds work', async () => {
    const { house } = emptyHouse();
    for (let change = 0; change < 101; change++) house.organizations.open(house.organizations.list()[0]?.id ?? '').mutate({ actor: null, origin: 'system' }, (tx) => tx.insert('branches', { name: `Филиал ${change}` }));
    await expect(seedBench(house, sizesAt(0.0001), undefined, { hurry: true })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('makes companies whose INN, KPP and OGRN pass every check', () => {
    const random = createRandom(11);
    for (let index = 0; index < 500; index++) {
      const { inn, kpp, ogrn } = companyValues(random) as { inn: string; kpp: string | null; ogrn: string };
      expect(checkInn(inn)).toMatchObject({ ok: true, kind: inn.length === 12 ? 'person' : 'organization' });
      if (kpp !== null) expect(checkKpp(kpp).ok).toBe(true);
      expect(checkOgrn(ogrn)).toMatchObject({ ok: true, kind: inn.length === 12 ? 'person' : 'organization' });
    }
  });

  test('spreads its random numbers evenly and makes well-formed UUIDs', () => {
    const random = createRandom(5);
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 20_000; draw++) {
      const value = random.int(0, 9);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThan(400);
    const ids = new Set(Array.from({ length: 5000 }, () => random.uuid(NOW)));
    expect(ids.size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
