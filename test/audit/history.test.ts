import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientHistory, listHistory, listSecurity, rowHistory } from '../../src-main/audit/service.ts';
import { appointments } from '../../src-main/appointments/index.ts';
import { clients } from '../../src-main/clients/service.ts';
import { notes } from '../../src-main/notes/service.ts';
import { tickets } from '../../src-main/tickets/service.ts';
import { undoChange } from '../../src-main/audit/undo.ts';
import type { HistoryEntry } from '../../src-shared/audit/model.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const brief = (entry: HistoryEntry): string => `${entry.action} ${entry.entity} ${entry.row_title}`;
const field = (entry: HistoryEntry | undefined, name: string): HistoryEntry['fields'][number] | undefined => entry?.fields.find((change) => change.field === name);

describe('history of a row', () => {
  it('says who changed which field from what to what, references by name, priority in words', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const ticket = tickets.create(house.session('operator'), { client_id: client.no, subject: 'Не печатает', priority: 'low' });
    house.clock.advance(60_000);
    tickets.update(house.session('engineer', { door: 'port' }), ticket.id, { priority: 'critical', assigned_to: house.people.engineer.user_id, status: 'resolved' });

    const { items } = rowHistory(house.session('engineer'), 'tickets', ticket.no ?? 0, { limit: 10 });
    expect(items.map(brief)).toEqual(['update tickets Не печатает', 'create tickets Не печатает']);
    const [update, create] = items;
    expect(update).toMatchObject({ at: '2026-06-15T06:01:00.000Z', actor_name: 'Иван Смирнов', origin: 'window', row_no: ticket.no, undone: false });
    expect(field(update, 'priority')).toEqual({ field: 'priority', before: 'low', after: 'critical', before_name: null, after_name: null });
    expect(field(update, 'assigned_to')).toEqual({ field: 'assigned_to', before: null, after: house.people.engineer.user_id, before_name: null, after_name: 'Иван Смирнов' });
    expect(update?.fields.map((change) => change.field).sort()).toEqual(['assigned_to', 'priority', 'resolved_at', 'status']);
    expect(field(create, 'client_id')).toMatchObject({ before: null, after: client.id, after_name: 'Ромашка' });
    expect(field(create, 'description')).toBeUndefined();
  });

  it('names everybody of a list', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const { engineer, coordinator } = house.people;
    const visit = appointments.create(house.session(), { client_id: client.id, title: 'Замена', starts_at: '2026-06-16T07:00:00.000Z', ends_at: '2026-06-16T08:00:00.000Z' });
    appointments.update(house.session(), visit.id, { excluded_engineers: [engineer.user_id, coordinator.user_id] });
    appointments.update(house.session(), visit.id, { excluded_engineers: [] });
    const [emptied, filled] = rowHistory(house.session(), 'appointments', visit.id, { limit: 10 }).items;
    const names = `${engineer.full_name}, ${coordinator.full_name}`;
    expect(field(filled, 'excluded_engineers')).toMatchObject({ before_name: null, after: [engineer.user_id, coordinator.user_id], after_name: names });
    expect(field(emptied, 'excluded_engineers')).toMatchObject({ before_name: names, after_name: null });
  });

  it('keeps the name that a reference had then', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    const other = clients.create(house.session(), { name: 'Василёк' });
    clients.update(house.session(), client.id, { name: 'Ромашка плюс' });
    tickets.update(house.session(), ticket.id, { client_id: other.id });
    clients.update(house.session(), client.id, { name: 'Ромашка два' });

    const { items } = rowHistory(house.session(), 'tickets', ticket.id, { limit: 10 });
    expect(field(items[1], 'client_id')).toMatchObject({ after_name: 'Ромашка' });
    expect(field(items[0], 'client_id')).toMatchObject({ before_name: 'Ромашка плюс', after_name: 'Василёк' });
  });

  it('reads rows in the trash too and refuses unknown ones', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    clients.remove(house.session(), client.id);
    expect(rowHistory(house.session(), 'clients', client.id, { limit: 10 }).items.map((entry) => entry.action)).toEqual(['delete', 'create']);
    expect(() => rowHistory(house.session(), 'clients', 999, { limit: 10 })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  it('tells a purged row whose number on this copy was given again from its successor', () => {
    const first = clients.create(house.session(), { name: 'Первый' });
    house.session().mutate((tx) => tx.purge('clients', first.id));
    const second = clients.create(house.session(), { name: 'Второй' });
    expect(rowHistory(house.session(), 'clients', second.id, { limit: 10 }).items.map(brief)).toEqual(['create clients Второй']);
  });
});

