import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appointments } from '../../src-main/appointments/service.ts';
import { assets } from '../../src-main/assets/service.ts';
import { clients } from '../../src-main/clients/service.ts';
import { contacts } from '../../src-main/contacts/service.ts';
import { contracts } from '../../src-main/contracts/service.ts';
import { notes } from '../../src-main/notes/service.ts';
import { search } from '../../src-main/search/service.ts';
import { tickets } from '../../src-main/tickets/service.ts';
import { SEARCHABLE, type SearchHit, type Searchable } from '../../src-shared/search/contract.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const find = async (q: string, entities?: Searchable[], limit = 20): Promise<SearchHit[]> => (await search(house.session('engineer'), { q, entities, limit })).items;
const titles = async (q: string, entities?: Searchable[]): Promise<string[]> => (await find(q, entities)).map((hit) => `${hit.entity}: ${hit.title}`);
const addNote = (values: Record<string, unknown>): string => house.session().mutate((tx) => notes.insertIn(tx, values).id);

describe('everything can be found', () => {
  it('by words in any form and letter case, with a line that says what it belongs to', async () => {
    const company = house.session().mutate((tx) => tx.insert('companies', { name: 'ООО «Ромашка»', inn: '7707083893', address: 'Ростов, ул. Садовая, 5' }).id);
    const client = clients.create(house.session(), { name: 'Магазин на Садовой', company_id: company, phone: '+79991234567' });
    contacts.create(house.session(), { full_name: 'Ёлкина Вера', client_id: client.id, company_id: company, position: 'бухгалтер', phone: '+74951112233' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Не печатает принтер' });
    const note = addNote({ ticket_id: ticket.id, content: 'Ключи от серверной\nу охраны' });
    assets.create(house.session(), { client_id: client.id, name: 'Кассовый аппарат', serial_number: 'HL-2130' });
    contracts.create(house.session(), { client_id: client.id, title: 'Обслуживание касс', number: 'Д-17/2026', start_date: '2026-01-01' });
    house.session().mutate((tx) => tx.insert('tasks', { title: 'Заказать картриджи', status: 'pending', priority: 1, client_id: client.id }));
    appointments.create(house.session(), { client_id: client.id, title: 'Замена роутера', starts_at: '2026-06-16T08:00:00.000Z', duration_minutes: 30 });

    expect(await find('ПРИНТЕРЫ')).toEqual([{ entity: 'tickets', id: ticket.id, no: 1, title: 'Не печатает принтер', subtitle: 'Магазин на Садовой', owner: null }]);
    expect(await find('серверная')).toEqual([{ entity: 'notes', id: note, no: 1, title: 'Ключи от серверной у охраны', subtitle: 'Не печатает принтер', owner: { entity: 'tickets', id: ticket.id } }]);
    expect(await find('елкина')).toMatchObject([{ entity: 'contacts', title: 'Ёлкина Вера', subtitle: 'бухгалтер · ООО «Ромашка»' }]);
    expect(await find('ромашка')).toMatchObject([{ entity: 'companies', subtitle: '7707083893 · Ростов, ул. Садовая, 5' }, { entity: 'clients', subtitle: 'ООО «Ромашка» · +79991234567' }]);
    expect(await titles('hl2130')).toEqual(['assets: Кассовый аппарат']);
    expect(await titles('д-17/2026')).toEqual(['contracts: Обслуживание касс']);
    expect(await titles('картридж')).toEqual(['tasks: Заказать картриджи']);
    expect(await titles('роутер')).toEqual(['appointments: Замена роутера']);
    expect(await titles('смирнов')).toEqual(['users: Иван Смирнов']);
    expect(await titles('7707083893')).toEqual(['companies: ООО «Ромашка»']);
    for (const phone of ['+7 (999) 123-45-67', '8 999 123 45 67', '1234567', '4567']) expect(await titles(phone)).toContain('clients: Магазин на Садовой');
    expect(await titles('8 (495) 111-22-33')).toEqual(['contacts: Ёлкина Вера']);
  });

  it('as it is typed, and in the other keyboard layout', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    tickets.create(house.session(), { client_id: client.id, subject: 'Сломался принтер' });
    expect(await titles('прин')).toEqual(['tickets: Сломался принтер']);
    expect(await titles('р')).toEqual(['clients: Ромашка']);
    expect(await titles('принтер с')).toEqual(['tickets: Сломался принтер']);
    expect(await search(house.session(), { q: 'ghbynth', limit: 5 })).toMatchObject({ corrected: 'принтер', items: [{ title: 'Сломался принтер' }] });
    expect(await search(house.session(), { q: 'принтер', limit: 5 })).toMatchObject({ corrected: null });
    expect(await search(house.session(), { q: 'ybxtuj', limit: 5 })).toEqual({ items: [], corrected: null });
    expect(await find('"!?* -')).toEqual([]);
    expect(await find(`") OR tickets_fts MATCH ('*`)).toEqual([]);
  });

  it('only where it was asked for, and not in the trash', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    tickets.create(house.session(), { client_id: client.id, subject: 'Ромашка: сеть' });
    expect(await titles('ромашка')).toHaveLength(2);
    expect(await titles('ромашка', ['tickets'])).toEqual(['tickets: Ромашка: сеть']);
    expect(await find('ромашка', undefined, 1)).toHaveLength(1);
    clients.remove(house.session(), client.id);
    expect(await titles('ромашка')).toEqual([]);
  });
});

