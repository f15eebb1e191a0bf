import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOORS, openDoor, refusal, type DoorClient, type OpenDoor } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';

let house: RunningHouse;
let token: string;

beforeAll(async () => {
  house = await startHouse();
  ({ token } = await registerOwner(house.url));
});
afterAll(() => house.close());

describe.each(DOORS)('through the door %s', (name) => {
  let door: OpenDoor;
  let client: DoorClient;
  beforeAll(() => {
    door = openDoor(name, house, token);
    client = door.client;
  });
  afterAll(() => door.close());

  it('creates, reads, changes, deletes and brings back', async () => {
    const created = await client.clients.create({ name: `ООО «Север» ${name}`, phone: '8 (999) 123-45-67' });
    expect(created).toMatchObject({ kind: 'organization', phones: [], created_by: expect.any(String), no: expect.any(Number) });
    expect(await client.clients.get({ id: String(created.no) })).toEqual(created);
    const changed = await client.clients.update({ id: created.id, comment: 'вход со двора' });
    expect(changed).toMatchObject({ name: created.name, comment: 'вход со двора' });
    expect(changed.version).not.toBe(created.version);
    expect(await client.clients.update({ id: created.id, comment: null })).toMatchObject({ comment: null });
    const { change_id } = await client.clients.delete({ id: created.id });
    expect((await refusal(client.clients.get({ id: created.id }))).code).toBe('NOT_FOUND');
    await client.audit.undo({ change_id });
    expect(await client.clients.get({ id: created.id })).toMatchObject({ name: created.name });
  });

  it('finds people and rows by number, id, e-mail and name', async () => {
    const one = await client.clients.create({ name: `Клиент ${name}` });
    const ticket = await client.tickets.create({ client_id: one.no ?? 0, subject: 'Настройка нового сервера', priority: 'high', assigned_to: 'Анна', due_date: '2026-09-01' });
    expect(ticket).toMatchObject({ client_id: one.id, client_name: one.name, assigned_to_name: 'Анна Волкова', priority: 'high', status: 'open', due_date: '2026-09-01' });
    expect(await client.tickets.update({ id: ticket.id, assigned_to: 'anna@example.com' })).toMatchObject({ assigned_to: ticket.assigned_to });
    expect((await client.clients.tickets({ id: one.id })).items.map((row) => row.id)).toEqual([ticket.id]);
  });

  it('answers bad input with the field at fault', async () => {
    expect(await refusal(client.clients.create({ name: '  ' }))).toMatchObject({ code: 'INVALID', status: 422, data: { field: 'name' } });
    const unknown = await refusal(client.tickets.create({ client_id: 999_999, subject: 'Нет такого клиента' }));
    expect(unknown).toMatchObject({ code: 'REFERENCE_NOT_FOUND', status: 422, data: { field: 'client_id' } });
    const person = await refusal(client.tickets.create({ client_id: (await client.clients.list({ limit: 1 })).items[0]?.id ?? '', subject: 'Кому', assigned_to: 'Анн' }));
    expect(person).toMatchObject({ code: 'REFERENCE_NOT_FOUND', data: { field: 'assigned_to', candidates: [expect.objectContaining({ label: 'Анна Волкова' })] } });
    expect(person.message).toMatch(/[а-я]/);
  });

  it('refuses a change over a newer version, and repeats nothing under one key', async () => {
    const row = await client.companies.create({ name: `АО «Версия» ${name}` });
    await client.companies.update({ id: row.id, comment: 'первый' }, { context: { headers: { 'if-match': `"${row.version}"` } } });
    const stale = await refusal(client.companies.update({ id: row.id, comment: 'второй' }, { context: { headers: { 'if-match': `"${row.version}"` } } }));
    expect(stale).toMatchObject({ code: 'VERSION_MISMATCH', status: 409 });
    const keyed = { context: { headers: { 'idempotency-key': `k-${name}` } } };
    const first = await client.companies.create({ name: `Повтор ${name}` }, keyed);
    expect(await client.companies.create({ name: `Повтор ${name}` }, keyed)).toEqual(first);
    expect((await refusal(client.companies.create({ name: 'Другое' }, keyed))).code).toBe('IDEMPOTENCY_MISMATCH');
  });

  it('pages through a list without a gap', async () => {
    for (let i = 0; i < 7; i++) await client.contacts.create({ full_name: `Иванов ${name} ${i}` });
    const first = await client.contacts.list({ q: name, limit: 5, total: true, sort: 'full_name' });
    expect(first).toMatchObject({ total: 7, items: { length: 5 } });
    const rest = await client.contacts.list({ q: name, limit: 5, cursor: first.next_cursor ?? '', sort: 'full_name' });
    expect(rest.next_cursor).toBeNull();
    expect([...first.items, ...rest.items].map((row) => row.full_name)).toEqual(Array.from({ length: 7 }, (_, i) => `Иванов ${name} ${i}`));
  });

  it('lets nobody in without a token', async () => {
    const stranger = openDoor(name, house, null);
    expect(await refusal(stranger.client.clients.list({}))).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    stranger.close();
  });
});