describe('history of a client', () => {
  it('holds everything that hangs on it, page by page, and nothing else', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const stranger = clients.create(house.session(), { name: 'Чужой' });
    tickets.create(house.session(), { client_id: stranger.id, subject: 'Чужая' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    house.session().mutate((tx) => notes.insertIn(tx, { client_id: client.id, content: 'Ключ у охраны' }));
    tickets.update(house.session(), ticket.id, { status: 'in_progress' });
    clients.remove(house.session(), client.id);

    const whole = clientHistory(house.session('engineer'), client.id, { limit: 50 });
    expect(whole.items.map(brief)).toEqual([
      'delete clients Ромашка',
      'delete notes Ключ у охраны',
      'delete tickets Сеть',
      'update tickets Сеть',
      'create notes Ключ у охраны',
      'create tickets Сеть',
      'create clients Ромашка',
    ]);
    expect(whole.next_cursor).toBeNull();

    const paged: HistoryEntry[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = clientHistory(house.session(), client.id, { limit: 2, cursor });
      expect(page.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(whole.items);
  });
});

describe('the whole log', () => {
  it('is filtered by entity, person, import and period, and paged without loss', async () => {
    const client = clients.create(house.session('operator'), { name: 'Ромашка' });
    house.clock.set('2026-06-16T21:30:00.000Z');
    tickets.create(house.session('engineer'), { client_id: client.id, subject: 'Первая' });
    house.clock.set('2026-06-18T06:00:00.000Z');
    house.session('coordinator').mutate(
      (tx) => {
        for (let n = 1; n <= 5; n++) tx.insert('companies', { name: `Компания ${n}` });
      },
      { origin: 'import', importId: 'imp-1' },
    );
    const admin = house.session('admin');
    const ask = async (filters: Partial<Parameters<typeof listHistory>[1]>): Promise<string[]> => (await listHistory(admin, { limit: 50, ...filters })).items.map(brief);

    expect(await ask({ entity: ['tickets'] })).toEqual(['create tickets Первая']);
    expect(await ask({ entity: ['tickets', 'clients'] })).toEqual(['create tickets Первая', 'create clients Ромашка']);
    expect(await ask({ actor_id: 'Иван Смирнов' })).toEqual(['create tickets Первая']);
    expect(await ask({ actor_id: house.people.engineer.user_id, entity: ['clients'] })).toEqual([]);
    expect(await ask({ actor_id: house.people.operator.user_id, entity: ['clients'] })).toEqual(['create clients Ромашка']);
    expect(await ask({ import_id: 'imp-1' })).toEqual([1, 2, 3, 4, 5].map((n) => `create companies Компания ${n}`));
    // 21:30 UTC on the 16th is half past midnight of the 17th in Moscow.
    expect(await ask({ from: '2026-06-17', to: '2026-06-17' })).toEqual(['create tickets Первая']);
    expect(await ask({ to: '2026-06-16', entity: ['clients', 'tickets'] })).toEqual(['create clients Ромашка']);
    expect(await ask({ from: '2026-06-18T06:00:00.001Z' })).toEqual([]);

    const all = await ask({});
    expect(all.at(-1)).toBe('create organization Полевая служба');
    for (const filters of [{}, { entity: ['companies' as const] }, { import_id: 'imp-1', entity: ['companies' as const] }, { actor_id: house.people.coordinator.user_id }]) {
      const paged: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await listHistory(admin, { ...filters, limit: 2, cursor });
        paged.push(...page.items.map(brief));
        cursor = page.next_cursor;
      }
      expect(paged).toEqual(await ask(filters));
    }
  });

  it('finds the ends of a period among foreign changes too', async () => {
    for (const [index, day] of ['2026-06-20', '2026-06-21', '2026-06-22', '2026-06-23'].entries()) {
      house.clock.set(`${day}T09:00:00.000Z`);
      clients.create(house.session(), { name: `День ${index}` });
    }
    const ask = async (): Promise<string[]> => (await listHistory(house.session(), { limit: 50, from: '2026-06-21', to: '2026-06-22', entity: ['clients'] })).items.map(brief);
    expect(await ask()).toEqual(['create clients День 2', 'create clients День 1']);
    const foreign = await import('../../src-main/store/sqlite.ts').then(({ openDb }) => openDb(house.store.file));
    foreign.run("INSERT INTO devices (alias, id, name) VALUES (2, 'other', 'other')");
    foreign.run(`INSERT INTO changesets (id, device, seq, stamp_time, stamp_counter, actor_id, schema, origin, import_id, undoes, ops, before, prev_hash, hash) SELECT id + 1, 2, 1, stamp_time - 86400000, 0, actor_id, schema, 'sync', NULL, NULL, '[]', '[]', prev_hash, hash FROM changesets ORDER BY id DESC LIMIT 1`);
    foreign.close();
    expect(await ask()).toEqual(['create clients День 2', 'create clients День 1']);
  });

  it('marks what was undone, and no longer once the undo was undone', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    clients.update(house.session(), client.id, { email: 'a@b.ru' });
    const newest = async (): Promise<HistoryEntry[]> => (await listHistory(house.session(), { limit: 3, entity: ['clients'] })).items;
    const change = (await newest())[0]?.change_id ?? '';
    const undo = undoChange(house.session(), change);
    expect((await newest()).map((entry) => [entry.origin, entry.undone])).toEqual([['undo', false], ['api', true], ['api', false]]);
    undoChange(house.session(), undo.change_id);
    expect((await newest()).map((entry) => [entry.origin, entry.undone])).toEqual([['undo', false], ['undo', true], ['api', false]]);
  });

  it('refuses a cursor that is none', async () => {
    await expect(listHistory(house.session(), { limit: 5, cursor: 'чужой' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'cursor' } });
  });
});

describe('security events', () => {
  it('are listed newest first by type and period', () => {
    const { store, clock, people } = house;
    store.logSecurity({ type: 'login', user_id: people.engineer.user_id, address: '192.168.1.5' });
    clock.advance(86_400_000);
    store.logSecurity({ type: 'refused', user_id: people.engineer.user_id, address: 'local', details: { operation: 'exports.start' } });
    store.logSecurity({ type: 'login', user_id: null, address: null });

    const all = listSecurity(house.session('admin'), { limit: 2 });
    expect(all.items.map((event) => event.type)).toEqual(['login', 'refused']);
    expect(all.items[1]).toMatchObject({ user_name: 'Иван Смирнов', address: 'local', details: { operation: 'exports.start' } });
    const rest = listSecurity(house.session('admin'), { limit: 2, cursor: all.next_cursor ?? '' });
    expect(rest.items.map((event) => event.at)).toEqual(['2026-06-15T06:00:00.000Z']);
    expect(rest.next_cursor).toBeNull();
    expect(listSecurity(house.session('admin'), { limit: 10, type: 'login' }).items).toHaveLength(2);
    expect(listSecurity(house.session('admin'), { limit: 10, from: '2026-06-16' }).items).toHaveLength(2);
    expect(listSecurity(house.session('admin'), { limit: 10, to: '2026-06-15' }).items).toHaveLength(1);
  });
});
