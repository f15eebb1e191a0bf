import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { clients } from '../../src-main/clients/index.ts';
import { contracts } from '../../src-main/contracts/service.ts';
import { createRandom } from '../../src-main/seed/random.ts';
import { SCHEMA } from '../../src-main/store/migrate.ts';
import type { Registry } from '../../src-main/store/entity.ts';
import { createPlaces } from '../../src-main/sync/shared/addresses.ts';
import { openPostgresLog } from '../../src-main/sync/shared/postgres.ts';
import type { AppError } from '../../src-shared/kernel/errors.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import type { PushReply, PushRequest } from '../../src-shared/sync/wire.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { carried, cloneOf, type Copy } from './support/copies.ts';
import { agreeAll, createSharedWorld, cutOff, pullFrom, pushTo, type Member, type SharedWorld } from './support/shared.ts';

/** A version of the program that does not know contracts yet. */
const OLDER: Registry = new Map([...REGISTRY].filter(([name]) => name !== 'contracts'));

/** The typed refusal of a call. */
const refused = async (call: unknown): Promise<string> =>
  Promise.resolve(call).then(
    () => 'it was not refused',
    (error: AppError) => `${error.code} ${error.data?.detail ?? error.message}`,
  );

/** What a device would push now; it is not told of the answer. */
function offer(device: Copy): PushRequest {
  const request = device.engine.takePush(100);
  if (!request) throw new Error(`${device.name} has nothing to offer`);
  return carried(request);
}
const verdictsOf = async (member: Member, request: PushRequest): Promise<PushReply['verdicts']> => (await member.hub.push(carried(request), { device: request.device })).verdicts;

