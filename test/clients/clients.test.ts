import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientHistory } from '../../src-main/audit/service.ts';
import { overviewOf } from '../../src-main/clients/overview.ts';
import { clients } from '../../src-main/clients/service.ts';
import { companies } from '../../src-main/companies/service.ts';
import { contacts } from '../../src-main/contacts/service.ts';
import { contracts } from '../../src-main/contracts/service.ts';
import { notes } from '../../src-main/notes/service.ts';
import { search } from '../../src-main/search/service.ts';
import { tasks } from '../../src-main/tasks/service.ts';
import { countTickets, tickets } from '../../src-main/tickets/service.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

describe('history of a client', () => {
  it('holds the notes of its tickets and tasks, from writing to deleting', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    const task = tasks.create(house.session(), { client_id: client.id, title: 'Обход' });
    const loose = tasks.create(house.session(), { title: 'Без клиента' });
    const made = [
      notes.create(house.session(), { client_id: client.id, content: 'о клиенте' }),
      notes.create(house.session(), { ticket_id: ticket.id, content: 'о заявке' }),
      notes.create(house.session(), { task_id: task.id, content: 'о задаче' }),
    ];
    notes.create(house.session(), { task_id: loose.id, content: 'ни о ком' });
    clients.remove(house.session(), client.id);

    const entries = clientHistory(house.session(), client.id, { limit: 50 }).items.filter((entry) => entry.entity === 'notes');
    expect(entries.filter((entry) => entry.action === 'create').map((entry) => entry.row_id)).toEqual(made.map((note) => note.id).reverse());
    expect(entries.filter((entry) => entry.action === 'delete').map((entry) => entry.row_id).sort()).toEqual(made.map((note) => note.id).sort());
    expect(entries).toHaveLength(6);
  });
});

describe('what is late', () => {
  it('is a moment that is over, and a bare date only when its day is over where the organisation is', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    for (const [subject, due_date] of [
      ['вчера', '2026-06-14'],
      ['час назад', '2026-06-15T05:00:00.000Z'],
      ['сегодня', '2026-06-15'],
      ['через час', '2026-06-15T07:00:00.000Z'],
      ['завтра', '2026-06-16'],
      ['без срока', null],
    ] as const) {
      tickets.create(house.session(), { client_id: client.id, subject, due_date });
      if (due_date !== null) tasks.create(house.session(), { client_id: client.id, title: subject, due_date });
    }
    const late = async (): Promise<string[]> => (await tickets.list(house.session(), { overdue: true, limit: 50, sort: 'due_date' })).items.map((row) => row.subject);
    expect(await late()).toEqual(['вчера', 'час назад']);
    expect((await countTickets(house.session(), { overdue: true })).open).toBe(2);
    expect((await overviewOf(house.session(), client.id)).metrics).toMatchObject({ overdue_tickets: 2, overdue_tasks: 2 });

    // 21:30 UTC is half past midnight of the 16th in Moscow.
    house.clock.set('2026-06-15T21:30:00.000Z');
    expect(await late()).toEqual(['вчера', 'сегодня', 'час назад', 'через час']);
    expect((await overviewOf(house.session(), client.id)).metrics).toMatchObject({ overdue_tickets: 4, overdue_tasks: 4 });
  });

  it('counts a contract as active through its last day where the organisation is', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    contracts.create(house.session(), { client_id: client.id, title: 'Обслуживание', number: '1', start_date: '2026-01-01', end_date: '2026-06-15' });
    expect((await overviewOf(house.session(), client.id)).metrics.active_contracts).toBe(1);
    house.clock.set('2026-06-15T21:30:00.000Z');
    expect((await overviewOf(house.session(), client.id)).metrics.active_contracts).toBe(0);
  });
});

describe('lists of strings', () => {
  it('are empty after null', () => {
    const client = clients.create(house.session(), { name: 'Ромашка', phones: ['+79991234567'] });
    expect(client.phones).toHaveLength(1);
    expect(clients.update(house.session(), client.id, { phones: null }).phones).toEqual([]);
    expect(clients.create(house.session(), { name: 'Василёк', phones: null }).phones).toEqual([]);
    const contact = contacts.create(house.session(), { full_name: 'Вера Ёлкина', phones: ['+79991234567'] });
    expect(contacts.update(house.session(), contact.id, { phones: null, email: '' })).toMatchObject({ phones: [], email: null });
    const company = companies.create(house.session(), { name: 'ООО «Ромашка»', activity_fields: ['торговля'] });
    expect(companies.update(house.session(), company.id, { activity_fields: null }).activity_fields).toEqual([]);
  });
});

describe('the name of a company', () => {
  it('finds its clients after it was changed, and no longer by what it was', async () => {
    const company = companies.create(house.session(), { name: 'Ромашка' });
    const client = clients.create(house.session(), { name: 'Магазин на углу', company_id: company.id });
    const gone = clients.create(house.session(), { name: 'Закрытый', company_id: company.id });
    clients.remove(house.session(), gone.id);
    const found = async (q: string): Promise<string[]> => (await search(house.session(), { q, entities: ['clients'], limit: 20 })).items.map((hit) => hit.id);
    expect(await found('ромашка')).toEqual([client.id]);
    companies.update(house.session(), company.id, { name: 'Гортензия' });
    expect(await found('гортензия')).toEqual([client.id]);
    expect(await found('ромашка')).toEqual([]);
    expect((await clients.list(house.session(), { q: 'гортензия', limit: 5, sort: 'name' })).items.map((row) => row.id)).toEqual([client.id]);
  });
});
