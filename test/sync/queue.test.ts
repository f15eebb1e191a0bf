import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appointments } from '../../src-main/appointments/index.ts';
import { clients } from '../../src-main/clients/index.ts';
import { contracts } from '../../src-main/contracts/index.ts';
import { notes } from '../../src-main/notes/index.ts';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { openDb } from '../../src-main/store/sqlite.ts';
import { tickets } from '../../src-main/tickets/index.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { createWorld, exchangeAll, type Copy, type World } from './support/copies.ts';
import { WITHOUT_CONTRACTS } from './support/older.ts';

let world: World;
let laptop: Copy;
let [anna, ivan] = [{} as Actor, {} as Actor];

beforeEach(async () => {
  world = createWorld();
  anna = world.people['Анна'] as Actor;
  ivan = world.people['Иван'] as Actor;
  laptop = await world.join('laptop');
});
afterEach(() => world.close());

describe('a change in the queue', () => {
  it('names what a file and a note hang on, and the rows that values point at', () => {
    const session = laptop.session(ivan);
    const client = clients.create(session, { name: 'Ромашка' });
    const ticket = tickets.create(session, { client_id: client.id, subject: 'Лифт не отвечает', assigned_to: ivan.user_id });
    laptop.store.mutate({ actor: ivan, origin: 'window' }, (tx) => tx.insert('attachments', { entity: 'tickets', row_id: ticket.id, file_name: 'акт.pdf', media_type: 'application/pdf', size: 1024, sha256: 'a'.repeat(64) }));
    notes.create(session, { ticket_id: ticket.id, content: 'ключ у охраны' });
    const owner = { entity: 'tickets', row_id: ticket.id, row_no: null, row_title: 'Лифт не отвечает' };
    expect(laptop.engine.pending().map(({ rows }) => rows[0])).toMatchObject([
      { entity: 'clients', owner: null },
      { entity: 'tickets', owner: null, names: { [client.id]: 'Ромашка', [ivan.user_id]: 'Иван' } },
      { entity: 'attachments', row_title: 'акт.pdf', owner },
      { entity: 'notes', row_title: 'ключ у охраны', owner },
    ]);
  });

  it('names every engineer of a list, and what stood there before', () => {
    const session = laptop.session(ivan);
    const client = clients.create(session, { name: 'Ромашка' });
    const pavel = world.people['Пётр'] as Actor;
    const visit = appointments.create(session, { client_id: client.id, title: 'Замена', starts_at: '2026-06-16T07:00:00.000Z', ends_at: '2026-06-16T08:00:00.000Z', assigned_to: anna.user_id });
    appointments.update(session, visit.id, { assigned_to: ivan.user_id, excluded_engineers: [anna.user_id, pavel.user_id] });
    expect(laptop.engine.pending().at(-1)?.rows[0]?.names).toEqual({ [anna.user_id]: 'Анна', [ivan.user_id]: 'Иван', [pavel.user_id]: 'Пётр' });
  });
});

describe('both sides of a conflict', () => {
  it('name the rows that their values point at', () => {
    const made = clients.create(laptop.session(ivan), { name: 'Ромашка' });
    exchangeAll(world.hub, [laptop]);
    clients.update(laptop.session(ivan), made.id, { responsible_id: ivan.user_id });
    clients.update(world.hub.session(anna), made.id, { responsible_id: anna.user_id });
    exchangeAll(world.hub, [laptop]);
    const [conflict] = laptop.engine.conflicts();
    expect(conflict).toMatchObject({ kind: 'values', group: 'responsible_id' });
    expect(conflict?.kind === 'values' && conflict.sides.map(({ names }) => names)).toEqual(expect.arrayContaining([{ [ivan.user_id]: 'Иван' }, { [anna.user_id]: 'Анна' }]));
  });
});

describe('what was parked and cannot be applied after the upgrade', () => {
  it('is set aside with its reason, and the rest goes on', async () => {
    const old = await world.join('old', { registry: WITHOUT_CONTRACTS });
    const session = world.hub.session(anna);
    const client = clients.create(session, { name: 'Ромашка' });
    const [spoilt, sound] = ['Первый', 'Второй'].map((title) => contracts.create(session, { client_id: client.id, title, start_date: '2026-01-01' }));
    exchangeAll(world.hub, [old]);
    expect(old.engine.status()).toMatchObject({ parked: 2 });
    old.close();
    // A trigger stands for whatever a later schema may have against one of them.
    const db = openDb(old.file);
    db.run(`CREATE TRIGGER refusing BEFORE INSERT ON contracts WHEN NEW.title = 'Первый' BEGIN SELECT RAISE(ABORT, 'no room for it'); END`);
    db.close();
    old.registry = REGISTRY;
    old.open();
    expect(old.engine.status()).toMatchObject({ parked: 0, set_aside: 1 });
    expect(old.engine.setAside()).toMatchObject([{ reason: 'failed', why: 'no room for it', rows: [{ row_id: spoilt?.id }] }]);
    expect(old.store.read.get('SELECT title FROM contracts WHERE id = ?', sound?.id ?? '')).toEqual({ title: 'Второй' });
  });
});

