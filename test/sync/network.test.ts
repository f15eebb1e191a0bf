import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync } from 'node:fs';
import { DUTIES } from '../../src-main/jobs/index.ts';
import { startHouse } from '../support/house.ts';
import { clientOf, joinHub, PASSWORD, signIn, startHub, stateHash, until, type Station } from './support/network.ts';

const ENGINEER = { full_name: 'Иван Петров', email: 'ivan@example.com', role: 'engineer' as const };

/** The typed refusal of a call. */
const refused = async (call: Promise<unknown>): Promise<{ code: string; detail: string | undefined; field: string | undefined }> =>
  call.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: { code: string; data?: { detail?: string; field?: string } }) => ({ code: error.code, detail: error.data?.detail, field: error.data?.field }),
  );

describe('an installation that joins a hub over TLS', () => {
  let hub: Awaited<ReturnType<typeof startHub>>;
  let device: Station;
  beforeAll(async () => {
    hub = await startHub();
    await hub.client.users.create(ENGINEER);
    await hub.client.clients.create({ name: 'ООО «До присоединения»' });
    device = await joinHub(hub, ENGINEER.email);
  });
  afterAll(async () => {
    await device.close();
    await hub.close();
  });

  it('starts with everything that the hub has, under the member’s own name', async () => {
    expect((await device.client.clients.list({})).items.map((one) => one.name)).toEqual(['ООО «До присоединения»']);
    expect((await device.client.auth.me()).user.full_name).toBe(ENGINEER.full_name);
    expect(await device.client.sync.status()).toMatchObject({ role: 'device', hub_url: `https://${hub.address}`, waiting: 0 });
  });

  it('exchanges both ways, gets numbers from the hub, and says “synchronised” only when both are equal', async () => {
    const made = await device.client.clients.create({ name: 'ООО «С выезда»' });
    expect(made.no).toBeNull();
    expect(await device.client.sync.status()).toMatchObject({ state: 'offline', waiting: 1, synchronised: false });
    expect((await device.client.sync.waiting()).items).toMatchObject([{ rows: [{ entity: 'clients', action: 'create', values: { name: 'ООО «С выезда»' } }] }]);
    expect(await device.client.sync.now()).toMatchObject({ waiting: 0, synchronised: true });
    expect((await device.client.clients.get({ id: made.id })).no).toEqual(expect.any(Number));
    expect((await hub.client.clients.get({ id: made.id })).name).toBe('ООО «С выезда»');
    expect(stateHash(device)).toBe(stateHash(hub));
  });

  it('live: a change here is there within moments, both ways, while the agent runs', async () => {
    device.house.core.house.sync.startAgents();
    await until('online', async () => (await device.client.sync.status()).online);
    const above = await hub.client.tickets.create({ client_id: 1, subject: 'Сверху' });
    await until('the hub’s ticket below', async () => (await device.client.tickets.list({})).items.some((one) => one.id === above.id));
    const below = await device.client.tickets.create({ client_id: 1, subject: 'Снизу' });
    await until('the device’s ticket above', async () => (await hub.client.tickets.list({})).items.some((one) => one.id === below.id));
    await until('agreement', async () => (await device.client.sync.status()).state === 'synchronised');
    expect(stateHash(device)).toBe(stateHash(hub));
  });

  it('works offline when told so, and agrees afterwards; edits of different fields both stand', async () => {
    const { items } = await device.client.clients.list({ q: 'выезда' });
    const id = items[0]?.id ?? '';
    expect(await device.client.sync.offline({ offline: true })).toMatchObject({ state: 'offline', work_offline: true });
    await device.client.clients.update({ id, comment: 'домофон не работает' });
    await hub.client.clients.update({ id, name: 'ООО «С выезда», переименовано' });
    expect(await device.client.sync.status()).toMatchObject({ waiting: 1 });
    await device.client.sync.offline({ offline: false });
    await until('agreement', async () => (await device.client.sync.status()).state === 'synchronised');
    for (const { client } of [device, hub]) expect(await client.clients.get({ id })).toMatchObject({ name: 'ООО «С выезда», переименовано', comment: 'домофон не работает' });
  });

  it('shows a conflict on both sides, and one settling settles both', async () => {
    const { id } = (await device.client.clients.list({ q: 'выезда' })).items[0] ?? { id: '' };
    await device.client.sync.offline({ offline: true });
    await device.client.clients.update({ id, comment: 'ключ у охраны' });
    await hub.client.clients.update({ id, comment: 'ключ у соседей' });
    await device.client.sync.offline({ offline: false });
    await until('the conflict', async () => (await device.client.sync.conflicts()).items.length === 1);
    const [conflict] = (await device.client.sync.conflicts()).items;
    if (conflict?.kind !== 'values') throw new Error(`an unexpected ${conflict?.kind}`);
    expect(conflict.sides.map((side) => [side.actor_name, side.values['comment']]).sort()).toEqual([['Анна Волкова', 'ключ у соседей'], ['Иван Петров', 'ключ у охраны']]);
    await until('the same above', async () => (await hub.client.sync.conflicts()).items.length === 1);
    await device.client.sync.resolve({ entity: 'clients', row_id: id, group: conflict.group, values: { comment: 'ключ у соседей и у охраны' } });
    await until('settled above', async () => (await hub.client.sync.conflicts()).items.length === 0);
    expect((await hub.client.clients.get({ id })).comment).toBe('ключ у соседей и у охраны');
  });

  it('keeps the addresses that its hub tells, and believes nobody there but the pinned authority', async () => {
    const stranger = await startHub();
    const { db } = device.house.core.house.sync;
    const [away] = db.all<{ url: string }>('SELECT url FROM sync_hubs');
    const heard: string[] = [];
    stranger.house.core.house.sync.peers.challenge = () => String(heard.push('asked'));
    try {
      // The first address is dead, and the second one somebody else's.
      await device.client.sync.offline({ offline: true });
      await until('hung up', async () => !(await device.client.sync.status()).online);
      db.run('UPDATE sync_hubs SET url = ?, others = ?', 'https://127.0.0.1:9', JSON.stringify([`https://${stranger.address}`]));
      await device.client.sync.offline({ offline: false });
      expect(await refused(device.client.sync.now())).toMatchObject({ code: 'STORE_UNAVAILABLE', detail: 'sync_unreachable' });
      expect([heard, await device.client.sync.status()]).toMatchObject([[], { online: false }]);
      db.run('UPDATE sync_hubs SET others = ?', JSON.stringify([`https://${stranger.address}`, away?.url]));
      expect(await device.client.sync.now()).toMatchObject({ hub_url: away?.url, hub_others: [], online: true });
      // A hub that keeps the log itself knows of no others.
      expect([heard, db.all('SELECT others FROM sync_hubs')]).toEqual([[], [{ others: '[]' }]]);
    } finally {
      db.run('UPDATE sync_hubs SET url = ?', away?.url ?? '');
      await stranger.close();
    }
  });

  it('is listed at the hub, and cut off at once when it is revoked: its copy closes and nothing of it is destroyed', async () => {
    await until('the device has fetched everything', async () => (await hub.client.sync.devices()).items[0]?.lag === 0);
    const { items } = await hub.client.sync.devices();
    expect(items).toMatchObject([{ user_name: ENGINEER.full_name, revoked_at: null }]);
    const { file } = device.house.core.house.organizations.open(device.organizationId);
    await hub.client.sync.revoke({ id: items[0]?.id ?? '' });
    await until('the copy is closed', async () => existsSync(`${file}.closed`));
    expect((await refused(device.client.clients.list({}))).code).toBe('UNAUTHENTICATED');
    expect(existsSync(file)).toBe(false);
    expect((await hub.client.sync.devices()).items).toMatchObject([{ revoked_at: expect.any(String) }]);
    const told = async (type: string) => (await hub.client.audit.security({ type })).items[0]?.details;
    expect(await told('device_revoked')).toMatchObject({ name: items[0]?.name });
    expect(await told('pairing_code')).toMatchObject({ person: ENGINEER.full_name });
  });
});

