import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clients } from '../../src-main/clients/index.ts';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { search } from '../../src-main/search/service.ts';
import { metaOf } from '../../src-main/store/entity.ts';
import { putOffIndexing } from '../../src-main/store/index-waiting.ts';
import { countTickets, tickets } from '../../src-main/tickets/service.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { createWorld, pull, push, type Copy, type World } from './support/copies.ts';

/** More rows than the copies of these tests index at once. */
const MANY = 5;

let world: World;
let hub: Copy;
let office: Copy;
let laptop: Copy;
let anna: Actor;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate'] });
  world = createWorld();
  hub = world.hub;
  anna = world.people['Анна'] as Actor;
  office = await world.join('office');
  laptop = await world.join('laptop');
});
afterEach(() => {
  world.close();
  vi.useRealTimers();
});

const waiting = (copy: Copy): number => copy.store.read.get<{ n: number | null }>('SELECT sum(rows) AS n FROM local_index_waiting')?.n ?? 0;
const indexed = (copy: Copy): number => copy.store.read.get<{ n: number }>('SELECT count(*) AS n FROM clients_fts')?.n ?? 0;
const found = async (copy: Copy, q: string): Promise<string[]> => (await search(copy.session(anna), { q, limit: 20, entities: ['clients'] })).items.map((hit) => hit.title);
const names = ['Аврора', 'Берёза', 'Вереск', 'Герань', 'Донник'];
/** Written in the office, and taken in at the hub and on the laptop in one go. */
function arrive(): string[] {
  const ids = names.map((name) => clients.create(office.session(anna), { name }).id);
  push(office, hub);
  pull(laptop, hub);
  return ids;
}

it('many rows that arrive together are there at once, and indexed when it is calm', () => {
  arrive();
  expect([waiting(hub), indexed(hub), waiting(laptop), indexed(laptop)]).toEqual([MANY, 0, MANY, 0]);
  vi.advanceTimersByTime(999);
  expect(indexed(laptop)).toBe(0);
  vi.advanceTimersByTime(2);
  expect([waiting(hub), indexed(hub), waiting(laptop), indexed(laptop)]).toEqual([0, MANY, 0, MANY]);
});

it('whoever searches finds them before that: with their numbers, in search, lists and counts', async () => {
  arrive();
  expect(await found(laptop, 'вереск')).toEqual(['Вереск']);
  expect(waiting(laptop)).toBe(0);
  const { no } = laptop.store.read.get<{ no: number }>("SELECT no FROM clients WHERE name = 'Герань'") as { no: number };
  expect(await found(laptop, String(no))).toContain('Герань');
  expect((await clients.list(hub.session(anna), { q: 'береза', sort: 'created_at', limit: 10 })).items).toMatchObject([{ name: 'Берёза' }]);
  for (const subject of ['Принтер', 'Принтеры', 'Сканер', 'Принтер на складе']) tickets.create(office.session(anna), { client_id: office.store.read.get<{ id: string }>('SELECT id FROM clients LIMIT 1')?.id ?? '', subject });
  push(office, hub);
  expect(waiting(hub)).toBeGreaterThan(0);
  expect((await countTickets(hub.session(anna), { q: 'принтер' })).open).toBe(3);
});

it('what was changed or has gone meanwhile is found as it is now', async () => {
  const [first = '', second = '', third = ''] = arrive();
  clients.update(laptop.session(anna), first, { name: 'Азалия' });
  clients.remove(laptop.session(anna), second);
  laptop.store.mutate({ actor: anna, origin: 'window' }, (tx) => {
    tx.remove('clients', third);
    tx.purge('clients', third);
  });
  expect([await found(laptop, 'азалия'), await found(laptop, 'аврора'), await found(laptop, 'берёза'), await found(laptop, 'вереск')]).toEqual([['Азалия'], [], [], []]);
  expect(indexed(laptop)).toBe(MANY - 2);
});

it('the end of the program loses none of them, nor does a snapshot', async () => {
  arrive();
  const later = await world.join('later');
  expect([waiting(hub), waiting(later)]).toEqual([MANY, MANY]);
  expect(await found(later, 'донник')).toEqual(['Донник']);
  laptop.close();
  laptop.open();
  expect(waiting(laptop)).toBe(MANY);
  vi.advanceTimersByTime(1_001);
  expect(indexed(laptop)).toBe(MANY);
});

it('only so many wait as a search can wait for', () => {
  const meta = metaOf(REGISTRY, 'clients');
  hub.store.exchange((db) => {
    const rows = (count: number) => new Map([[meta, Array.from({ length: count }, (_, index) => index + 1)]]);
    expect(putOffIndexing(db, rows(20_000))).toBe(true);
    expect(putOffIndexing(db, rows(1))).toBe(false);
  });
  expect(waiting(hub)).toBe(20_000);
  arrive();
  expect(indexed(hub)).toBe(MANY);
});
