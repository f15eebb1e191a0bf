import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readKey, type LogOptions } from '../../src-main/sync/index.ts';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { clientOf, joinHub, PASSWORD, stateHash, until, type Station } from './support/network.ts';

const IVAN = { full_name: 'Иван', email: 'ivan@example.com', role: 'engineer' as const };

/** The typed refusal of a call. */
const refused = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'it was not refused',
    (error: { code: string; data?: { detail?: string } }) => `${error.code} ${error.data?.detail}`,
  );

describe.runIf(hasPostgres())('an installation that is told of a log in PostgreSQL', () => {
  let postgres: TestPostgres;
  let folder: string;
  let running: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.end());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'polevik-join-log-'));
  });
  afterEach(async () => {
    for (const one of running.reverse()) await one.close();
    running = [];
    rmSync(folder, { recursive: true, force: true });
  });

  const dirOf = (name: string): string => join(folder, name);
  const open = async (name: string): Promise<RunningHouse> => {
    const house = await startHouse({ dataDir: dirOf(name) });
    running.push(house);
    return house;
  };
  const close = async (one: { close(): Promise<void> }): Promise<void> => {
    running = running.filter((other) => other !== one);
    await one.close();
  };
  const asOwner = async (house: RunningHouse): Promise<Station> => {
    const { access_token } = await clientOf(house.url).auth.login({ email: OWNER.email, password: OWNER.password });
    const client = clientOf(house.url, access_token);
    return { house, client, organizationId: (await client.organizations.current()).id, close: () => house.close() };
  };
  const makeHub = async (name: string): Promise<Station> => {
    const house = await open(name);
    await registerOwner(house.url);
    const station = await asOwner(house);
    await station.client.users.create(IVAN);
    await station.client.clients.create({ name: 'ООО «С самого начала»' });
    return station;
  };
  const options = (more: Partial<LogOptions> = {}): LogOptions => ({ url: postgres.url, key: null, anew: false, from: null, ...more });
  const shareOn = ({ house, organizationId }: Station, more: Partial<LogOptions> = {}): Promise<void> => house.core.house.sync.shareOnLog(organizationId, options(more));
  const addressOf = ({ house }: Station): string => new URL(house.core.house.sync.urls[0] ?? '').host;
  const keyOf = (name: string): Buffer => readKey(readFileSync(join(dirOf(name), 'hub', 'log.key'), 'utf8'));
  const pair = async (hub: Station, name: string): Promise<Station> => {
    const station = await joinHub({ client: hub.client, address: addressOf(hub) }, OWNER.email, { dataDir: dirOf(name) });
    running.push(station);
    return station;
  };
  const sql = async (text: string, ...params: unknown[]): Promise<void> => {
    const { default: pg } = await import('pg');
    const client = new pg.Client(postgres.url);
    await client.connect();
    try {
      await client.query(text, params);
    } finally {
      await client.end();
    }
  };
  const lose = (organization: string): Promise<void> => sql('DELETE FROM polevik_log_state WHERE organization_id = $1', organization);
  const loseAll = async (organization: string): Promise<void> => {
    await lose(organization);
    for (const table of ['entries', 'refusals', 'parked', 'peers', 'devices', 'hubs']) await sql(`DELETE FROM polevik_log_${table} WHERE organization_id = $1`, organization);
  };

  it('finds none where it is a device of others: those have to found it', async () => {
    const hub = await makeHub('hub');
    await hub.client.sync.share({ on: true });
    const device = await pair(hub, 'device');
    expect(await refused(shareOn(device))).toBe('CONFLICT sync_log_missing');
    expect((await device.client.sync.now()).synchronised).toBe(true);
  });

  it('whose log is lost is not shared until it is told to found it again, which loses nothing', async () => {
    let hub = await makeHub('hub');
    await shareOn(hub);
    const device = await pair(hub, 'device');
    await hub.client.clients.create({ name: 'ООО «Ещё до потери»' });
    await close(hub.house);
    await loseAll(hub.organizationId);

    hub = await asOwner(await open('hub'));
    expect(await refused(shareOn(hub))).toBe('CONFLICT sync_log_missing');
    await shareOn(hub, { anew: true });
    // Said once more, of a log that is there, it changes nothing.
    await close(hub.house);
    hub = await asOwner(await open('hub'));
    await shareOn(hub, { anew: true });
    await device.client.clients.create({ name: 'ООО «После потери»' });
    await until('the device and the new log agree', async () => {
      await hub.client.sync.now();
      return (await device.client.sync.now({ hub: addressOf(hub) })).synchronised && stateHash(device) === stateHash(hub);
    });
    const names = (await hub.client.clients.list({ sort: 'no' })).items.map(({ no, name }) => [no, name]);
    expect(names).toEqual([[1, 'ООО «С самого начала»'], [2, 'ООО «Ещё до потери»'], [3, 'ООО «После потери»']]);
  });

  it('does not serve another log than its own', async () => {
    const hub = await makeHub('hub');
    await close(hub.house);
    cpSync(dirOf('hub'), dirOf('twin'), { recursive: true });
    const first = await asOwner(await open('hub'));
    await shareOn(first);
    // A hub that has kept the log itself until now has positions of its own.
    expect(await refused(shareOn(await asOwner(await open('twin'))))).toBe('CONFLICT sync_log_other');
    await close(first.house);
    await sql('UPDATE polevik_log_state SET log_id = $2 WHERE organization_id = $1', first.organizationId, 'another');
    expect(await refused(shareOn(await asOwner(await open('hub'))))).toBe('CONFLICT sync_log_other');
  });

  it('serves under no other authority than the one that its hub has, and gives up none that others have pinned', async () => {
    const hub = await makeHub('hub');
    await shareOn(hub);
    const second = await pair(hub, 'second');
    // Another organisation is shared from that machine already, under the machine's own authority.
    const other = await second.client.organizations.create({ name: 'Другая' });
    const { sync } = second.house.core.house;
    await sync.share(other.id, true);
    const { code } = sync.peers.createCode(other.id, (await second.client.auth.me()).user.id, sync.lan?.fingerprint ?? '');
    await clientOf((await open('apart')).url).sync.join({ hub: addressOf(second), code, password: PASSWORD });
    expect(await refused(shareOn(second, { key: keyOf('hub') }))).toBe('CONFLICT sync_log_other_authority');

    const third = await pair(hub, 'third');
    await sql('UPDATE polevik_log_state SET authority = $2 WHERE organization_id = $1', hub.organizationId, 'somebody else’s');
    expect(await refused(shareOn(third, { key: keyOf('hub') }))).toBe('CONFLICT sync_log_other_authority');
  });

  it('fetches its copy from the hub process that it is told, where the one that it has joined is away', async () => {
    const north = await makeHub('north');
    await shareOn(north);
    const key = keyOf('north');
    const south = await pair(north, 'south');
    await shareOn(south, { key });
    const third = await pair(north, 'third');
    await close(north.house);
    expect(await refused(shareOn(third, { key }))).toBe('STORE_UNAVAILABLE sync_unreachable');
    await shareOn(third, { key, from: `https://${addressOf(south)}` });
    const made = await third.client.clients.create({ name: 'ООО «Третий узел»' });
    await third.client.sync.now();
    await until('the row at the second', async () => {
      await south.client.sync.now();
      return (await south.client.clients.list({})).items.some((one) => one.id === made.id && one.no === 2);
    });
  });
});
