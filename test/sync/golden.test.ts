import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appointments } from '../../src-main/appointments/index.ts';
import { clients } from '../../src-main/clients/index.ts';
import { tickets } from '../../src-main/tickets/index.ts';
import { companies } from '../../src-main/companies/service.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import type { PushRequest, WireChangeset } from '../../src-shared/sync/wire.ts';
import { carried, cloneOf, createWorld, exchangeAll, pull, push, putFile, ZERO, type Copy, type World } from './support/copies.ts';

let world: World;
let hub: Copy;
let office: Copy;
let laptop: Copy;
let [anna, ivan] = [{} as Actor, {} as Actor];

beforeEach(async () => {
  world = createWorld();
  hub = world.hub;
  anna = world.people['Анна'] as Actor;
  ivan = world.people['Иван'] as Actor;
  office = await world.join('office');
  laptop = await world.join('laptop');
});
afterEach(() => world.close());

const at = (time: string): void => {
  world.time.now = Date.parse(`2026-06-15T${time}:00.000Z`);
};
const agree = (...copies: Copy[]): void => {
  exchangeAll(hub, copies);
  for (const copy of copies) {
    expect(copy.engine.stateHash(), copy.name).toBe(hub.engine.stateHash());
    expect(copy.engine.status()).toMatchObject({ waiting: 0, diverged: false, synchronised: true });
  }
};
const row = (copy: Copy, table: string, id: string): Record<string, unknown> => copy.store.read.get(`SELECT * FROM ${table} WHERE id = ?`, id) as Record<string, unknown>;
const count = (copy: Copy, table: string): number => copy.store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n ?? 0;

