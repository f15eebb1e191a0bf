import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { createOrganizations, type Organizations } from '../../src-main/organizations/organizations.ts';
import { fillWithDemo } from '../../src-main/seed/index.ts';
import type { OrganizationStore } from '../../src-main/store/organization-store.ts';
import { createSelector } from '../../src-main/store/select.ts';

const NOW = Date.parse('2026-06-15T06:00:00Z');
let folder: string;
let organizations: Organizations;
let store: OrganizationStore;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-json-'));
  organizations = createOrganizations({ dataDir: folder, singleFile: null, clock: { now: () => NOW - 800 * 86_400_000 }, backupBeforeMigration: () => {} });
  store = organizations.create({ name: 'Проба', language: 'ru' }, { id: '0190a0a0-0000-7000-8000-000000000002', full_name: 'Анна Волкова', email: 'anna@example.com' });
  fillWithDemo(store, NOW);
  store.mutate({ actor: null, origin: 'system' }, (tx) => {
    const client = tx.insert('clients', { name: 'Кавычки "и" \\ черта\tтаб\nстрока \u0001 😀 ё', kind: 'person', phones: ['+7 "1"', '2'], latitude: 0.1 + 0.2, longitude: -179.999999 });
    tx.insert('notes', { content: 'Закреплено', pinned: true, client_id: client.id });
    tx.insert('appointments', { client_id: client.id, title: 'Неровно', starts_at: '2026-06-15T06:00:10.500Z', ends_at: '2026-06-15T07:29:50.499Z', status: 'scheduled' });
  });
});
afterAll(() => {
  organizations.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([...REGISTRY.keys()])('%s: the page as JSON is the page as rows', (entity) => {
  const selector = createSelector(REGISTRY, entity);
  for (const [sort, limit] of [['created_at', 200], ['-updated_at', 7]] as const) {
    let cursor: string | undefined;
    let pages = 0;
    do {
      const query = { sort, limit, cursor };
      const rows = selector.list(store.read, query);
      const json = selector.listJson(store.read, query);
      expect(JSON.parse(json.items.toString('utf8'))).toEqual(rows.items);
      expect(json.next_cursor).toBe(rows.next_cursor);
      for (const row of rows.items) expect(selector.byId(store.read, row.id)).toEqual(row);
      cursor = rows.next_cursor ?? undefined;
      pages++;
    } while (cursor && pages < 5);
  }
});

test('an answer says duration, author and priority in the words of the contract', () => {
  const [visit] = createSelector(REGISTRY, 'appointments').list(store.read, { sort: 'created_at', limit: 1 }).items;
  expect(visit).toMatchObject({ title: 'Неровно', duration_minutes: 90 });
  const notes = createSelector(REGISTRY, 'notes').list(store.read, { sort: 'created_at', limit: 200 }).items;
  const note = notes.find((row) => row['author_name'] === 'Иван Петров');
  expect(note).toMatchObject({ pinned: expect.any(Boolean) as boolean });
  expect(notes[0]).toMatchObject({ pinned: true, author_name: null });
  expect(note).not.toHaveProperty('created_by_name');
  const priorities = new Set(createSelector(REGISTRY, 'tickets').list(store.read, { sort: 'no', limit: 200 }).items.map((row) => row['priority']));
  expect([...priorities].sort()).toEqual(['critical', 'high', 'low', 'medium']);
});
