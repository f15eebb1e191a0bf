import { join } from 'node:path';
import { copyFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { attach } from '../../src-main/attachments/service.ts';
import { clients } from '../../src-main/clients/service.ts';
import { tickets } from '../../src-main/tickets/service.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { ContentDisk } from './support/content-disk.ts';
import { createWorld, exchangeAll, putFile, type World } from './support/copies.ts';

const DAY = 86_400_000;
let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('снимок'));
}

it('the daily look leaves contents whose rows an older backup of the hub lacks, until others have brought them back', async () => {
  const { hub } = world;
  const disk = new ContentDisk(hub, join(world.folder, 'contents'), world.time);
  const session = hub.session(world.people['Ольга'] as Actor);
  const { id } = clients.create(session, { name: 'Щит' });
  const ticket = tickets.create(session, { client_id: id, subject: 'Снимок' });
  const device = await world.join('d1');
  hub.close();
  const backup = join(world.folder, 'backup.sqlite');
  copyFileSync(hub.file, backup);
  hub.open();
  const { sha256 } = await attach(hub.session(world.people['Ольга'] as Actor), disk.contents, { entity: 'tickets', row_id: ticket.id, file_name: 'щит.jpg' }, bytes());
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

it('what nothing has named for a month is removed', async () => {
  const disk = new ContentDisk(world.hub, join(world.folder, 'contents'), world.time);
  const { sha256, release } = await disk.contents.take(bytes(), 100);
  release();
  world.hub.store.local.run('DELETE FROM local_contents');
  world.time.now += 31 * DAY;
  expect(disk.contents.sweepUnnamed()).toBe(1);
  expect(disk.has(sha256)).toBe(false);
});
