import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rowHistory } from '../../src-main/audit/service.ts';
import { undoChange, undoImport } from '../../src-main/audit/undo.ts';
import { appointments } from '../../src-main/appointments/service.ts';
import { clients } from '../../src-main/clients/service.ts';
import type { TaskControl } from '../../src-main/core/long-tasks.ts';
import { notes } from '../../src-main/notes/service.ts';
import { tickets } from '../../src-main/tickets/service.ts';
import type { Entity } from '../../src-shared/audit/model.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { TICKET_STATUSES } from '../../src-shared/tickets/model.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

const newest = (): string => String(house.store.read.get<{ id: number }>('SELECT max(id) AS id FROM changesets')?.id);
const refusal = (work: () => unknown): { code: string; detail: string | undefined } => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, detail: error.data.detail };
    throw error;
  }
  throw new Error('was not refused');
};
const data = (entity: Entity, id: string): Record<string, unknown> | undefined => {
  const row = house.session().mutate((tx) => tx.get(entity, id));
  if (!row) return undefined;
  const { updated_at, updated_by, change, deleted_at, ...rest } = row;
  return { ...rest, deleted: deleted_at !== null && Boolean(updated_at) && Boolean(updated_by) && Boolean(change) };
};

describe('undoing one change', () => {
  it('takes back a creation, and brings it back when that is undone', () => {
    const client = clients.create(house.session('engineer'), { name: 'Ромашка' });
    const undo = undoChange(house.session('engineer'), newest());
    expect(undo).toMatchObject({ reverted: 1, kept: 0, change_id: newest() });
    expect(data('clients', client.id)?.['deleted']).toBe(true);
    expect(undoChange(house.session('engineer'), undo.change_id)).toMatchObject({ reverted: 1, kept: 0 });
    expect(clients.get(house.session(), client.id).name).toBe('Ромашка');
  });

  it('puts back only what nobody has written since', () => {
    const client = clients.create(house.session(), { name: 'Ромашка', email: 'a@b.ru', phone: '1' });
    clients.update(house.session(), client.id, { name: 'Ромашка плюс', email: 'new@b.ru', phone: '2' });
    const change = newest();
    clients.update(house.session('admin'), client.id, { phone: '3' });
    expect(undoChange(house.session(), change)).toMatchObject({ reverted: 2, kept: 1 });
    expect(clients.get(house.session(), client.id)).toMatchObject({ name: 'Ромашка', email: 'a@b.ru', phone: '3' });
  });

  it('keeps columns together that mean something only together', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    tickets.update(house.session(), ticket.id, { status: 'resolved' });
    const resolved = newest();
    tickets.update(house.session(), ticket.id, { status: 'closed' });
    expect(refusal(() => undoChange(house.session(), resolved))).toEqual({ code: 'CONFLICT', detail: 'undo_nothing_left' });
    expect(tickets.get(house.session(), ticket.id)).toMatchObject({ status: 'closed', resolved_at: '2026-06-15T06:00:00.000Z' });
    undoChange(house.session(), newest());
    undoChange(house.session(), resolved);
    expect(tickets.get(house.session(), ticket.id)).toMatchObject({ status: 'open', resolved_at: null, closed_at: null });
  });

  it('brings back a deletion with all that went with it', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Сеть' });
    const note = house.session().mutate((tx) => notes.insertIn(tx, { ticket_id: ticket.id, content: 'Ключ у охраны' }));
    const { change_id } = clients.remove(house.session(), client.id);
    expect(undoChange(house.session(), change_id)).toMatchObject({ reverted: 3, kept: 0 });
    expect([data('clients', client.id), data('tickets', ticket.id), data('notes', note.id)].map((row) => row?.['deleted'])).toEqual([false, false, false]);
  });

  it('puts a restored row back into the trash, and cannot bring back what was purged', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const { change_id } = clients.remove(house.session(), client.id);
    const restored = undoChange(house.session(), change_id).change_id;
    undoChange(house.session(), restored);
    expect(data('clients', client.id)?.['deleted']).toBe(true);
    house.session().mutate((tx) => tx.purge('clients', client.id));
    expect(refusal(() => undoChange(house.session(), newest()))).toEqual({ code: 'CONFLICT', detail: 'undo_nothing_left' });
  });

  it('does not take away a row on which others have built since', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const change = newest();
    tickets.create(house.session('engineer'), { client_id: client.id, subject: 'Сеть' });
    expect(refusal(() => undoChange(house.session(), change))).toEqual({ code: 'CONFLICT', detail: 'undo_nothing_left' });
    expect(data('clients', client.id)?.['deleted']).toBe(false);
  });

  it('is for the author, admins and owners, once, within the rights of the token', () => {
    const client = clients.create(house.session('operator'), { name: 'Ромашка' });
    clients.update(house.session('operator'), client.id, { email: 'a@b.ru' });
    const change = newest();
    expect(refusal(() => undoChange(house.session('engineer'), change))).toEqual({ code: 'FORBIDDEN', detail: 'undo_not_yours' });
    expect(refusal(() => undoChange(house.session('coordinator'), change))).toEqual({ code: 'FORBIDDEN', detail: 'undo_not_yours' });
    expect(refusal(() => undoChange(house.session('operator', { scope: ['base.read'] }), change))).toEqual({ code: 'FORBIDDEN', detail: 'permission' });
    undoChange(house.session('admin'), change);
    expect(refusal(() => undoChange(house.session('admin'), change))).toEqual({ code: 'CONFLICT', detail: 'already_undone' });
    for (const unknown of ['0', '999', 'x', '1e3', '']) expect(refusal(() => undoChange(house.session(), unknown))).toEqual({ code: 'NOT_FOUND', detail: 'change_unknown' });
    for (const detail of ['undo_not_yours', 'already_undone', 'undo_nothing_left', 'change_unknown']) {
      expect(translateError('ru', 'CONFLICT', { detail })).not.toBe(translateError('ru', 'CONFLICT'));
      expect(translateError('en', 'CONFLICT', { detail })).not.toBe(translateError('en', 'CONFLICT'));
    }
  });

  it('obeys the policy of the row and leaves nothing half done', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const note = house.session('engineer').mutate((tx) => {
      const made = notes.insertIn(tx, { client_id: client.id, content: 'Моё' });
      tx.update('clients', client.id, { comment: 'заодно' });
      return made;
    });
    const before = newest();
    expect(refusal(() => undoChange(house.session('admin'), before))).toEqual({ code: 'FORBIDDEN', detail: 'note_not_yours' });
    expect(newest()).toBe(before);
    expect(data('clients', client.id)?.['comment']).toBe('заодно');
    expect(data('notes', note.id)?.['deleted']).toBe(false);
  });

  it('is read as a change of its own in the history', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    clients.update(house.session(), client.id, { email: 'a@b.ru' });
    const change = newest();
    undoChange(house.session('admin'), change);
    const [undo, update] = rowHistory(house.session(), 'clients', client.id, { limit: 2 }).items;
    expect(undo).toMatchObject({ origin: 'undo', action: 'update', actor_name: 'Анна Крылова', fields: [{ field: 'email', before: 'a@b.ru', after: null }] });
    expect(update).toMatchObject({ change_id: change, undone: true });
  });

  it('restores any state exactly, and undoing the undo the state after it', async () => {
    const edit = fc.record(
      {
        subject: fc.string({ minLength: 1, maxLength: 20 }),
        description: fc.option(fc.string()),
        status: fc.constantFrom(...TICKET_STATUSES),
        priority: fc.constantFrom('low', 'medium', 'high', 'critical'),
        due_date: fc.option(fc.constantFrom('2026-07-01', '2026-07-02T10:00:00.000Z')),
      },
      { requiredKeys: [] },
    );
    const client = clients.create(house.session(), { name: 'Ромашка' });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), fc.boolean(), (edits, removed) => {
        const ticket = tickets.create(house.session(), { client_id: client.id, subject: 'Начало' });
        const states = [data('tickets', ticket.id)];
        const changes: string[] = [];
        const record = (work: () => unknown): void => {
          const before = newest();
          work();
          if (newest() === before) return;
          changes.push(newest());
          states.push(data('tickets', ticket.id));
        };
        for (const patch of edits) record(() => tickets.update(house.session(), ticket.id, patch));
        if (removed) record(() => tickets.remove(house.session(), ticket.id));
        const redo: string[] = [];
        for (let index = changes.length - 1; index >= 0; index--) {
          redo.push(undoChange(house.session(), changes[index] as string).change_id);
          expect(data('tickets', ticket.id)).toEqual(states[index]);
        }
        for (let index = 0; index < changes.length; index++) {
          undoChange(house.session(), redo.pop() as string);
          expect(data('tickets', ticket.id)).toEqual(states[index + 1]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('undoing an import', () => {
  const control = (): TaskControl & { seen: (number | null)[] } => {
    const seen: (number | null)[] = [];
    return { seen, signal: new AbortController().signal, report: (progress) => void seen.push(progress), breathe: async () => {} };
  };
  const importInChunks = (chunks: number, rows: number): void => {
    for (let chunk = 0; chunk < chunks; chunk++) {
      house.session('coordinator').mutate(
        (tx) => {
          for (let row = 0; row < rows; row++) tx.insert('companies', { name: `Компания ${chunk}-${row}` });
        },
        { origin: 'import', importId: 'imp-1' },
      );
    }
  };
  const living = (): number => house.store.read.get<{ n: number }>('SELECT count(*) AS n FROM companies WHERE deleted_at IS NULL')?.n ?? 0;

  it('takes back every chunk with progress, and other changes of that time stay', async () => {
    house.session().mutate((tx) => tx.insert('companies', { name: 'Своя' }));
    importInChunks(4, 20);
    const steps = control();
    expect(await undoImport(house.session('coordinator'), 'imp-1', steps)).toEqual({ reverted: 80, kept: 0 });
    expect(living()).toBe(1);
    expect(steps.seen).toEqual([0.25, 0.5, 0.75, 1]);
    expect(await undoImport(house.session('coordinator'), 'imp-1', control())).toEqual({ reverted: 0, kept: 0 });
  });

  it('keeps rows that the caller may not write and companies with later notes', async () => {
    const other = house.session('operator').mutate((tx) => tx.insert('companies', { name: 'Чужая', comment: 'до' }).id);
    importInChunks(1, 3);
    const [first] = house.store.read.all<{ id: string }>("SELECT id FROM companies WHERE name = 'Компания 0-0'");
    house.session('engineer').mutate((tx) => notes.insertIn(tx, { company_id: first?.id, content: 'Звонить после обеда' }));
    house.store.mutate({ actor: null, origin: 'import', importId: 'imp-1' }, (tx) => tx.update('companies', other, { comment: 'после' }));
    expect(await undoImport(house.session('coordinator'), 'imp-1', control())).toEqual({ reverted: 2, kept: 2 });
    expect(living()).toBe(2);
    expect(await undoImport(house.session('admin'), 'imp-1', control())).toMatchObject({ reverted: 1 });
    expect(data('companies', other)?.['comment']).toBe('до');
  });

  it('goes on where it was stopped', async () => {
    importInChunks(5, 4);
    let breaths = 0;
    const stopped = undoImport(house.session('coordinator'), 'imp-1', {
      ...control(),
      breathe: async () => {
        if (++breaths === 3) throw new AppError('CANCELLED', {});
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(living()).toBe(12);
    expect(await undoImport(house.session('coordinator'), 'imp-1', control())).toEqual({ reverted: 12, kept: 0 });
  });
});

it('moves an appointment back as one', () => {
  const client = clients.create(house.session(), { name: 'Ромашка' });
  const visit = appointments.create(house.session(), { client_id: client.id, title: 'Выезд', starts_at: '2026-06-16T08:00:00.000Z', duration_minutes: 60 });
  appointments.update(house.session(), visit.id, { starts_at: '2026-06-17T08:00:00.000Z' });
  expect(undoChange(house.session(), newest())).toMatchObject({ reverted: 2, kept: 0 });
  expect(appointments.get(house.session(), visit.id)).toMatchObject({ starts_at: '2026-06-16T08:00:00.000Z', ends_at: '2026-06-16T09:00:00.000Z' });
});