describe('golden cases', () => {
  it('brings a row made offline to everybody, with a number from the authority', () => {
    const made = clients.create(laptop.session(ivan), { name: 'Ромашка' });
    expect(made.no).toBeNull();
    agree(laptop, office);
    expect(row(office, 'clients', made.id)).toMatchObject({ name: 'Ромашка', no: 1, created_by: ivan.user_id });
    expect(row(laptop, 'clients', made.id)['no']).toBe(1);
    expect(row(laptop, 'clients', made.id)['updated_at']).toBe(made.updated_at);
  });

  it('tells whoever is connected of a new life, by hand or since a device has shown that the hub was put back', () => {
    const told: string[] = [];
    hub.engine.subscribe(({ type }) => void told.push(type));
    const { id } = hub.engine.newEpoch();
    expect([told, hub.engine.log.epoch().id]).toEqual([['life'], id]);
    agree(laptop, office);
    const request = laptop.engine.pullRequest();
    told.length = 0;
    hub.engine.readPage({ ...request, newest: { position: request.cursor.position + 5, hash: 'b'.repeat(64) } });
    expect([told, hub.engine.log.epoch().id === id]).toEqual([['life'], false]);
    agree(laptop, office);
  });

  it('keeps both when one edits the start and the other the end of one appointment', () => {
    const client = clients.create(hub.session(anna), { name: 'Ромашка' });
    const visit = appointments.create(hub.session(anna), { client_id: client.id, title: 'Выезд', starts_at: '2026-06-16T08:00:00.000Z', ends_at: '2026-06-16T10:00:00.000Z' });
    agree(laptop, office);
    appointments.update(laptop.session(ivan), visit.id, { starts_at: '2026-06-16T07:00:00.000Z', ends_at: '2026-06-16T10:00:00.000Z' });
    appointments.update(office.session(anna), visit.id, { ends_at: '2026-06-16T12:00:00.000Z' });
    agree(laptop, office);
    expect(row(hub, 'appointments', visit.id)).toMatchObject({ starts_at: '2026-06-16T07:00:00.000Z', ends_at: '2026-06-16T12:00:00.000Z' });
    expect(hub.engine.conflicts()).toEqual([]);
  });

  it('never shows 14:09 over 14:12, however late it is sent, and keeps it one click away', () => {
    const client = clients.create(hub.session(anna), { name: 'Ромашка' });
    agree(laptop, office);
    at('14:09');
    clients.update(laptop.session(ivan), client.id, { phone: '+74951409000' });
    at('14:12');
    clients.update(office.session(anna), client.id, { phone: '+74951412000' });
    agree(office);
    at('20:00');
    agree(laptop, office);
    expect(row(hub, 'clients', client.id)['phone']).toBe('+74951412000');
    for (const copy of [hub, laptop, office]) {
      const [conflict] = copy.engine.conflicts();
      expect(conflict).toMatchObject({ kind: 'values', group: 'phone', row_id: client.id });
      expect(conflict?.kind === 'values' && conflict.sides.map((side) => [side.values['phone'], side.actor_name, side.at.slice(11, 16), side.shown])).toEqual([
        ['+74951412000', 'Анна', '14:12', true],
        ['+74951409000', 'Иван', '14:09', false],
      ]);
    }
    laptop.engine.resolve(ivan, { entity: 'clients', row_id: client.id, group: 'phone', values: { phone: '+74951409000' } });
    agree(laptop, office);
    expect(row(office, 'clients', client.id)['phone']).toBe('+74951409000');
    expect(office.engine.conflicts()).toEqual([]);
  });

  it('creates nothing twice when the network loses answers', () => {
    clients.create(laptop.session(ivan), { name: 'Ромашка' });
    const request = laptop.engine.takePush();
    const first = hub.engine.acceptPush(carried(request as never), { device: laptop.store.deviceId });
    const second = hub.engine.acceptPush(carried(request as never), { device: laptop.store.deviceId });
    expect(second.verdicts).toMatchObject(first.verdicts.map((verdict) => ({ seq: verdict.seq, verdict: 'accepted' })));
    laptop.engine.acknowledge(second);
    laptop.engine.acknowledge(first);
    agree(laptop, office);
    expect([count(hub, 'clients'), count(laptop, 'clients'), count(office, 'clients')]).toEqual([1, 1, 1]);
  });

  it('loses nothing that a device still has when the hub is put back to yesterday', () => {
    clients.create(laptop.session(ivan), { name: 'До копии' });
    agree(laptop, office);
    hub.close();
    const backup = join(world.folder, 'yesterday.sqlite');
    copyFileSync(hub.file, backup);
    hub.open();
    const after = clients.create(laptop.session(ivan), { name: 'После копии' });
    agree(laptop, office);
    clients.update(office.session(anna), after.id, { phone: '+74950000001' });
    agree(laptop, office);
    const numbered = row(office, 'clients', after.id)['no'];
    hub.close();
    putFile(backup, hub.file);
    hub.open();
    hub.engine.newEpoch();
    expect(count(hub, 'clients')).toBe(1);
    agree(office, laptop);
    expect(row(hub, 'clients', after.id)).toMatchObject({ name: 'После копии', phone: '+74950000001', no: numbered });
    expect(count(hub, 'clients')).toBe(2);
  });

  it('notices by itself that the hub was put back', () => {
    agree(laptop);
    hub.close();
    const backup = join(world.folder, 'yesterday.sqlite');
    copyFileSync(hub.file, backup);
    hub.open();
    const made = clients.create(laptop.session(ivan), { name: 'После копии' });
    agree(laptop);
    hub.close();
    putFile(backup, hub.file);
    hub.open();
    agree(laptop, office);
    expect(row(hub, 'clients', made.id)['name']).toBe('После копии');
  });

  it('notices also that it was put back to before its present life', () => {
    agree(laptop, office);
    hub.close();
    const backup = join(world.folder, 'yesterday.sqlite');
    copyFileSync(hub.file, backup);
    hub.open();
    hub.engine.newEpoch();
    const made = clients.create(laptop.session(ivan), { name: 'В новой жизни' });
    agree(laptop, office);
    hub.close();
    putFile(backup, hub.file);
    hub.open();
    agree(laptop, office);
    expect(row(hub, 'clients', made.id)['name']).toBe('В новой жизни');
  });

  it('loses nothing of a laptop that was cloned by disk image', () => {
    clients.create(laptop.session(ivan), { name: 'Общее' });
    const clone = cloneOf(laptop, world);
    expect(clone.store.deviceId).toBe(laptop.store.deviceId);
    clients.create(laptop.session(ivan), { name: 'На первом' });
    clients.create(clone.session(anna), { name: 'На втором' });
    agree(laptop, clone, office);
    expect(clone.store.deviceId).not.toBe(laptop.store.deviceId);
    const names = (copy: Copy): string[] => copy.store.read.all<{ name: string }>('SELECT name FROM clients ORDER BY name').map((one) => one.name);
    expect(names(hub)).toEqual(['На втором', 'На первом', 'Общее']);
    expect(names(clone)).toEqual(names(hub));
    clone.close();
  });

  it('takes nothing in behind another history of the same name, nor before what it builds on, when the beginning of a push was lost', () => {
    const client = clients.create(laptop.session(ivan), { name: 'Ромашка' });
    agree(laptop, office);
    const clone = cloneOf(laptop, world);
    clients.update(laptop.session(ivan), client.id, { phone: '+70000000001' });
    clients.update(clone.session(ivan), client.id, { phone: '+70000000002' });
    clients.update(clone.session(ivan), client.id, { phone: '+70000000003' });
    const offered = (copy: Copy): PushRequest => carried(copy.engine.takePush() as PushRequest);
    const behindFirst = (request: PushRequest): PushRequest => ({ ...request, changesets: request.changesets.slice(1) });

    const first = offered(laptop).changesets[0] as WireChangeset;
    clients.update(laptop.session(ivan), client.id, { email: 'office@example.test' });
    const relayed = { ...behindFirst(offered(laptop)), device: office.store.deviceId };
    const byOffice = () => hub.engine.acceptPush({ ...relayed, changesets: relayed.changesets.map((change) => ({ ...change, linked: true })) }, { device: office.store.deviceId, vouched: () => ({}) }).verdicts;
    expect(byOffice()).toMatchObject([{ verdict: 'expected', device: first.device, seq: first.seq }]);
    agree(laptop);
    expect(byOffice()).toMatchObject([{ verdict: 'accepted', duplicate: true }]);

    const cut = behindFirst(offered(clone));
    const reply = hub.engine.acceptPush(cut, { device: cut.device });
    expect(reply.verdicts).toMatchObject([{ verdict: 'expected', seq: first.seq }]);
    clone.engine.acknowledge(carried(reply));
    agree(laptop, clone, office);
    expect(hub.engine.conflicts().map((conflict) => conflict.kind === 'values' && conflict.sides.map((side) => String(side.values['phone'])).sort())).toEqual([['+70000000001', '+70000000003']]);
    expect([laptop, clone, office].map((copy) => copy.engine.stateHash())).toEqual(Array(3).fill(hub.engine.stateHash()));
    clone.close();
  });

  it('goes on under a new name when a device was put back to last week', () => {
    laptop.close();
    const backup = join(world.folder, 'last-week.sqlite');
    copyFileSync(laptop.file, backup);
    laptop.open();
    const lost = clients.create(laptop.session(ivan), { name: 'Этой недели' });
    agree(laptop, office);
    laptop.close();
    putFile(backup, laptop.file);
    laptop.open();
    const own = laptop.store.deviceId;
    clients.create(laptop.session(ivan), { name: 'После возврата' });
    agree(laptop, office);
    expect(laptop.store.deviceId).not.toBe(own);
    expect(row(laptop, 'clients', lost.id)['name']).toBe('Этой недели');
    expect(count(hub, 'clients')).toBe(2);
  });

  it('holds a clock that runs days ahead back, and lets it not drag others along', () => {
    const client = clients.create(hub.session(anna), { name: 'Ромашка' });
    agree(laptop, office);
    laptop.skew = 3 * 86_400_000;
    clients.update(laptop.session(ivan), client.id, { phone: '+70000000001' });
    push(laptop, hub);
    expect(Date.parse(String(row(hub, 'clients', client.id)['updated_at']))).toBeLessThanOrEqual(ZERO + 5 * 60_000);
    world.time.now += 10 * 60_000;
    pull(office, hub);
    clients.update(office.session(anna), client.id, { email: 'a@b.ru' });
    expect(Date.parse(String(row(office, 'clients', client.id)['updated_at']))).toBe(world.time.now);
    agree(laptop, office);
  });

  it('returns what its author may not write, with the reason, and takes the hub’s row', () => {
    const company = companies.create(hub.session(anna), { name: 'Завод' });
    agree(laptop, office);
    const owner = world.people['Ольга'] as Actor;
    laptop.store.mutate({ actor: null, origin: 'window' }, (tx) => tx.update('companies', company.id, { name: 'Чужое' }));
    laptop.store.mutate({ actor: ivan, origin: 'window' }, (tx) => tx.insert('notes', { content: 'Заметка', pinned: false }));
    agree(laptop, office);
    expect(row(laptop, 'companies', company.id)['name']).toBe('Завод');
    const [returned] = laptop.engine.returned();
    expect(returned).toMatchObject({ reason: 'no_member', rows: [{ row_id: company.id, values: { name: 'Чужое' } }] });
    expect(count(hub, 'notes')).toBe(1);
    laptop.engine.sendAgain(owner, String(returned?.change_id));
    agree(laptop, office);
    expect(row(hub, 'companies', company.id)['name']).toBe('Чужое');
    expect(laptop.engine.returned()).toEqual([]);
  });

  it('judges by the role at the hub: an engineer demoted while he was offline', () => {
    const ticketClient = clients.create(hub.session(anna), { name: 'Ромашка' });
    agree(laptop, office);
    hub.store.mutate({ actor: world.people['Ольга'] as Actor, origin: 'window' }, (tx) => tx.update('users', ivan.user_id, { active: false }));
    const made = tickets.create(laptop.session(ivan), { client_id: ticketClient.id, subject: 'Не принимать' });
    tickets.update(laptop.session(ivan), made.id, { description: 'Дополнение' });
    agree(laptop, office);
    expect(laptop.engine.returned().map((change) => change.reason)).toEqual(['member_inactive', 'member_inactive']);
    expect(count(laptop, 'tickets')).toBe(0);
  });

  it('leaves a row that was edited meanwhile in the trash, with the edit on it, and says so', () => {
    const client = clients.create(hub.session(anna), { name: 'Ромашка' });
    agree(laptop, office);
    clients.remove(office.session(anna), client.id);
    clients.update(laptop.session(ivan), client.id, { phone: '+70000000002' });
    const ticket = tickets.create(laptop.session(ivan), { client_id: client.id, subject: 'Нет связи' });
    agree(laptop, office);
    const kinds = office.engine.conflicts();
    expect(kinds.map((conflict) => conflict.kind).sort()).toEqual(['edited_in_trash', 'parent_in_trash']);
    expect(row(office, 'clients', client.id)).toMatchObject({ phone: '+70000000002' });
    expect(row(office, 'clients', client.id)['deleted_at']).not.toBeNull();
    expect(row(office, 'tickets', ticket.id)['deleted_at']).toBeNull();
    office.engine.deleteAgain(anna, { entity: 'clients', row_id: client.id });
    agree(laptop, office);
    expect(laptop.engine.conflicts().map((conflict) => conflict.kind)).toEqual(['parent_in_trash']);
  });

  it('numbers two rows of one id in two tables', () => {
    const id = laptop.store.mutate({ actor: ivan, origin: 'window' }, (tx) => {
      const client = tx.insert('clients', { name: 'Ромашка', kind: 'organization' });
      return tx.insert('companies', { name: 'ООО «Ромашка»' }, { id: client.id }).id;
    });
    agree(laptop, office);
    for (const copy of [hub, laptop, office]) expect(['clients', 'companies'].map((table) => row(copy, table, id)['no']), copy.name).toEqual([1, 1]);
  });

  it('finds one company made twice', () => {
    companies.create(laptop.session(ivan), { name: 'ООО «Ёлка»', inn: '7707083893' });
    companies.create(office.session(anna), { name: 'Елка', inn: '7707083893' });
    agree(laptop, office);
    expect(hub.engine.conflicts()).toMatchObject([{ kind: 'twice', entity: 'companies', columns: ['inn'], others: [{ entity: 'companies' }] }]);
    const numbers = hub.store.read.all<{ no: number }>('SELECT no FROM companies ORDER BY no').map((one) => one.no);
    expect(numbers).toEqual([1, 2]);
  });
});
