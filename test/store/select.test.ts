import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { openOrganizationStore, type OrganizationStore } from '../../src-main/store/organization-store.ts';
import { equals, oneOf } from '../../src-main/core/conditions.ts';
import { createSelector } from '../../src-main/store/select.ts';

let folder: string;
let store: OrganizationStore;
let time = Date.parse('2026-03-02T06:00:00.000Z');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-select-'));
  store = openOrganizationStore({ id: 'o', file: join(folder, 'o.sqlite'), clock: { now: () => time }, registry: REGISTRY, backupBeforeMigration: () => {} });
  store.mutate({ actor: null, origin: 'system' }, (tx) => {
    const client = tx.insert('clients', { name: 'Клиент', kind: 'person' });
    for (let i = 0; i < 97; i++) {
      time += i % 5 === 0 ? 1 : 0;
      const due = i % 3 === 0 ? null : `2026-03-${String((i % 28) + 1).padStart(2, '0')}`;
      tx.insert('tickets', { client_id: client.id, subject: `Заявка ${i} сервер${i % 2 ? '' : 'у'}`, status: i % 4 ? 'open' : 'closed', priority: i % 4, due_date: due }, { createdAt: new Date(time).toISOString() });
    }
  });
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

it('walks every order page by page, each row once, whatever the page size, rows without a value last', () => {
  const tickets = createSelector(REGISTRY, 'tickets');
  fc.assert(
    fc.property(fc.constantFrom('created_at', '-created_at', 'due_date', '-due_date', 'priority', '-priority', 'no', '-no'), fc.integer({ min: 1, max: 40 }), (sort, limit) => {
      const whole = tickets.list(store.read, { sort, limit: 200 }).items.map((row) => row.id);
      const walked: string[] = [];
      let cursor: string | undefined;
      do {
        const page = tickets.list(store.read, { sort, limit, cursor });
        walked.push(...page.items.map((row) => row.id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      expect(walked).toEqual(whole);
      expect(new Set(walked).size).toBe(97);
      const dues = tickets.list(store.read, { sort: 'due_date', limit: 200 }).items.map((row) => row['due_date'] as string | null);
      expect(dues.indexOf(null)).toBe(dues.filter((due) => due !== null).length);
    }),
    { numRuns: 60 },
  );
});

it('answers a filter of several values in the order of the whole, page by page', () => {
  const tickets = createSelector(REGISTRY, 'tickets');
  const SORTS = ['created_at', '-created_at', 'due_date', '-due_date', 'priority', '-priority', 'updated_at', '-no'];
  fc.assert(
    fc.property(fc.constantFrom(...SORTS), fc.uniqueArray(fc.constantFrom<string>('open', 'closed', 'waiting'), { minLength: 1 }), fc.uniqueArray(fc.constantFrom<number>(0, 1, 2, 3), { minLength: 1 }), fc.integer({ min: 1, max: 40 }), (sort, statuses, priorities, limit) => {
      const conditions = [...oneOf('status', statuses), ...oneOf('priority', priorities), ...equals('source', undefined)];
      const words = ['low', 'medium', 'high', 'critical'];
      const expected = tickets.list(store.read, { sort, limit: 200 }).items.filter((row) => statuses.includes(row['status'] as string) && priorities.includes(words.indexOf(row['priority'] as string)));
      const walked: string[] = [];
      let cursor: string | undefined;
      do {
        const page = tickets.list(store.read, { sort, limit, cursor, conditions });
        walked.push(...page.items.map((row) => row.id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      expect(walked).toEqual(expected.map((row) => row.id));
    }),
    { numRuns: 80 },
  );
});

it('walks an index for every value of a filter instead of sorting all that fit', () => {
  const tickets = createSelector(REGISTRY, 'tickets');
  const asked: string[] = [];
  const spy = { ...store.read, all: <T>(sql: string, ...params: Parameters<typeof store.read.all> extends [string, ...infer Rest] ? Rest : never) => (asked.push(sql), store.read.all<T>(sql, ...params)) };
  tickets.list(spy, { sort: '-created_at', limit: 10, conditions: oneOf('status', ['open', 'waiting']) });
  const plan = store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${asked[0]}`, 'open', 'waiting', 11).map((step) => step.detail);
  expect(plan.filter((step) => /tickets_by_status \(status=\?\)/.test(step))).toHaveLength(2);
});

it('finds words in any case and form', () => {
  const tickets = createSelector(REGISTRY, 'tickets');
  expect(tickets.list(store.read, { sort: 'no', limit: 200, q: 'СЕРВЕР' }).items).toHaveLength(97);
  expect(tickets.list(store.read, { sort: 'no', limit: 200, q: 'принтер' }).items).toHaveLength(0);
});

it('refuses a cursor of another list', () => {
  const tickets = createSelector(REGISTRY, 'tickets');
  const { next_cursor } = tickets.list(store.read, { sort: 'no', limit: 5 });
  expect(() => tickets.list(store.read, { sort: '-no', limit: 5, cursor: next_cursor ?? '' })).toThrow(expect.objectContaining({ code: 'INVALID' }));
  expect(() => tickets.list(store.read, { sort: 'no', limit: 5, cursor: 'не закладка' })).toThrow(expect.objectContaining({ code: 'INVALID' }));
});

it('answers with numbers and names of what a row refers to', () => {
  const tickets = createSelector(REGISTRY, 'tickets');
  const [first] = tickets.list(store.read, { sort: 'no', limit: 1 }).items;
  expect(first).toMatchObject({ no: 1, client_no: 1, client_name: 'Клиент', assigned_to: null, assigned_to_name: null, priority: 'low', status: 'closed' });
  expect(Object.keys(first ?? {})).not.toContain('rid');
});
