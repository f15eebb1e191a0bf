import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRouterClient } from '@orpc/server';
import { router } from '../../src-main/core/router.ts';
import { windowContext } from '../../src-main/core/window-door.ts';
import { OWNER } from '../support/house.ts';
import { joinHub, startHub, until } from '../sync/support/network.ts';
import { frailWay, hostileHub } from './support/hostile.ts';
import { install, type Installed } from './support/installed.ts';
import { installerOf, makeKeys, NSIS, publishNsis, signAgain, type Keys } from './support/release.ts';

vi.mock('electron', () => import('./support/electron-parts.ts'));

const base = mkdtempSync(join(tmpdir(), 'polevik-client-'));
const NEW = NSIS('1.0.1');
let keys: Keys;
let hub: Awaited<ReturnType<typeof startHub>>;
let folder: string;
let device: Installed;

beforeAll(async () => {
  keys = makeKeys(base);
  folder = join(base, 'updates');
  await publishNsis(folder, '1.0.0', { keys });
  writeFileSync(join(base, 'installed.exe'), installerOf('1.0.0'));
  hub = await startHub({ config: { updateKeys: [keys.publicKey], updatesFolder: folder } });
  const joined = await joinHub(hub, OWNER.email, { dataDir: join(base, 'joining') });
  await joined.close();
  cpSync(join(base, 'joining'), join(base, 'joined'), { recursive: true });
});
afterAll(async () => {
  await hub.close();
  rmSync(base, { recursive: true, force: true });
});

const options = (more: { installer?: string; version?: string } = {}): Parameters<typeof install>[0] => ({ data: join(base, 'joined'), member: OWNER.email, version: '1.0.0', publicKey: keys.publicKey, installer: join(base, 'installed.exe'), ...more });
beforeEach(async () => {
  device = await install(options());
});
afterEach(() => device.close());

/** The device finds its hub under another address from now on. */
const reachBy = (url: string): unknown => device.house.core.house.sync.db.run('UPDATE sync_hubs SET url = ?', url);
const pending = (): Buffer => readFileSync(join(device.cache, 'pending', NEW));
/** The folder is looked at again once a moment has passed. */
const published = async (work: Promise<unknown>): Promise<void> => {
  await work;
  await new Promise((resolve) => setTimeout(resolve, 1_100));
};

