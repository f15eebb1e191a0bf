import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientHistory, rowHistory } from '../../src-main/audit/service.ts';
import { undoChange, undoImport } from '../../src-main/audit/undo.ts';
import { clients } from '../../src-main/clients/service.ts';
import { notes } from '../../src-main/notes/service.ts';
import { tickets } from '../../src-main/tickets/service.ts';
import { purgeRow, restoreRow } from '../../src-main/trash/restore.ts';
import { listTrash } from '../../src-main/trash/service.ts';
import type { Entity } from '../../src-shared/audit/model.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const detail = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.data.detail ?? error.code;
    throw error;
  }
  throw new Error('was not refused');
};
const addNote = (values: Record<string, unknown>): string => house.session().mutate((tx) => notes.insertIn(tx, values).id);
const titles = async (entity?: Entity[]): Promise<string[]> => (await listTrash(house.session(), { limit: 50, entity })).items.map((item) => item.title);
const exists = (table: string, id: string): boolean => house.store.read.get(`SELECT 1 FROM ${table} WHERE id = ?`, id) !== undefined;

describe('list', () => {
  it('shows what was deleted last first, by whom, of all tables or of some, page by page', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    const other = clients.create(house.session(), { name: 'Василёк' });
    expect(await titles()).toEqual([]);
    tickets.remove(house.session('operator'), ticket.id);
    house.clock.advance(1000);
    house.session('admin').mutate((tx) => {
      clients.removeIn(tx, other.id);
      clients.removeIn(tx, client.id);
      tx.remove('companies', tx.insert('companies', { name: 'Лишняя' }).id);
    });
    const { items, next_cursor } = await listTrash(house.session('engineer'), { limit: 50 });
    expect(items.map((item) => [item.entity, item.title, item.deleted_by_name])).toEqual([
      ['companies', 'Лишняя', 'Анна Крылова'],
      ['clients', 'Василёк', 'Анна Крылова'],
      ['clients', 'Ромашка', 'Анна Крылова'],
      ['tickets', 'Сеть', 'Пётр Орлов'],
    ]);
    expect(items[3]).toMatchObject({ id: ticket.id, no: ticket.no, deleted_at: '2026-06-15T06:00:00.000Z' });
    expect(next_cursor).toBeNull();
    expect(await titles(['tickets', 'notes'])).toEqual(['Сеть']);

    for (const limit of [1, 2, 3]) {
      const paged: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await listTrash(house.session(), { limit, cursor });
        paged.push(...page.items.map((item) => item.title));
        cursor = page.next_cursor;
      }
      expect(paged).toEqual(items.map((item) => item.title));
    }
    await expect(listTrash(house.session(), { limit: 1, cursor: 'x' })).rejects.toMatchObject({ code: 'INVALID' });
  });
});

describe('restore', () => {
  it('brings back what went with the row, and not what went before', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const early = tickets.create(house.session(), { client_id: client.id, subject: 'Удалена раньше' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    addNote({ ticket_id: ticket.id, content: 'Заметка к заявке' });
    tickets.remove(house.session(), early.id);
    house.clock.advance(1000);
    clients.remove(house.session(), client.id);
    expect(await titles()).toHaveLength(4);

    const { change_id } = restoreRow(house.session(), 'clients', client.no ?? 0);
    expect(await titles()).toEqual(['Удалена раньше']);
    undoChange(house.session(), change_id);
    expect(await titles()).toHaveLength(4);
  });

  it('does not leave a row without the row it hangs on', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const early = tickets.create(house.session(), { client_id: client.id, subject: 'Удалена раньше' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    tickets.remove(house.session(), early.id);
    house.clock.advance(1000);
    clients.remove(house.session(), client.id);
    restoreRow(house.session(), 'tickets', early.id);
    expect(await titles()).toEqual([]);
    expect(tickets.get(house.session(), ticket.id).client_name).toBe('Ромашка');

    clients.remove(house.session(), client.id);
    restoreRow(house.session(), 'tickets', ticket.id);
    expect(await titles()).toEqual([]);
  });

  it('leaves alone what merely was deleted by the same change', async () => {
    const ids = house.session().mutate((tx) => ['Альфа', 'Бета', 'Гамма'].map((name) => tx.insert('companies', { name }).id), { origin: 'import', importId: 'imp-1' });
    await undoImport(house.session(), 'imp-1', { signal: new AbortController().signal, report: () => {}, breathe: async () => {} });
    restoreRow(house.session(), 'companies', ids[1] as string);
    expect((await titles()).sort()).toEqual(['Альфа', 'Гамма']);
  });

  it('is found again by search and counts a second deletion by itself', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    clients.remove(house.session(), client.id);
    restoreRow(house.session(), 'clients', client.id);
    expect((await tickets.list(house.session(), { q: 'сеть', limit: 5, sort: '-created_at' })).items).toHaveLength(1);
    house.clock.advance(1000);
    tickets.remove(house.session(), ticket.id);
    house.clock.advance(1000);
    restoreRow(house.session(), 'tickets', ticket.id);
    expect(await titles()).toEqual([]);
  });

  it('refuses rows that are not in the trash, unknown ones, and those that are not the caller’s', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const company = house.session('operator').mutate((tx) => tx.insert('companies', { name: 'Лютик' }).id);
    house.session('operator').mutate((tx) => tx.remove('companies', company));
    expect(detail(() => restoreRow(house.session(), 'clients', client.id))).toBe('not_in_trash');
    expect(detail(() => restoreRow(house.session(), 'clients', 999))).toBe('NOT_FOUND');
    expect(detail(() => restoreRow(house.session('engineer'), 'companies', company))).toBe('company_not_yours');
    restoreRow(house.session('operator'), 'companies', company);
    for (const key of ['not_in_trash', 'purge_has_living', 'purge_elsewhere']) {
      expect(translateError('ru', 'CONFLICT', { detail: key })).not.toBe(translateError('ru', 'CONFLICT'));
      expect(translateError('en', 'CONFLICT', { detail: key })).not.toBe(translateError('en', 'CONFLICT'));
    }
  });
});

