import { join } from 'node:path';
import { copyFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkContents } from '../../src-main/attachments/index.ts';
import { attach } from '../../src-main/attachments/service.ts';
import type { Session } from '../../src-main/core/session.ts';
import { clients } from '../../src-main/clients/service.ts';
import { carryContents } from '../../src-main/sync/wire/courier.ts';
import { tickets } from '../../src-main/tickets/service.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { createRandom } from '../../src-main/seed/random.ts';
import { ContentDisk } from './support/content-disk.ts';
import { hubSides, openLine } from './support/content-line.ts';
import { createWorld, exchangeAll, putFile, type World } from './support/copies.ts';

const DAY = 86_400_000;
let world: World;
let session: Session;
let file: { entity: 'tickets'; row_id: string; file_name: string };
beforeEach(() => {
  world = createWorld();
  session = world.hub.session(world.people['Ольга'] as Actor);
  const { id } = clients.create(session, { name: 'Щит' });
  file = { entity: 'tickets', row_id: tickets.create(session, { client_id: id, subject: 'Снимок' }).id, file_name: 'щит.jpg' };
});
afterEach(() => world.close());

const lineToHub = (): ReturnType<typeof openLine> => openLine({ world: world.folder, peer: 'd1', random: createRandom(1), chunk: 100, fault: null, between: () => Promise.resolve(), hubDied: () => false });

async function* textBytes(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
const bytes = (): AsyncGenerator<Uint8Array> => textBytes('снимок');

it('the daily look leaves contents whose rows an older backup of the hub lacks, until others have brought them back', async () => {
  const { hub } = world;
  const disk = new ContentDisk(hub, join(world.folder, 'contents'), world.time);
  const device = await world.join('d1');
  hub.close();
  const backup = join(world.folder, 'backup.sqlite');
  copyFileSync(hub.file, backup);
  hub.open();
  const { sha256 } = await attach(hub.session(world.people['Ольга'] as Actor), disk.contents, file, bytes());
  exchangeAll(hub, [device]);

  hub.close();
  putFile(backup, hub.file);
  hub.open();
  hub.engine.newEpoch();
  world.time.now += 7 * DAY;
  expect(disk.contents.sizeOf(sha256)).toBe(null);
  expect(disk.contents.sweepUnnamed()).toBe(0);

  exchangeAll(hub, [device]);
  disk.restart();
  expect(disk.contents.sizeOf(sha256)).toBe(Buffer.byteLength('снимок'));
  expect(disk.contents.sweepUnnamed()).toBe(0);
});

it('a hub whose folder is gone does not say that it has what its journal names', async () => {
  const { hub } = world;
  const disk = new ContentDisk(hub, join(world.folder, 'contents'), world.time);
  const { sha256, size } = await attach(session, disk.contents, file, bytes());
  hubSides.set(world.folder, { contents: () => disk.contents, isKnown: () => true });
  const { contents } = lineToHub().client;
  try {
    expect(await contents.held([sha256])).toEqual([sha256]);
    disk.putBack(null);
    expect(await contents.held([sha256])).toEqual([]);
    expect(await contents.place(sha256, size)).toEqual({ held: false, received: 0 });
  } finally {
    hubSides.delete(world.folder);
  }
});

it('a hub that has lost contents in one and the same life gets them again, since it is asked again after a day', async () => {
  const { hub } = world;
  const device = await world.join('d1');
  const [there, here] = [new ContentDisk(hub, join(world.folder, 'there'), world.time), new ContentDisk(device, join(world.folder, 'here'), world.time)];
  const { sha256 } = await attach({ ...device.session(world.people['Ольга'] as Actor), store: here.store }, here.contents, file, bytes());
  exchangeAll(hub, [device]);
  hubSides.set(world.folder, { contents: () => there.contents, isKnown: () => true });
  const carry = (): Promise<void> => {
    const line = lineToHub();
    return carryContents({ store: () => here.store, contents: () => here.contents, epoch: () => device.engine.log.epoch().id, log: pino({ level: 'silent' }) }, line.client, line.signal);
  };
  const onHub = (): unknown => here.store.read.get('SELECT hub_epoch IS NOT NULL AS said FROM local_contents WHERE sha256 = ?', sha256);
  try {
    await carry();
    expect(there.has(sha256)).toBe(true);
    there.putBack(null);
    await carry();
    expect([there.has(sha256), onHub()]).toEqual([false, { said: 1 }]);

    world.time.now += DAY;
    await carry();
    expect([there.has(sha256), onHub()]).toEqual([true, { said: 1 }]);
  } finally {
    hubSides.delete(world.folder);
  }
});

it('what nothing has named for a month is removed', async () => {
  const disk = new ContentDisk(world.hub, join(world.folder, 'contents'), world.time);
  const { sha256, release } = await disk.contents.take(bytes(), 100);
  release();
  world.hub.store.local.run('DELETE FROM local_contents');
  world.time.now += 31 * DAY;
  expect(disk.contents.sweepUnnamed()).toBe(1);
  expect(disk.has(sha256)).toBe(false);
});

it('a device whose folder is gone counts what it alone had as missing, and what others added as not here yet', async () => {
  const { hub } = world;
  const device = await world.join('d1');
  const there = new ContentDisk(hub, join(world.folder, 'there'), world.time);
  const here = new ContentDisk(device, join(world.folder, 'here'), world.time);
  await attach(session, there.contents, file, bytes());
  exchangeAll(hub, [device]);
  await attach({ ...device.session(world.people['Ольга'] as Actor), store: here.store }, here.contents, { ...file, file_name: 'акт.pdf' }, textBytes('акт'));
  expect(await checkContents(here.store.read, here.contents, true)).toEqual({ checked: 1, missing: 0, damaged: 0, absent: 1 });
  here.putBack(null);
  expect(await checkContents(here.store.read, here.contents, true)).toEqual({ checked: 0, missing: 1, damaged: 0, absent: 1 });
});