describe('joining', () => {
  let hub: Awaited<ReturnType<typeof startHub>>;
  beforeAll(async () => {
    hub = await startHub();
    await hub.client.users.create(ENGINEER);
  });
  afterAll(() => hub.close());

  it.each([
    ['a code that is none', (code: string) => code.slice(2), 'INVALID', 'sync_code_malformed'],
    ['a code of another hub', (code: string) => `${code.startsWith('0') ? '1' : '0'}${code.slice(1)}`, 'FORBIDDEN', 'sync_wrong_hub'],
    ['a wrong secret', (code: string) => `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`, 'FORBIDDEN', 'sync_code_wrong'],
  ])('is refused with %s', async (_name, change, code, detail) => {
    const house = await startHouse();
    try {
      const made = await hub.client.sync.createCode({ user_id: ENGINEER.email });
      expect(await refused(clientOf(house.url).sync.join({ hub: hub.address, code: change(made.code), password: PASSWORD }))).toMatchObject({ code, detail, field: 'code' });
      expect(house.core.house.organizations.list()).toEqual([]);
      expect(house.core.house.auth.firstRun()).toBe(true);
    } finally {
      await house.close();
    }
  });

  it('takes a code once, a strong password, and a hub that is one', async () => {
    const house = await startHouse();
    const client = clientOf(house.url);
    const { code } = await hub.client.sync.createCode({ user_id: ENGINEER.email });
    try {
      expect(await refused(client.sync.join({ hub: hub.address, code, password: 'короткий' }))).toMatchObject({ code: 'INVALID', field: 'password' });
      expect(await refused(client.sync.join({ hub: 'не адрес', code, password: PASSWORD }))).toMatchObject({ code: 'INVALID', field: 'hub', detail: 'sync_address_malformed' });
      expect(await refused(client.sync.join({ hub: house.url.replace('http:', 'https:'), code, password: PASSWORD }))).toMatchObject({ detail: expect.stringMatching(/sync_not_hub|sync_unreachable/) });
      const joined = await client.sync.join({ hub: hub.address, code: code.toLowerCase().replaceAll('-', ' '), password: PASSWORD });
      expect(joined.member.email).toBe(ENGINEER.email);
      expect(await clientOf(house.url).auth.status()).toMatchObject({ first_run: false });
      const second = await startHouse();
      try {
        expect(await refused(clientOf(second.url).sync.join({ hub: hub.address, code, password: PASSWORD }))).toMatchObject({ detail: 'sync_code_wrong' });
      } finally {
        await second.close();
      }
      const { client: ivan } = await signIn(house, ENGINEER.email);
      expect(await refused(ivan.sync.createCode({ user_id: ENGINEER.email }))).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refused(client.sync.joining())).toMatchObject({ code: 'FORBIDDEN', detail: 'sync_join_local' });
    } finally {
      await house.close();
    }
  });

  it('ends a code after five wrong ones', async () => {
    const house = await startHouse();
    try {
      const { code } = await hub.client.sync.createCode({ user_id: ENGINEER.email });
      const wrong = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;
      for (let attempt = 0; attempt < 5; attempt++) await refused(clientOf(house.url).sync.join({ hub: hub.address, code: wrong, password: PASSWORD }));
      expect(await refused(clientOf(house.url).sync.join({ hub: hub.address, code, password: PASSWORD }))).toMatchObject({ detail: 'sync_code_wrong' });
    } finally {
      await house.close();
    }
  });
});