describe('purge', () => {
  it('deletes the row and all that hangs on it for good', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    const note = addNote({ ticket_id: ticket.id, content: 'Заметка' });
    const stranger = clients.create(house.session(), { name: 'Чужой' });
    clients.remove(house.session(), client.id);
    clients.remove(house.session(), stranger.id);
    purgeRow(house.session('admin'), 'clients', client.id);
    expect([exists('clients', client.id), exists('tickets', ticket.id), exists('notes', note)]).toEqual([false, false, false]);
    expect(await titles()).toEqual(['Чужой']);
    expect(house.store.read.get<{ n: number }>('SELECT count(*) AS n FROM tickets_fts')?.n).toBe(0);
    expect(detail(() => restoreRow(house.session(), 'clients', client.id))).toBe('NOT_FOUND');
  });

  it('refuses what is not in the trash, and what living rows still need', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    expect(detail(() => purgeRow(house.session(), 'clients', client.id))).toBe('not_in_trash');
    house.session().mutate((tx) => tx.remove('clients', client.id));
    const note = house.session().mutate((tx) => tx.insert('notes', { client_id: client.id, content: 'Осталась' }).id);
    expect(detail(() => purgeRow(house.session(), 'clients', client.id))).toBe('purge_has_living');
    expect(exists('clients', client.id)).toBe(true);
    house.session().mutate((tx) => tx.remove('notes', note));
    purgeRow(house.session(), 'clients', client.id);
    expect(exists('notes', note)).toBe(false);
  });

  it('is left to the device that gives out numbers', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    clients.remove(house.session(), client.id);
    house.session().mutate((tx) => tx.update('organization', house.store.id, { authority_device: 'another' }));
    expect(detail(() => purgeRow(house.session(), 'clients', client.id))).toBe('purge_elsewhere');
  });
});

describe('the number under which the log knows a row', () => {
  it('is not given again after the newest row was deleted for good', () => {
    const ridOf = (id: string): number => house.store.read.get<{ rid: number }>('SELECT rid FROM clients WHERE id = ?', id)?.rid ?? 0;
    const add = (name: string): string => clients.create(house.session(), { name }).id;
    add('Первый');
    const newest = add('Второй');
    const rid = ridOf(newest);
    const purge = (id: string): void => {
      clients.remove(house.session(), id);
      purgeRow(house.session(), 'clients', id);
    };
    purge(newest);
    const third = add('Третий');
    expect(ridOf(third)).toBe(rid + 1);
    expect(rowHistory(house.session(), 'clients', third, { limit: 10 }).items.map((entry) => entry.action)).toEqual(['create']);
    expect(clientHistory(house.session(), third, { limit: 10 }).items).toHaveLength(1);
    expect(ridOf(add('Четвёртый'))).toBe(rid + 2);

    const both = house.session().mutate((tx) => {
      const inner = tx.insert('clients', { name: 'Пятый', kind: 'person' });
      tx.remove('clients', inner.id);
      tx.purge('clients', inner.id);
      return [inner.rid, tx.insert('clients', { name: 'Шестой', kind: 'person' }).rid];
    });
    expect(both).toEqual([rid + 3, rid + 4]);
  });
});
