import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinHub, startHub, until, type Station } from './support/network.ts';

const ENGINEER = { full_name: 'Иван Петров', email: 'ivan@example.com', role: 'engineer' as const };

const refused = async (call: Promise<unknown>): Promise<{ code: string; detail: string | undefined; field: string | undefined }> =>
  call.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: { code: string; data?: { detail?: string; field?: string } }) => ({ code: error.code, detail: error.data?.detail, field: error.data?.field }),
  );

describe('what the administrator of a hub is told', () => {
  let hub: Awaited<ReturnType<typeof startHub>>;
  let device: Station;
  beforeAll(async () => {
    hub = await startHub();
    await hub.client.users.create(ENGINEER);
    device = await joinHub(hub, ENGINEER.email);
    await device.client.sync.now();
  });
  afterAll(async () => {
    await device.close();
    await hub.close();
  });

  it('one life, all numbers from here, nothing compacted yet', async () => {
    const state = await hub.client.sync.hub();
    expect(state).toMatchObject({ authority: true, unnumbered: 0, last_compaction: null, log: { floor: 0 } });
    expect(state.lives).toEqual([{ id: expect.any(String), since: expect.stringMatching(/^20\d\d-/), from: 0 }]);
    expect(state.log.head).toBeGreaterThan(0);
  });

  it('which device the log waits for, and what a compaction took away; the device goes on without a snapshot', async () => {
    const read = (await hub.client.sync.devices()).items[0]?.position ?? 0;
    await hub.client.clients.create({ name: 'ООО «Позже»' });
    expect((await hub.client.sync.devices()).items).toMatchObject([{ user_name: ENGINEER.full_name, holds_back: false }]);
    await device.client.sync.now();
    const after = (await hub.client.sync.devices()).items[0]?.position ?? 0;
    expect(after).toBeGreaterThan(read);
    await hub.client.clients.create({ name: 'ООО «Ещё позже»' });
    hub.house.core.house.sync.engine(hub.organizationId).publish();
    expect((await hub.client.sync.devices()).items).toMatchObject([{ holds_back: true, lag: 1, position: after }]);
    expect((await hub.client.sync.hub()).log).toMatchObject({ reach: after, head: after + 1 });
    const { blanked, floor } = await hub.client.sync.compact();
    expect([blanked > 0, floor]).toEqual([true, after]);
    expect(await hub.client.sync.hub()).toMatchObject({ log: { floor: after }, last_compaction: { blanked, floor } });
    expect(await device.client.sync.now()).toMatchObject({ synchronised: true });
    expect((await device.client.clients.list({ q: 'Ещё позже' })).items).toHaveLength(1);
  });

  it('a new life begins where the old one ended, and both are listed', async () => {
    const { head } = (await hub.client.sync.hub()).log;
    await hub.client.sync.newEpoch();
    const { lives } = await hub.client.sync.hub();
    expect(lives.map((life) => life.from)).toEqual([head, 0]);
    expect(await device.client.sync.now()).toMatchObject({ synchronised: true });
  });

  it('a new life is told at once to whoever is connected', async () => {
    device.house.core.house.sync.startAgents();
    await until('all at rest', async () => (await device.client.sync.status()).state === 'synchronised');
    const { epoch } = await hub.client.sync.newEpoch();
    await until('the device in the new life', async () => device.house.core.house.sync.engine(device.organizationId).log.epoch().id === epoch);
    await until('all at rest again', async () => (await device.client.sync.status()).state === 'synchronised');
  });

  it('nothing of it to whoever does not manage the organisation', async () => {
    expect((await refused(device.client.sync.hub())).code).toBe('FORBIDDEN');
  });

  it('a device that works offline is not made to exchange, and what waits can be put back by a change of its own', async () => {
    const { id } = (await device.client.clients.list({ q: 'Ещё позже' })).items[0] ?? { id: '' };
    await device.client.sync.offline({ offline: true });
    await device.client.clients.update({ id, comment: 'ключ у охраны' });
    expect(await refused(device.client.sync.now())).toMatchObject({ code: 'CONFLICT', detail: 'sync_working_offline' });
    const [change] = (await device.client.sync.waiting()).items;
    expect(change).toMatchObject({ undone: false, undoes: false, rows: [{ values: { comment: 'ключ у охраны' }, before: { comment: null } }] });
    await device.client.audit.undo({ change_id: change?.change_id ?? '' });
    expect((await device.client.sync.waiting()).items).toMatchObject([{ undone: true }, { undoes: true, rows: [{ values: { comment: null } }] }]);
    expect((await device.client.clients.get({ id })).comment).toBeNull();
    await device.client.sync.offline({ offline: false });
    await until('both have gone up', async () => (await device.client.sync.now()).waiting === 0);
  });

  it('what was returned since its row is gone stays readable: it is not sent into nothing', async () => {
    const { id } = await hub.client.clients.create({ name: 'ООО «Уходит»' });
    await device.client.sync.now();
    // Connected, the change would be there before the row is gone.
    await device.client.sync.offline({ offline: true });
    await device.client.clients.update({ id, comment: 'сменили блок питания' });
    await hub.client.clients.delete({ id });
    await hub.client.trash.purge({ entity: 'clients', id });
    await device.client.sync.offline({ offline: false });
    await device.client.sync.now();
    const [change] = (await device.client.sync.returned()).items;
    expect(change).toMatchObject({ reason: 'row_purged', rows: [{ values: { comment: 'сменили блок питания' } }] });
    expect(await refused(device.client.sync.sendAgain({ change_id: change?.change_id ?? '' }))).toMatchObject({ code: 'CONFLICT', detail: 'sync_nothing_to_send' });
    expect((await device.client.sync.returned()).items).toHaveLength(1);
    await device.client.sync.dismiss({ change_id: change?.change_id ?? '' });
    expect((await device.client.sync.returned()).items).toEqual([]);
  });

  it('who has become a client while working offline switches that off, and on no more', async () => {
    const member = (await hub.client.users.list({ q: ENGINEER.full_name })).items[0]?.id ?? '';
    await device.client.sync.offline({ offline: true });
    await hub.client.users.update({ id: member, role: 'client' });
    await device.client.sync.importBundle({ file: await hub.client.sync.exportBundle({}) });
    expect((await refused(device.client.clients.list({}))).code).toBe('FORBIDDEN');
    expect(await device.client.sync.offline({ offline: false })).toMatchObject({ work_offline: false });
    expect(await device.client.sync.status()).toMatchObject({ role: 'device', work_offline: false });
    expect(await refused(device.client.sync.offline({ offline: true }))).toMatchObject({ code: 'FORBIDDEN', detail: 'permission' });
    await hub.client.users.update({ id: member, role: 'engineer' });
    await until('the device has heard of it', async () => device.client.clients.list({}).then(() => true, () => false));
  });

  it('settling takes no value that the field could not hold', async () => {
    const { id } = (await hub.client.clients.list({ q: 'Ещё позже' })).items[0] ?? { id: '' };
    for (const name of ['', '  ', null, ['ООО']]) expect(await refused(hub.client.sync.resolve({ entity: 'clients', row_id: id, group: 'name', values: { name } }))).toMatchObject({ code: 'INVALID', field: 'name' });
    expect((await hub.client.clients.get({ id })).name).toBe('ООО «Ещё позже»');
  });
});
