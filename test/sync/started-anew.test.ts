import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clients } from '../../src-main/clients/index.ts';
import { startFromSnapshot } from '../../src-main/sync/index.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { carryBundle } from './support/bundles.ts';
import { createWorld, exchangeAll, openCopy, pull, push, putFile, type Copy, type World } from './support/copies.ts';
import { Proofs } from './support/proofs.ts';

let world: World;
let hub: Copy;
let office: Copy;
let laptop: Copy;
let ivan: Actor;
let clones: Copy[];

beforeEach(async () => {
  world = createWorld();
  hub = world.hub;
  ivan = world.people['Иван'] as Actor;
  office = await world.join('office');
  laptop = await world.join('laptop');
  clones = [];
});
afterEach(() => {
  for (const clone of clones) clone.close();
  world.close();
});

/** From the hub's snapshot, what the copy alone has taken along. */
async function startAnew(copy: Copy): Promise<void> {
  const [snapshot, file] = [join(world.folder, 'anew.snapshot'), join(world.folder, 'anew.sqlite')];
  await hub.engine.snapshot(snapshot);
  copy.close();
  startFromSnapshot({ snapshot, file, registry: copy.registry, clock: { now: () => world.time.now }, old: copy.file });
  putFile(file, copy.file);
  for (const one of [snapshot, file]) rmSync(one);
  copy.open();
}
function fileOf(copy: Copy, name: string): string {
  copy.close();
  const file = join(world.folder, name);
  copyFileSync(copy.file, file);
  copy.open();
  return file;
}
function cloneOf(copy: Copy): Copy {
  const clone = openCopy({ name: 'clone', file: fileOf(copy, 'clone.sqlite'), time: world.time });
  clones.push(clone);
  return clone;
}
const names = (copy: Copy): string[] => copy.store.read.all<{ name: string }>('SELECT name FROM clients ORDER BY name').map((one) => one.name);
const agree = (...copies: Copy[]): void => {
  exchangeAll(hub, copies);
  for (const copy of copies) expect(copy.engine.status()).toMatchObject({ waiting: 0, set_aside: 0, synchronised: true });
};

it('applies an edit of a row that comes later, once the hub has accepted it', async () => {
  const clone = cloneOf(office);
  const { id } = clients.create(office.session(ivan), { name: 'На первом' });
  carryBundle(office, laptop, new Proofs());
  clients.update(laptop.session(ivan), id, { phone: '+70000000001' });
  clients.create(clone.session(ivan), { name: 'На втором' });
  push(clone, hub);
  await startAnew(laptop);
  expect(laptop.engine.pending()).toMatchObject([{ rows: [{ action: 'update', values: { phone: '+70000000001' } }] }]);
  // The row under the name that its author has now.
  for (let round = 0; round < 2; round++) push(office, hub);
  push(laptop, hub);
  expect(laptop.engine.takePush()).toBeNull();
  expect(laptop.engine.status()).toMatchObject({ waiting: 1, synchronised: false });
  agree(laptop, office, clone);
  expect(laptop.store.read.get('SELECT name, phone FROM clients WHERE id = ?', id)).toEqual({ name: 'На первом', phone: '+70000000001' });
});

it('keeps what a colleague wrote, where the hub has had another history under his name first', async () => {
  const clone = cloneOf(laptop);
  clients.create(laptop.session(ivan), { name: 'На первом' });
  carryBundle(laptop, office, new Proofs());
  clients.create(clone.session(ivan), { name: 'На втором' });
  push(clone, hub);
  await startAnew(office);
  expect(office.engine.returned()).toMatchObject([{ reason: 'forked', rows: [{ values: { name: 'На первом' } }] }]);
  agree(laptop, clone, office);
  expect(names(office)).toEqual(['На втором', 'На первом']);
});

it('keeps what had its place in a life of the hub that is lost, and another history has taken it', async () => {
  const backup = fileOf(hub, 'backup.sqlite');
  const clone = cloneOf(laptop);
  clients.create(laptop.session(ivan), { name: 'На первом' });
  push(laptop, hub);
  pull(laptop, hub);
  hub.close();
  putFile(backup, hub.file);
  hub.open();
  clients.create(clone.session(ivan), { name: 'На втором' });
  push(clone, hub);
  await startAnew(laptop);
  agree(laptop, clone);
  expect(names(hub)).toEqual(['На втором', 'На первом']);
});