describe('fetching', () => {
  let bytes: Buffer;
  beforeAll(async () => {
    await published(publishNsis(folder, '1.0.1', { keys, notes: { ru: 'Стало быстрее', en: 'Faster' } }).then((made) => (bytes = made)));
  });

  it('brings the differences only, where the installer of the version that runs is at hand', async () => {
    const state = await device.look();
    expect(state).toMatchObject({ version: '1.0.0', unable: null, stage: 'ready', at_quit: true, found: { version: '1.0.1', size: bytes.length, notes: { ru: 'Стало быстрее' } }, last_check: { outcome: 'offer', version: '1.0.1' } });
    expect(pending().equals(bytes)).toBe(true);
    expect(device.log()).toMatch(/To download/);
    expect(device.log()).not.toMatch(/fallback to full/);
    expect(state.found?.received).toBeLessThan(bytes.length / 4);
  });

  it('brings the whole file where there is nothing to compare it with', async () => {
    await device.close();
    device = await install(options({ installer: '' }));
    const state = await device.look();
    expect([state.stage, pending().equals(bytes)]).toEqual(['ready', true]);
    expect(state.found?.received).toBeGreaterThanOrEqual(bytes.length);
  });

  it('goes on where a connection was cut', async () => {
    rmSync(join(device.cache, 'installer.exe'));
    const way = await frailWay(hub.address, { bytes: 1_000_000, times: 2 });
    reachBy(way.url);
    const state = await device.look();
    way.close();
    expect([state.stage, way.cuts(), pending().equals(bytes)]).toEqual(['ready', 2, true]);
    // What had come was not fetched again, but for what was on the wire and the block maps.
    expect(state.found?.received).toBeLessThan(bytes.length * 1.2);
  });

  it('gives up for now where no byte of the installer comes through, and works on', async () => {
    const files = new Map<string, Buffer | number>(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
    const hostile = await hostileHub(hub, files.set(NEW, 0));
    reachBy(hostile.url);
    const state = await device.look();
    hostile.close();
    expect(state).toMatchObject({ stage: 'idle', found: null, version: '1.0.0', last_check: { outcome: 'download_failed', message: expect.stringContaining('Программа работает по-прежнему') as string } });
    expect(device.house.core.house.updates.memory.now.failures).toBe(1);
  });

  it('looks by itself at the contact with the hub, and not again right after a failure', async () => {
    reachBy('https://127.0.0.1:9');
    expect((await device.look()).last_check).toMatchObject({ outcome: 'unreachable' });
    reachBy(`https://${hub.address}`);
    const { updates, sync } = device.house.core.house;
    updates.begin();
    sync.startAgents();
    await until('the device has been at the hub', async () => (await device.client.sync.status()).online);
    await updates.look(device.organizationId, false);
    expect((await device.state()).last_check).toMatchObject({ outcome: 'unreachable' });
    updates.memory.keep({ last_check: null });
    await device.client.sync.now();
    await until('it has looked', async () => (await device.state()).last_check?.outcome === 'offer');
  });

  it('does not look by itself where the person has switched that off', async () => {
    expect(await device.client.updates.settings({ automatic: false })).toMatchObject({ automatic: false });
    await device.house.core.house.updates.look(device.organizationId, false);
    expect((await device.state()).last_check).toBeNull();
    expect(await device.look()).toMatchObject({ stage: 'ready', at_quit: false });
    expect(await device.client.updates.install({ when: 'at_quit' })).toMatchObject({ at_quit: true });
  });
});

describe('a staged roll-out', () => {
  it.each([
    [0, 'staged', 'idle'],
    [100, 'offer', 'ready'],
  ])('for %s of a hundred ends with %s', async (percent, outcome, stage) => {
    await published(publishNsis(folder, '1.0.1', { keys, percent }));
    expect(await device.look()).toMatchObject({ stage, last_check: { outcome, version: '1.0.1' } });
  });

  it('is withdrawn from those who have it waiting', async () => {
    await published(signAgain(folder, { keys, percent: 100 }));
    expect((await device.look()).stage).toBe('ready');
    await published(signAgain(folder, { keys, percent: 0 }));
    expect(await device.look()).toMatchObject({ stage: 'idle', found: null, last_check: { outcome: 'staged' } });
  });

  it.each([
    ['needs a version in between', { minimum: '1.0.1' }, 'too_old'],
    ['was signed too long ago', { days: 1, now: Date.now() - 2 * 86_400_000 }, 'expired'],
  ])('that %s is not taken', async (_name, signing, outcome) => {
    await published(publishNsis(folder, '1.0.1', { keys, ...signing }));
    // The number before may be higher than the clock of this signature: an installation that has not seen it is asked.
    expect((await device.look()).last_check).toMatchObject({ outcome });
  });

  it('of the version that runs is no news', async () => {
    await device.close();
    device = await install(options({ version: '1.0.1' }));
    await published(publishNsis(folder, '1.0.1', { keys }));
    expect(await device.look()).toMatchObject({ stage: 'idle', last_check: { outcome: 'current', message: 'Установлена последняя версия.' } });
  });
});

describe('a hub that is not to be trusted', () => {
  const files = new Map<string, Buffer | number>();
  let hostile: Awaited<ReturnType<typeof hostileHub>>;
  beforeAll(async () => {
    await published(publishNsis(folder, '1.0.1', { keys }));
    hostile = await hostileHub(hub, files);
  });
  afterAll(() => hostile.close());
  beforeEach(() => {
    files.clear();
    for (const name of readdirSync(folder)) files.set(name, readFileSync(join(folder, name)));
    reachBy(hostile.url);
  });
  const change = (name: string, by: (bytes: Buffer) => Buffer | number): unknown => files.set(name, by(Buffer.from(files.get(name) as Buffer)));

  it('with everything as it was signed is as good as any', async () => {
    expect((await device.look()).stage).toBe('ready');
  });

  it.each<[string, () => unknown, string, RegExp]>([
    ['a changed feed', () => change('latest.yml', (bytes) => Buffer.from(bytes.toString().replace('1.0.1', '9.0.0'))), 'feed_refused', /изменено после подписи/],
    ['the signature of another feed', () => change('latest.yml.sig', () => readFileSync(`${keys.keyFile}.pub`)), 'feed_refused', /Подписи издателя нет/],
    ['no signature', () => change('latest.yml.sig', () => 404), 'feed_refused', /Подписи издателя нет/],
    ['a page of HTML for everything', () => ['latest.yml', 'latest.yml.sig'].forEach((name) => change(name, () => Buffer.from('<html><title>Вход</title></html>'))), 'feed_refused', /Подписи издателя нет/],
    ['a feed without end', () => change('latest.yml', () => Buffer.alloc(1_000_000, 'a')), 'feed_refused', /испорчено/],
    ['an error of its own', () => change('latest.yml', () => 500), 'unreachable', /HTTP 500/],
    ['nothing', () => files.clear(), 'nothing_served', /обновлений нет/],
  ])('with %s changes nothing here', async (_name, tamper, outcome, message) => {
    tamper();
    const state = await device.look();
    expect(state).toMatchObject({ stage: 'idle', found: null, version: '1.0.0', last_check: { outcome, message: expect.stringMatching(message) as string } });
    expect(device.orders).toEqual([]);
  });

  it('with a feed that another key has signed changes nothing here', async () => {
    const other = join(base, 'other');
    await publishNsis(other, '1.0.1', { keys: makeKeys(base, `stranger-${Date.now()}`) });
    for (const name of readdirSync(other)) files.set(name, readFileSync(join(other, name)));
    expect((await device.look()).last_check).toMatchObject({ outcome: 'feed_refused', message: expect.stringContaining('не ключом издателя') as string });
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['one byte', (bytes) => (bytes.writeUInt8(bytes.readUInt8(1_700_100) ^ 1, 1_700_100), bytes)],
    ['all of it', (bytes) => Buffer.alloc(bytes.length)],
  ])('with an installer that differs in %s is found out, and nothing of it stays', async (_name, by) => {
    change(NEW, by);
    const state = await device.look();
    expect(state).toMatchObject({ stage: 'idle', found: null, last_check: { outcome: 'wrong_file', version: '1.0.1' } });
    expect(readdirSync(join(device.cache, 'pending')).filter((name) => name.endsWith('.exe'))).toEqual([]);
    // The way back to the real hub is open.
    reachBy(`https://${hub.address}`);
    expect((await device.look()).stage).toBe('ready');
  });

  it('cannot bring back an earlier feed', async () => {
    const earlier = new Map(files);
    await published(publishNsis(folder, '1.0.2', { keys }));
    for (const name of readdirSync(folder)) files.set(name, readFileSync(join(folder, name)));
    expect((await device.look()).found).toMatchObject({ version: '1.0.2' });
    for (const [name, bytes] of earlier) files.set(name, bytes);
    const state = await device.look();
    expect(state.last_check).toMatchObject({ outcome: 'older_feed', message: expect.stringContaining('более раннее') as string });
    expect(state.found).toMatchObject({ version: '1.0.2' });
    await published(publishNsis(folder, '1.0.1', { keys }));
  });

  it('is not believed at all under another authority', async () => {
    const stranger = await startHub();
    reachBy(`https://${stranger.address}`);
    expect((await device.look()).last_check).toMatchObject({ outcome: 'unreachable' });
    await stranger.close();
  });
});

describe('installing', () => {
  beforeAll(() => published(publishNsis(folder, '1.0.1', { keys })));

  it('waits for whatever it would interrupt, and says for what', async () => {
    await expect(device.client.updates.install({ when: 'now' })).rejects.toMatchObject({ code: 'CONFLICT', message: 'Готового обновления нет.' });
    await device.look();
    await device.client.drafts.save({ key: 'clients/new', value: { name: 'ООО «Нед' } });
    const { longTasks } = device.house.core.house;
    let finish = (): void => {};
    longTasks.start('somebody', 'import', 'file.csv', () => new Promise<void>((resolve) => (finish = resolve)));
    const client = await device.client.clients.create({ name: 'ООО «Ромашка»' });
    const session = await device.client.remoteSessions.create({ client_id: client.id, user_id: OWNER.email, started_at: new Date().toISOString() } as never);
    expect((await device.state()).busy.filter(({ count }) => count > 0)).toEqual([{ kind: 'draft', count: 1 }, { kind: 'remote_session', count: 1 }, { kind: 'task', count: 1 }]);
    await expect(device.client.updates.install({ when: 'now' })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('1 несохранённая форма, 1 открытый удалённый сеанс, 1 длительная операция') as string });
    expect(await device.updater.mayInstall()).toBe(false);
    expect(await device.state()).toMatchObject({ stage: 'ready' });
    finish();
    await device.client.drafts.remove({ key: 'clients/new' });
    await device.client.remoteSessions.delete({ id: session.id });
    await until('nothing is interrupted', async () => (await device.state()).busy.every(({ count }) => count === 0));
    expect(await device.updater.mayInstall()).toBe(true);
  });

  it('asks the person’s choice at the end of the program', async () => {
    await device.look();
    expect(await device.client.updates.install({ when: 'later' })).toMatchObject({ at_quit: false, stage: 'ready' });
    expect(await device.updater.mayInstall()).toBe(false);
    expect(await device.client.updates.install({ when: 'at_quit' })).toMatchObject({ at_quit: true });
    expect(await device.updater.mayInstall()).toBe(true);
  });

  it('backs up first, keeps the former installer, and goes on where the new one cannot be started', async () => {
    await device.look();
    expect(await device.client.updates.install({ when: 'now' })).toMatchObject({ stage: 'installing' });
    expect(device.orders.at(-1)).toEqual({ type: 'update', order: 'install', restart: true });
    expect(readdirSync(join(device.house.dataDir, 'backups', device.organizationId))).toHaveLength(1);
    // No system but Windows runs such a file.
    expect(await device.updater.install(true)).toBe(false);
    expect(readFileSync(join(device.keepIn, 'polevik-1.0.0.exe')).equals(installerOf('1.0.0'))).toBe(true);
    const { updates } = device.house.core.house;
    expect(updates.memory.now.attempt).toMatchObject({ from: '1.0.0', to: '1.0.1' });
    // The core that is started again finds that it is the old version.
    updates.begin();
    const state = await device.state();
    expect(state.last_install).toMatchObject({ installed: false, message: 'Установить 1.0.1 не удалось. Программа продолжает работать в версии 1.0.0.' });
    expect(state.last_check).toMatchObject({ outcome: 'install_failed' });
    expect(updates.memory.now).toMatchObject({ attempt: null, failures: 1 });
  });

  it('is told by the new version once it is up', async () => {
    device.house.core.house.updates.memory.keep({ attempt: { from: '0.9.0', to: '1.0.0', at: '2026-09-01T00:00:00.000Z' } });
    device.house.core.house.updates.begin();
    expect((await device.state()).last_install).toMatchObject({ installed: true, message: 'Программа обновлена с 0.9.0 до 1.0.0.' });
  });

  it('starts no file that was exchanged on the disk', async () => {
    await device.look();
    writeFileSync(join(device.cache, 'pending', NEW), 'something else');
    await expect(device.client.updates.install({ when: 'now' })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('подменён') as string });
    expect(await device.state()).toMatchObject({ stage: 'idle', last_check: { outcome: 'wrong_file' } });
    expect(device.orders.map(({ order }) => order)).toEqual(['download']);
  });

  it('tells a full disk from other troubles', async () => {
    await device.look();
    const { updates } = device.house.core.house;
    await published(publishNsis(folder, '1.0.2', { keys }));
    updates.attach('nsis', () => undefined);
    await device.client.updates.check();
    updates.heard({ type: 'update', event: 'failed', code: 'ENOSPC', message: 'no space left on device' });
    await until('it is told', async () => (await device.state()).stage === 'idle');
    expect((await device.state()).last_check).toMatchObject({ outcome: 'disk_full', message: expect.stringContaining('не хватает места') as string });
  });

  it('is decided at the machine itself', async () => {
    await expect(hub.client.updates.check()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('установленная программа') as string });
    const { house } = device.house.core;
    const store = house.organizations.open(device.organizationId);
    const [owner] = store.read.all<{ id: string }>('SELECT id FROM users');
    const elsewhere = createRouterClient(router, { context: { ...windowContext(house), address: '192.168.1.20', vouched: { user_id: owner?.id ?? '', organization_id: device.organizationId, role: 'owner', full_name: '', branch_id: null, language: 'ru' } } });
    const refused = { code: 'FORBIDDEN', message: expect.stringContaining('на самом компьютере') as string };
    await expect(elsewhere.updates.check()).rejects.toMatchObject(refused);
    await expect(elsewhere.updates.install({ when: 'now' })).rejects.toMatchObject(refused);
    await expect(elsewhere.updates.settings({ automatic: false })).rejects.toMatchObject(refused);
    await expect(elsewhere.updates.serve({ folder: base })).rejects.toMatchObject(refused);
    expect(await elsewhere.updates.state()).toMatchObject({ version: '1.0.0', automatic: true });
  });
});