it('is not for whoever gets the organisation from a hub', async () => {
  const hub = await startHub();
  await hub.client.users.create({ ...ENGINEER, role: 'admin' });
  const device = await joinHub(hub, ENGINEER.email);
  try {
    expect(await refused(device.client.sync.share({ on: true }))).toMatchObject({ code: 'CONFLICT', detail: 'sync_is_device' });
    await hub.client.sync.share({ on: false });
    expect(await refused(device.client.sync.now())).toMatchObject({ code: 'STORE_UNAVAILABLE', detail: 'sync_unreachable' });
  } finally {
    await device.close();
    await hub.close();
  }
});

it('a hub that did not answer is tried again by a job, as long as it is wanted', async () => {
  const hub = await startHub();
  await hub.client.users.create(ENGINEER);
  const device = await joinHub(hub, ENGINEER.email);
  const { house } = device.house.core;
  const store = house.organizations.open(device.organizationId);
  const duty = DUTIES.find(({ name }) => name === 'sync_retry');
  const isWanted = (): boolean | undefined => duty?.when?.(house, store);
  const { db } = house.sync;
  const url = `https://${hub.address}`;
  try {
    db.run('UPDATE sync_hubs SET url = ?', 'https://127.0.0.1:9');
    const made = await device.client.clients.create({ name: 'ООО «Пока нет узла»' });
    expect(isWanted()).toBe(true);
    expect(await house.jobs.run(store, 'sync_retry', null)).toMatchObject({ outcome: 'failed', error: expect.stringContaining('127.0.0.1:9') });
    db.run('UPDATE sync_hubs SET url = ?', url);
    expect(await house.jobs.run(store, 'sync_retry', null)).toMatchObject({ outcome: 'done', error: null });
    expect((await hub.client.clients.get({ id: made.id })).name).toBe('ООО «Пока нет узла»');

    await device.client.sync.offline({ offline: true });
    expect(isWanted()).toBe(false);
    await device.client.sync.offline({ offline: false });
    house.sync.startAgents();
    // Whoever is connected needs no job.
    await until('online', async () => (await device.client.sync.status()).online);
    expect(isWanted()).toBe(false);
    const above = hub.house.core.house;
    expect(duty?.when?.(above, above.organizations.open(hub.organizationId))).toBe(false);
  } finally {
    await device.close();
    await hub.close();
  }
});