describe.runIf(hasPostgres())('a log in PostgreSQL that hub processes share', () => {
  let postgres: TestPostgres;
  let world: SharedWorld;
  let [north, south] = [{} as Member, {} as Member];
  let [anna, ivan] = [{} as Actor, {} as Actor];
  let [office, laptop, page] = [{} as Copy, {} as Copy, {} as Copy];
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.end());
  beforeEach(async () => {
    world = await createSharedWorld(postgres.url);
    north = world.members[0] as Member;
    south = await world.addMember('south');
    page = world.hub;
    anna = world.people['Анна'] as Actor;
    ivan = world.people['Иван'] as Actor;
    office = await world.joinFrom((file) => north.hub.snapshot(file), 'office');
    laptop = await world.joinFrom((file) => south.hub.snapshot(file), 'laptop');
  });
  afterEach(() => world.closeAll());

  const sql = async (text: string, ...params: unknown[]): Promise<Record<string, unknown>[]> => {
    const log = openPostgresLog(postgres.url, world.organization);
    try {
      return await log.ask(text, [world.organization, ...params]);
    } finally {
      await log.close();
    }
  };
  /** Past the check of the version. */
  const asOwner = async (text: string): Promise<void> => {
    const { default: pg } = await import('pg');
    const client = new pg.Client(postgres.url);
    await client.connect();
    await client.query(text);
    await client.end();
  };
  const numbers = ({ store }: Pick<Copy, 'store'>): number[] => store.read.all<{ no: number }>('SELECT no FROM clients ORDER BY no').map((row) => row.no);
  const agree = async (...devices: Copy[]): Promise<void> => {
    await agreeAll(devices, (round, index) => world.members[(round + index) % world.members.length] as Member, world.proofs);
    for (const member of world.members) await member.hub.catchUp();
    const expected = north.hash();
    for (const member of world.members) expect(member.hash(), member.name).toBe(expected);
    for (const copy of devices) {
      expect(copy.engine.stateHash(), copy.name).toBe(expected);
      expect(copy.engine.status(), copy.name).toMatchObject({ role: 'device', waiting: 0, diverged: false, synchronised: true });
    }
  };

  it('gives a row made at any of them to everybody, with one number', async () => {
    const made = clients.create(laptop.session(ivan), { name: 'Ромашка \u0000 😀 "\\' });
    const above = clients.create(page.session(anna), { name: 'Со страницы узла' });
    expect([made.no, above.no]).toEqual([null, null]);
    const [reply] = await Promise.all([pushTo(laptop, south, world.proofs), pushTo(page, north, world.proofs)]);
    expect(reply?.verdicts).toMatchObject([{ verdict: 'accepted' }]);
    await agree(office, laptop, page);
    expect(numbers(office)).toEqual([1, 2]);
    expect(clients.get(office.session(anna), made.id).name).toBe('Ромашка \u0000 😀 "\\');
  });

  it('answers a repeated push the same at another hub process: accepted, returned, forked', async () => {
    const client = clients.create(laptop.session(anna), { name: 'Ромашка' });
    const [first] = await verdictsOf(north, offer(laptop));
    expect(await verdictsOf(south, offer(laptop))).toEqual([{ ...first, duplicate: true }]);
    await agree(office, laptop, page);

    const clone = cloneOf(laptop, world);
    clients.update(laptop.session(anna), client.id, { comment: 'здесь' });
    clients.update(clone.session(anna), client.id, { phone: '+70000000001' });
    await pushTo(laptop, north, world.proofs);
    expect(await verdictsOf(south, offer(clone))).toMatchObject([{ verdict: 'forked' }]);
    await agree(office, laptop, page, clone);
    clone.close();

    page.store.mutate({ actor: world.people['Ольга'] as Actor, origin: 'window' }, (tx) => tx.update('users', ivan.user_id, { active: false }));
    clients.update(laptop.session(ivan), client.id, { comment: 'пока ещё работаю' });
    await pushTo(page, north, world.proofs);
    const late = offer(laptop);
    const returned = await verdictsOf(south, late);
    expect(returned).toMatchObject([{ verdict: 'returned', reason: 'member_inactive' }]);
    expect(await verdictsOf(north, late)).toEqual(returned);
    await agree(office, laptop, page);
    expect(laptop.engine.returned()).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)('a process that is cut off %s the commit of the log loses and doubles nothing', async (when) => {
    const made = clients.create(laptop.session(ivan), { name: 'Ромашка' });
    cutOff(south, when);
    expect(await refused(pushTo(laptop, south, world.proofs))).toContain('cut off');
    expect(south.hub.log.head()).toBe(north.hub.log.head());
    const reply = await pushTo(laptop, north, world.proofs);
    expect(reply?.verdicts).toMatchObject([{ verdict: 'accepted', duplicate: when === 'after' }]);
    await agree(office, laptop, page);
    expect(clients.get(office.session(anna), made.id)).toMatchObject({ name: 'Ромашка', no: 1 });
  });

  it('begins a new life for all of them at once', async () => {
    clients.create(laptop.session(ivan), { name: 'Ромашка' });
    await agree(office, laptop, page);
    const told: string[] = [];
    for (const member of [north, south]) member.hub.subscribe(({ type }) => void (type === 'life' && told.push(member.name)));
    const epoch = await south.hub.newEpoch();
    await north.hub.catchUp();
    // What is connected to either of them hears of it.
    expect(told).toEqual(['south', 'first']);
    clients.create(office.session(anna), { name: 'Василёк' });
    await agree(office, laptop, page);
    expect(north.hub.log.epoch()).toEqual(epoch);
    expect(office.engine.status().epoch).toBe(epoch.id);
    expect(numbers(laptop)).toEqual([1, 2]);
  });

  it('serves what it has while the database is away, says "again" to the rest, and goes on by itself', async () => {
    clients.create(laptop.session(ivan), { name: 'Ромашка' });
    await agree(office, laptop, page);
    clients.create(office.session(anna), { name: 'Василёк' });
    await pushTo(office, south, world.proofs);
    await pullFrom(office, south, world.proofs);
    await north.hub.start();
    await postgres.stop();
    try {
      clients.create(laptop.session(ivan), { name: 'Без связи' });
      expect(await refused(pushTo(laptop, north, world.proofs))).toBe('STORE_UNAVAILABLE sync_log_unavailable');
      expect(north.hub.trouble?.data.detail).toBe('sync_log_unavailable');
      // A device that has read further elsewhere is not told of an older state as if it were the present one.
      if (!north.hub.log.hashAt(office.engine.status().cursor)) expect(await refused(pullFrom(office, north, world.proofs))).toBe('STORE_UNAVAILABLE sync_log_unavailable');
      const { page: read } = await pullFrom(laptop, south, world.proofs);
      expect(read.entries.length).toBeGreaterThan(0);
    } finally {
      await postgres.start();
    }
    await agree(office, laptop, page);
    expect(north.hub.trouble).toBeNull();
    expect(numbers(page)).toEqual([1, 2, 3]);
  });

  it('gives a database that was put back what it has lost', async () => {
    clients.create(laptop.session(ivan), { name: 'Ромашка' });
    await agree(office, laptop, page);
    const [backup] = await sql('SELECT head, tick FROM polevik_log_state WHERE organization_id = $1');
    clients.create(laptop.session(ivan), { name: 'Василёк' });
    await agree(office, laptop, page);
    const head = north.hub.log.head();
    await sql('DELETE FROM polevik_log_entries WHERE organization_id = $1 AND position > $2', backup?.['head']);
    await sql('UPDATE polevik_log_state SET head = $2, tick = $3 WHERE organization_id = $1', backup?.['head'], backup?.['tick']);
    clients.create(office.session(anna), { name: 'Лютик' });
    await agree(office, laptop, page);
    expect(await sql('SELECT count(*)::int AS n FROM polevik_log_entries WHERE organization_id = $1')).toEqual([{ n: north.hub.log.head() }]);
    expect(north.hub.log.head()).toBeGreaterThan(head);
    expect(numbers(laptop)).toEqual([1, 2, 3]);
  });

  it('does not believe a log that was put back and written on without it', async () => {
    clients.create(laptop.session(ivan), { name: 'Ромашка' });
    await pushTo(laptop, north, world.proofs);
    await sql('DELETE FROM polevik_log_entries WHERE organization_id = $1 AND position > (SELECT count(*) - 2 FROM polevik_log_entries WHERE organization_id = $1)');
    await sql('UPDATE polevik_log_state SET head = (SELECT max(position) FROM polevik_log_entries WHERE organization_id = $1), tick = tick - 1 WHERE organization_id = $1');
    for (const name of ['а', 'б', 'в']) clients.create(office.session(anna), { name });
    await pushTo(office, south, world.proofs);
    expect(await refused(north.hub.catchUp())).toBe('CONFLICT sync_log_diverged');
    clients.create(laptop.session(ivan), { name: 'Василёк' });
    expect(await refused(pushTo(laptop, north, world.proofs))).toBe('CONFLICT sync_log_diverged');
    expect(north.hub.trouble?.data.detail).toBe('sync_log_diverged');
  });

  describe('that is shortened', () => {
    /** Says how far the hub process has read, and shortens. */
    const share = async (member: Member): Promise<void> => {
      const log = openPostgresLog(postgres.url, world.organization);
      const places = createPlaces({ log, organization: world.organization, key: member.name, position: () => member.hub.log.head(), shared: () => member.hub.shorten() });
      try {
        await places.share();
      } finally {
        places.close();
        await log.close();
      }
    };
    const kept = async (): Promise<number[]> => (await sql('SELECT position::int FROM polevik_log_entries WHERE organization_id = $1 ORDER BY position')).map((row) => row['position'] as number);
    const fill = async (): Promise<number> => {
      for (const name of ['Ромашка', 'Василёк', 'Лютик']) clients.create(laptop.session(ivan), { name });
      await agree(office, laptop, page);
      return north.hub.log.head();
    };
    beforeEach(async () => {
      for (const member of [north, south]) await share(member);
    });

    it('keeps its last entry, and all of them go on; who is behind begins with a snapshot', async () => {
      const late = await world.joinFrom((file) => north.hub.snapshot(file), 'late');
      const head = await fill();
      expect(await south.hub.compact(head)).toBeGreaterThan(0);
      for (const member of [north, south]) await share(member);
      expect(await kept()).toEqual([head]);
      expect([north, south].map((member) => member.hub.log.floor())).toEqual([head, head]);
      for (const member of [north, south]) expect((await pullFrom(late, member, world.proofs)).page.snapshot_required, member.name).toBe(true);
      late.close();

      clients.create(office.session(anna), { name: 'Колокольчик' });
      await agree(office, laptop, page);
      const fourth = await world.joinFrom((file) => south.hub.snapshot(file), 'fourth');
      await agree(office, laptop, page, fourth);
      expect(numbers(fourth)).toEqual([1, 2, 3, 4]);
      await north.reopen(REGISTRY);
      await agree(office, laptop, page, fourth);
    });

    it('is so in a database that an earlier version has made', async () => {
      await asOwner('ALTER TABLE polevik_log_state DROP COLUMN floor; ALTER TABLE polevik_log_hubs DROP COLUMN position; UPDATE polevik_log_version SET version = 2');
      for (const member of [north, south]) await member.reopen(REGISTRY);
      const head = await fill();
      for (const member of [north, south]) await share(member);
      await north.hub.compact(head);
      await share(north);
      expect(await kept()).toEqual([head]);
    });

    it('waits for a hub process that has not read so far', async () => {
      const read = south.hub.log.head();
      await south.hub.close();
      for (const name of ['Ромашка', 'Василёк']) clients.create(laptop.session(ivan), { name });
      await pushTo(laptop, north, world.proofs);
      const head = north.hub.log.head();
      await north.hub.compact(head);
      await share(north);
      expect(await kept()).toEqual(Array.from({ length: head - Math.max(1, read) + 1 }, (_, index) => Math.max(1, read) + index));
      south.open();
      await agree(office, laptop, page);
      await share(south);
      expect(await kept()).toEqual([head]);
    });

    it('does not wait for ever: a copy that it no longer reaches back to says so, and reads no further', async () => {
      const read = south.hub.log.head();
      await south.hub.close();
      await sql("UPDATE polevik_log_hubs SET at = now() - interval '31 days' WHERE organization_id = $1 AND key = 'south'");
      for (const name of ['Ромашка', 'Василёк']) clients.create(laptop.session(ivan), { name });
      await pushTo(laptop, north, world.proofs);
      await north.hub.compact(north.hub.log.head());
      await share(north);
      south.open();
      clients.create(office.session(anna), { name: 'Лютик' });
      expect(await refused(south.hub.catchUp())).toBe('CONFLICT sync_log_behind');
      expect(await refused(pushTo(office, south, world.proofs))).toBe('CONFLICT sync_log_behind');
      expect([south.hub.trouble?.data.detail, south.hub.log.head()]).toEqual(['sync_log_behind', read]);
    });

    it('gets no blanked entries of a hub when its database was put back', async () => {
      const [backup] = await sql('SELECT head, tick FROM polevik_log_state WHERE organization_id = $1');
      const behind = await world.addMember('behind');
      const head = await fill();
      await behind.hub.close();
      await north.hub.compact(head);
      await sql('DELETE FROM polevik_log_entries WHERE organization_id = $1 AND position > $2', backup?.['head']);
      await sql('UPDATE polevik_log_state SET head = $2, tick = $3, floor = 0 WHERE organization_id = $1', backup?.['head'], backup?.['tick']);
      clients.create(office.session(anna), { name: 'Колокольчик' });
      await pushTo(office, north, world.proofs);
      expect((await kept()).filter((position) => position > Number(backup?.['head']))).toEqual(Array.from({ length: north.hub.log.head() - head + 1 }, (_, index) => head + index));
      world.members.splice(world.members.indexOf(behind), 1);
      await agree(office, laptop, page);
      expect(numbers(laptop)).toEqual([1, 2, 3, 4]);
    });
  });

  it('is read a few entries at a time where they are long', async () => {
    const long = '—'.repeat(1_500_000);
    for (const name of ['а', 'б', 'в', 'г', 'д']) laptop.store.mutate({ actor: ivan, origin: 'import' }, (tx) => tx.insert('clients', { name, kind: 'organization', comment: name + long }));
    await agree(office, laptop, page);
    expect(numbers(office)).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps what only a newer version understands, whichever of them has it first', async () => {
    const client = clients.create(laptop.session(anna), { name: 'Ромашка' });
    await agree(office, laptop, page);
    for (const member of [north, south]) await member.reopen(OLDER);
    contracts.create(laptop.session(anna), { client_id: client.id, title: 'Абонентское', start_date: '2026-01-01' });
    for (const member of [north, south, north]) expect(await verdictsOf(member, offer(laptop))).toMatchObject([{ verdict: 'parked' }]);
    await pushTo(laptop, south, world.proofs);
    for (const member of [south, north]) await member.reopen(REGISTRY);
    await agree(office, laptop, page);
    expect(office.store.read.all('SELECT no FROM contracts')).toEqual([{ no: 1 }]);
    expect(await sql('SELECT hash FROM polevik_log_parked WHERE organization_id = $1')).toEqual([]);
  });

  it('does not judge on a log that a newer version writes', async () => {
    clients.create(laptop.session(ivan), { name: 'Ромашка' });
    await sql('UPDATE polevik_log_state SET schema = $2 WHERE organization_id = $1', SCHEMA + 1);
    expect(await refused(pushTo(laptop, north, world.proofs))).toBe('STORE_UNAVAILABLE sync_log_newer');
    await sql('UPDATE polevik_log_state SET schema = $2 WHERE organization_id = $1', SCHEMA);
    await sql('UPDATE polevik_log_version SET version = version + 1 WHERE $1::text IS NOT NULL');
    try {
      expect(await refused(openPostgresLog(postgres.url, world.organization).state())).toBe('STORE_UNAVAILABLE sync_log_newer');
    } finally {
      await north.hub.newEpoch();
      await asOwner('UPDATE polevik_log_version SET version = version - 1');
    }
    await agree(office, laptop, page);
  });
  it.each([1, 2, 3])('many at once, processes cut off at random, seed %i: everything is there once', async (seed) => {
    const random = createRandom(seed);
    const devices = [office, laptop, page, await world.joinFrom((file) => north.hub.snapshot(file), 'third')];
    const names: string[] = [];
    for (let round = 0; round < 12; round++) {
      await Promise.all(
        devices.map(async (device, index) => {
          const name = `${device.name} ${round}`;
          clients.create(device.session(index % 2 === 0 ? anna : ivan), { name });
          names.push(name);
          const member = random.pick(world.members);
          if (random.chance(0.25)) cutOff(member, random.pick(['before', 'after'] as const));
          // Whoever is not answered comes again.
          await pushTo(device, member, world.proofs).catch(() => null);
          await pullFrom(device, random.pick(world.members), world.proofs);
        }),
      );
      if (random.chance(0.2)) await random.pick(world.members).reopen(REGISTRY);
      world.time.now += 1000;
    }
    for (const member of world.members) cutOff(member, null);
    await agree(...devices);
    expect(page.store.read.all<{ name: string }>('SELECT name FROM clients').map((row) => row.name).sort()).toEqual(names.sort());
    expect(numbers(page)).toEqual(names.map((_, index) => index + 1));
  });
});