describe('a device that starts with something parked', () => {
  it('goes on waiting to send what it wrote itself', async () => {
    const old = await world.join('old', { registry: WITHOUT_CONTRACTS });
    const session = world.hub.session(anna);
    const client = clients.create(session, { name: 'Ромашка' });
    contracts.create(session, { client_id: client.id, title: 'Первый', start_date: '2026-01-01' });
    exchangeAll(world.hub, [old]);
    clients.create(old.session(ivan), { name: 'Ждёт отправки' });
    old.close();
    old.open();
    expect(old.engine.status()).toMatchObject({ parked: 1, waiting: 1 });
    exchangeAll(world.hub, [old]);
    expect(world.hub.store.read.get("SELECT 1 AS there FROM clients WHERE name = 'Ждёт отправки'")).toEqual({ there: 1 });
  });
});

describe('what others wrote and this copy had to set aside', () => {
  const refuse = (copy: Copy, sql: string): void => {
    copy.close();
    const db = openDb(copy.file);
    db.run(sql);
    db.close();
    copy.open();
  };

  it('is applied again in its order once the reason is gone, and can be neither sent nor forgotten', () => {
    refuse(laptop, `CREATE TRIGGER refusing BEFORE INSERT ON clients BEGIN SELECT RAISE(ABORT, 'no room for it'); END`);
    const session = world.hub.session(anna);
    const client = clients.create(session, { name: 'Ромашка' });
    clients.update(session, client.id, { comment: 'ключ у охраны' });
    exchangeAll(world.hub, [laptop]);
    const aside = laptop.engine.setAside();
    expect(aside).toMatchObject([{ placed: true, rows: [{ action: 'create' }] }, { placed: true, rows: [{ action: 'update' }] }]);
    const [first] = aside;
    const sentOrForgotten = [() => laptop.engine.sendAgain(anna, first?.change_id ?? ''), () => laptop.engine.dismiss(first?.change_id ?? '')];
    for (const work of sentOrForgotten) expect(work).toThrow(expect.objectContaining({ code: 'CONFLICT', data: expect.objectContaining({ detail: 'sync_placed' }) }));

    laptop.store.mutate({ actor: ivan, origin: 'window' }, (tx) => tx.insert('companies', { name: 'Ждёт отправки', activity_fields: [] }));
    laptop.engine.applyAgain();
    expect(laptop.engine.setAside().map(({ why }) => why)).toEqual(aside.map(({ why }) => why));
    expect(laptop.engine.status()).toMatchObject({ waiting: 1 });

    refuse(laptop, 'DROP TRIGGER refusing');
    laptop.engine.applyAgain();
    expect(laptop.engine.status()).toMatchObject({ set_aside: 0, parked: 0 });
    exchangeAll(world.hub, [laptop]);
    expect(laptop.engine.status()).toMatchObject({ synchronised: true, diverged: false });
    expect(laptop.engine.stateHash()).toBe(world.hub.engine.stateHash());
  });

  it('own ones that the hub set aside are sent again', () => {
    const client = clients.create(world.hub.session(anna), { name: 'Ромашка' });
    exchangeAll(world.hub, [laptop]);
    refuse(world.hub, `CREATE TRIGGER refusing BEFORE UPDATE ON clients BEGIN SELECT RAISE(ABORT, 'no room for it'); END`);
    clients.update(laptop.session(ivan), client.id, { comment: 'ключ у охраны' });
    exchangeAll(world.hub, [laptop]);
    const [change] = laptop.engine.setAside();
    expect(change).toMatchObject({ placed: false, rows: [{ values: { comment: 'ключ у охраны' } }] });
    refuse(world.hub, 'DROP TRIGGER refusing');
    laptop.engine.sendAgain(ivan, change?.change_id ?? '');
    exchangeAll(world.hub, [laptop]);
    expect(laptop.engine.status()).toMatchObject({ set_aside: 0, synchronised: true });
    expect(clients.get(world.hub.session(anna), client.id)).toMatchObject({ comment: 'ключ у охраны' });
  });
});