describe('order', () => {
  it('puts an exact number first, then whole titles, then words of titles, then texts', async () => {
    const client = clients.create(house.session(), { name: 'Кабинет 2' });
    tickets.create(house.session(), { client_id: client.id, subject: 'Первая' });
    tickets.create(house.session(), { client_id: client.id, subject: 'Вторая' });
    expect((await titles('2')).slice(0, 2)).toEqual(['tickets: Вторая', 'clients: Кабинет 2']);
    expect((await titles('№ 2'))[0]).toBe('tickets: Вторая');

    const sea = clients.create(house.session(), { name: 'Горизонт' });
    clients.create(house.session(), { name: 'Новый Горизонт' });
    addNote({ client_id: sea.id, content: 'Горизонт' });
    tickets.create(house.session(), { client_id: sea.id, subject: 'Сеть', description: 'Горизонт завален' });
    expect(await titles('горизонт')).toEqual(['clients: Горизонт', 'notes: Горизонт', 'clients: Новый Горизонт', 'tickets: Сеть']);
  });

  it('prefers what is open and fresh among equals', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const make = (subject: string, status: string): void => void tickets.create(house.session(), { client_id: client.id, subject, status });
    make('Роутер старый', 'open');
    make('Роутер старый закрыт', 'closed');
    house.clock.set('2027-06-15T06:00:00.000Z');
    make('Роутер новый закрыт', 'closed');
    make('Роутер новый', 'open');
    expect(await titles('роутер')).toEqual(['tickets: Роутер новый', 'tickets: Роутер новый закрыт', 'tickets: Роутер старый', 'tickets: Роутер старый закрыт']);
  });

  it('finds an old row by its number or name among any number of newer ones', async () => {
    const old = clients.create(house.session(), { name: 'Полюс' });
    house.session().mutate((tx) => {
      for (let n = 0; n < 300; n++) tx.insert('clients', { name: `Филиал ${n} Полюс`, kind: 'organization' });
    });
    expect((await find('полюс', ['clients']))[0]?.id).toBe(old.id);
    expect((await find('1', ['clients']))[0]?.id).toBe(old.id);
    expect(await find('полюс', ['clients'], 100)).toHaveLength(100);
  });
});

it('walks indexes only, and no more of them than it weighs', async () => {
  clients.create(house.session(), { name: 'Ромашка 12' });
  const session = house.session();
  const asked: { sql: string; params: (string | number | bigint | Buffer | null)[] }[] = [];
  await search({ ...session, readers: { ...session.readers, all: async (_file, sql, params) => (asked.push({ sql, params }), []) } }, { q: '12', limit: 20 });
  expect(asked.length).toBeGreaterThanOrEqual(SEARCHABLE.length);
  for (const { sql, params } of asked) {
    const plan = house.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...params).map((step) => step.detail);
    for (const step of plan) if (step.startsWith('SCAN')) expect(step).toMatch(/VIRTUAL TABLE INDEX \d+:M|^SCAN (f|\(subquery-\d+\)|CONSTANT ROW)/);
    expect(plan.some((step) => step.includes('USING INTEGER PRIMARY KEY'))).toBe(true);
  }
});
