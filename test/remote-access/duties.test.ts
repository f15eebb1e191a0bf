import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Notice } from '../../src-main/core/notices.ts';
import { localActor } from '../../src-main/organizations/index.ts';
import type { OrganizationStore } from '../../src-main/store/organization-store.ts';
import type { DoorClient } from '../support/doors.ts';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';
import { standIn } from './support.ts';

let house: RunningHouse;
let client: DoorClient;
let store: OrganizationStore;
let folder: string;
let id: string;
let me: string;
const run = (name: string) => house.core.house.jobs.run(store, name, null, 'ru');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-duties-'));
  house = await startHouse();
  const owner = await registerOwner(house.url);
  me = owner.userId;
  client = clientOf(house.url, owner.token);
  store = house.core.house.organizations.open(house.core.house.organizations.list()[0]?.id ?? '');
  id = (await client.clients.create({ name: 'Аптека на углу' })).id;
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an installation at a client', () => {
  it('says that it stands nowhere before it has ever told its address', async () => {
    expect(await run('remote_refresh')).toMatchObject({ outcome: 'failed', error: expect.stringContaining('не закреплена') });
  });

  it('picks a request up that came from elsewhere, and answers it', async () => {
    await client.remoteAccess.report({ id, report: { tool: 'anydesk', address: '111222333', machine: hostname().slice(0, 100) } });
    const actor = localActor(house.core.house, store.id);
    if (!actor) throw new Error('no owner');
    const request = store.mutate({ actor, origin: 'sync' }, (tx) => tx.insert('remote_requests', { client_id: id, state: 'requested' }));
    vi.stubEnv('POLEVIK_ANYDESK', standIn(folder, 'case "$1" in --get-id) echo 555666777;; --get-status) echo online;; esac'));
    expect(await run('remote_requests')).toMatchObject({ outcome: 'done' });
    expect(await client.remoteAccess.ofClient({ id })).toMatchObject({ remote_id: '555666777', request: { state: 'done' } });
    const history = await client.audit.row({ entity: 'remote_requests', id: String(request['id']) });
    expect(history.items.flatMap((entry) => entry.fields.filter(({ field }) => field === 'state').map(({ after }) => after))).toEqual(expect.arrayContaining(['picked_up', 'done']));
  });

  it('is picked up from afar too, and says so on the card until the answer comes', async () => {
    const elsewhere = (await client.clients.create({ name: 'В другом городе' })).id;
    await client.remoteAccess.sync({ id: elsewhere });
    expect((await client.remoteAccess.report({ id: elsewhere, report: { picked_up: true, machine: 'KASSA-1' } })).request).toMatchObject({ state: 'picked_up' });
    expect((await client.remoteAccess.report({ id: elsewhere, report: { failed: 'not_ready', machine: 'KASSA-1' } })).request).toMatchObject({ state: 'failed', reason: 'not_ready' });
  });
});

describe('due dates', () => {
  it('are told once, to whoever is signed in here, and only what is near', async () => {
    await client.auth.login({ email: OWNER.email, password: OWNER.password });
    const told: Notice[] = [];
    house.core.house.notices.listen((notice) => void told.push(notice));
    const soon = new Date(Date.now() + 20 * 60_000).toISOString();
    const task = await client.tasks.create({ title: 'Позвонить в аптеку', assigned_to: me, due_date: soon });
    await client.tasks.create({ title: 'Потом', assigned_to: me, due_date: new Date(Date.now() + 9 * 3_600_000).toISOString() });
    await client.tasks.create({ title: 'Ничья', due_date: soon });
    expect(await run('due_reminders')).toMatchObject({ outcome: 'done' });
    expect(told).toEqual([{ key: 'due_soon', params: { title: 'Позвонить в аптеку' }, path: `/tasks/${task.no}` }]);
    await run('due_reminders');
    expect(told).toHaveLength(1);
    await client.tasks.update({ id: task.id, due_date: new Date(Date.now() + 30 * 60_000).toISOString() });
    for (const subject of ['а', 'б', 'в']) await client.tickets.create({ client_id: id, subject, assigned_to: me, due_date: soon });
    await run('due_reminders');
    expect(told.slice(1)).toEqual([{ key: 'due_list', params: { count: 4 }, path: '/desk' }]);
  });
});
