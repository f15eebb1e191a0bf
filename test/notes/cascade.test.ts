import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { undoChange } from '../../src-main/audit/undo.ts';
import { clients } from '../../src-main/clients/service.ts';
import { companies } from '../../src-main/companies/service.ts';
import { notes } from '../../src-main/notes/service.ts';
import { tasks } from '../../src-main/tasks/service.ts';
import { tickets } from '../../src-main/tickets/service.ts';
import { restoreRow } from '../../src-main/trash/restore.ts';
import type { Entity } from '../../src-shared/audit/model.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const alive = (id: string): boolean => house.store.read.get('SELECT 1 FROM notes WHERE id = ? AND deleted_at IS NULL', id) !== undefined;

/** A row of each kind that notes hang on, made by the operator, with a note of the engineer's. */
const PARENTS: Record<string, () => { entity: Entity; id: string; column: string; remove(): { change_id: string } }> = {
  client: () => {
    const { id } = clients.create(house.session('operator'), { name: 'Ромашка' });
    return { entity: 'clients', id, column: 'client_id', remove: () => clients.remove(house.session('operator'), id) };
  },
  company: () => {
    const { id } = companies.create(house.session('admin'), { name: 'ООО «Ромашка»' });
    return { entity: 'companies', id, column: 'company_id', remove: () => companies.remove(house.session('admin'), id) };
  },
  ticket: () => {
    const client = clients.create(house.session('operator'), { name: 'Ромашка' });
    const { id } = tickets.create(house.session('operator'), { client_id: client.id, subject: 'Сеть' });
    return { entity: 'tickets', id, column: 'ticket_id', remove: () => tickets.remove(house.session('operator'), id) };
  },
  task: () => {
    const { id } = tasks.create(house.session('operator'), { title: 'Обход' });
    return { entity: 'tasks', id, column: 'task_id', remove: () => tasks.remove(house.session('operator'), id) };
  },
};

describe.each(Object.keys(PARENTS))('a note of somebody else on a %s', (kind) => {
  it('goes with it and comes back with it, however that is done', () => {
    const parent = (PARENTS[kind] as (typeof PARENTS)[string])();
    const note = notes.create(house.session('engineer'), { [parent.column]: parent.id, content: 'Ключ у охраны' });
    const who = kind === 'company' ? 'admin' : 'operator';

    parent.remove();
    expect(alive(note.id)).toBe(false);
    const restored = restoreRow(house.session(who), parent.entity, parent.id);
    expect(alive(note.id)).toBe(true);
    undoChange(house.session(who), restored.change_id);
    expect(alive(note.id)).toBe(false);
    restoreRow(house.session(who), parent.entity, parent.id);

    const { change_id } = parent.remove();
    expect(alive(note.id)).toBe(false);
    undoChange(house.session(who), change_id);
    expect(alive(note.id)).toBe(true);
  });
});

it('is still its author’s to delete by itself', () => {
  const client = clients.create(house.session('operator'), { name: 'Ромашка' });
  const note = notes.create(house.session('engineer'), { client_id: client.id, content: 'Ключ у охраны' });
  for (const role of ['operator', 'admin', 'owner'] as const) {
    expect(() => notes.remove(house.session(role), note.id)).toThrow(expect.objectContaining({ code: 'FORBIDDEN', data: expect.objectContaining({ detail: 'note_not_yours' }) }));
  }
  notes.remove(house.session('engineer'), note.id);
  expect(alive(note.id)).toBe(false);
});
