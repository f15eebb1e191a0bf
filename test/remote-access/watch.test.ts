import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src-shared/kernel/clock.ts';
import type { Notice } from '../../src-main/core/notices.ts';
import { hasWatches, lookAfterSessions } from '../../src-main/remote-access/index.ts';
import { realSystem, type System } from '../../src-main/remote-access/tools/system.ts';
import { beginWatch } from '../../src-main/remote-access/watch.ts';
import { localActor } from '../../src-main/organizations/index.ts';
import type { OrganizationStore } from '../../src-main/store/organization-store.ts';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';

const START = Date.parse('2026-11-20T09:00:00.000Z');
const MINUTE = 60_000;
let now = START;
const clock: Clock = { now: () => now };
let house: RunningHouse;
let client: DoorClient;
let token: string;
let dataDir: string;
let store: OrganizationStore;
let clientId: string;
let told: Notice[];

/** A machine on which one program runs or does not, and whose AnyDesk has written that. */
const machine = (births: Record<number, string>, trace = ''): System => ({ ...realSystem, birth: async (pid) => births[pid] ?? null, tail: (file) => (trace !== '' && file.endsWith('.trace') ? Buffer.from(trace) : null) });
const traceOf = (from: string, to: string | null): string =>
  [`info 2026-11-20 ${from}  front  7  8  app.session - 1: Connecting to "222333444".`, ...(to ? [`info 2026-11-20 ${to}  front  7  8  app.session - 1: Processing done.`] : [])].join('\n');

const open = async (): Promise<void> => {
  house = await startHouse({ dataDir, clock });
  const core = house.core.house;
  store = core.organizations.open(core.organizations.list()[0]?.id ?? '');
  told = [];
  core.notices.listen((notice) => void told.push(notice));
};
/** A session that has just begun, with its program. */
async function begin(ended: Promise<void>, system: System): Promise<string> {
  const row = await client.remoteSessions.create({ client_id: clientId });
  const actor = localActor(house.core.house, store.id);
  if (!actor) throw new Error('no owner');
  await beginWatch(house.core.house, store, row.id, { tool: 'anydesk', address: '222333444', file: '/usr/bin/anydesk', build: 'standard', pid: 71, began: now, actor, client: 'Аптека' }, ended, system);
  return row.id;
}
const endOf = (id: string): string | null | undefined => store.read.get<{ ended_at: string | null }>('SELECT ended_at FROM remote_sessions WHERE id = ?', id)?.ended_at;
const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
const never = new Promise<void>(() => {});

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'polevik-watch-'));
  const first = await startHouse({ dataDir, clock });
  token = (await registerOwner(first.url)).token;
  await first.close();
});
beforeEach(async () => {
  now = START;
  await open();
  client = clientOf(house.url, token);
  clientId = (await client.clients.create({ name: 'Аптека' })).id;
  return () => house.close();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the end of a session', () => {
  it('is that of its program, and somebody is told to write his line', async () => {
    let end = (): void => {};
    const id = await begin(new Promise((done) => (end = done)), machine({ 71: 'a' }));
    now += 25 * MINUTE;
    end();
    await expect.poll(() => endOf(id)).toBe(at(25));
    expect(told).toEqual([{ key: 'session_ended', params: { client: 'Аптека' }, path: '/desk' }]);
    expect(hasWatches(store)).toBe(false);
  });

  it('is the trace’s where the program has handed the session over', async () => {
    const id = await begin(Promise.resolve(), machine({}));
    now += 5 * MINUTE;
    await lookAfterSessions(house.core.house, store, machine({}, traceOf('12:00:02.000', null)));
    expect([endOf(id), hasWatches(store)]).toEqual([null, true]);
    now += 40 * MINUTE;
    await lookAfterSessions(house.core.house, store, machine({}, traceOf('12:00:02.000', '12:17:02.000')));
    expect([endOf(id), hasWatches(store)]).toEqual([at(17), false]);
  });

  it('is left to the person where nobody knows it', async () => {
    const id = await begin(Promise.resolve(), machine({}));
    now += 11 * MINUTE;
    await lookAfterSessions(house.core.house, store, machine({}));
    expect([endOf(id), hasWatches(store), told]).toEqual([null, false, []]);
  });

  it('is found after a restart: the program runs on, and ends when it was last seen', async () => {
    const id = await begin(never, machine({ 71: 'a' }));
    await house.close();
    now += 3 * MINUTE;
    await open();
    await lookAfterSessions(house.core.house, store, machine({ 71: 'a' }));
    expect([endOf(id), hasWatches(store)]).toEqual([null, true]);
    now += MINUTE;
    await lookAfterSessions(house.core.house, store, machine({ 71: 'another program with this number' }));
    expect([endOf(id), hasWatches(store)]).toEqual([at(3), false]);
  });

  it('is not looked for once somebody has written it down', async () => {
    const id = await begin(never, machine({ 71: 'a' }));
    now += 2 * MINUTE;
    await client.remoteAccess.finish({ id, summary: 'Помог', minutes: 2 });
    await lookAfterSessions(house.core.house, store, machine({ 71: 'a' }));
    expect([endOf(id), hasWatches(store)]).toEqual([at(2), false]);
  });
});

it('knows a running process from one that gets its number later', async () => {
  expect(await realSystem.birth(process.pid)).toMatch(/\S/);
  expect(await realSystem.birth(process.pid)).toBe(await realSystem.birth(process.pid));
  expect(await realSystem.birth(2 ** 30)).toBeNull();
});
