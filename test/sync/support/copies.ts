import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { SUPPORT_LEVELS } from '../../../src-shared/contracts/model.ts';
import { iso } from '../../../src-shared/kernel/clock.ts';
import type { Actor, Role } from '../../../src-shared/kernel/permissions.ts';
import type { PullPage, PushReply } from '../../../src-shared/sync/wire.ts';
import { REGISTRY } from '../../../src-main/core/entities.ts';
import { createReaderPool } from '../../../src-main/core/readers.ts';
import type { Session } from '../../../src-main/core/session.ts';
import type { Registry } from '../../../src-main/store/entity.ts';
import { migrate } from '../../../src-main/store/migrate.ts';
import { openDb } from '../../../src-main/store/sqlite.ts';
import { openOrganizationStore, type OrganizationStore } from '../../../src-main/store/organization-store.ts';
import { createSyncEngine, startFromSnapshot, type SyncEngine } from '../../../src-main/sync/index.ts';
import { Proofs } from './proofs.ts';

/** In memory where the system has such a folder: what is tested is order, not the disk. */
const FAST = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const readers = createReaderPool(null);
export const ZERO = Date.parse('2026-06-15T06:00:00.000Z');

/** Milliseconds that everybody agrees on; each copy's own clock is off by its skew. */
export interface WorldTime {
  now: number;
}

/** One copy of the organisation with its engine, which can be closed, put back and opened again. */
export interface Copy {
  name: string;
  file: string;
  store: OrganizationStore;
  engine: SyncEngine;
  /** Milliseconds by which its clock is wrong. */
  skew: number;
  registry: Registry;
  session(actor: Actor): Session;
  open(): void;
  close(): void;
}

export interface CopyOptions {
  name: string;
  file: string;
  time: WorldTime;
  registry?: Registry;
  /** Puts something between the engine and the store: faults. */
  wrap?: ((store: OrganizationStore) => OrganizationStore) | undefined;
}

export function openCopy({ name, file, time, registry = REGISTRY, wrap }: CopyOptions): Copy {
  const copy = { name, file, skew: 0, registry } as Copy;
  copy.open = () => {
    copy.store = openOrganizationStore({ id: name, file, clock: { now: () => time.now + copy.skew }, registry: copy.registry, backupBeforeMigration: () => {}, leaveFigures: true, indexLaterFrom: 3 });
    copy.engine = createSyncEngine(wrap ? wrap(copy.store) : copy.store);
  };
  copy.close = () => {
    copy.engine.close();
    copy.store.close();
  };
  copy.session = (actor) => ({
    actor,
    store: copy.store,
    door: 'port',
    origin: 'window',
    address: 'local',
    language: 'ru',
    readers,
    now: () => iso(time.now + copy.skew),
    mutate: (work, write = {}) => copy.store.mutate({ actor, origin: write.origin ?? 'window', importId: write.importId, undoes: write.undoes }, work),
  });
  copy.open();
  return copy;
}

/** A second machine with a disk image of the first. */
export function cloneOf(copy: Copy, world: Pick<World, 'folder' | 'time'>): Copy {
  copy.close();
  const file = join(world.folder, 'clone.sqlite');
  copyFileSync(copy.file, file);
  copy.open();
  return openCopy({ name: 'clone', file, time: world.time });
}

/** Puts a file in place of a closed copy's, as it would lie on the disk after a restore. */
export function putFile(from: string, to: string): void {
  for (const ending of ['-wal', '-shm']) rmSync(to + ending, { force: true });
  copyFileSync(from, to);
}

export interface World {
  folder: string;
  time: WorldTime;
  organization: string;
  hub: Copy;
  people: Record<string, Actor>;
  /** A new device that starts from the hub's snapshot. */
  join(name: string, options?: { registry?: Registry }): Promise<Copy>;
  /** The same from a snapshot that somebody else takes. */
  joinFrom(take: (file: string) => Promise<unknown>, name: string, options?: { registry?: Registry }): Promise<Copy>;
  close(): void;
}

const MEMBERS: [string, Role][] = [
  ['Ольга', 'owner'],
  ['Анна', 'coordinator'],
  ['Иван', 'engineer'],
  ['Пётр', 'engineer'],
];

let empty: Buffer | null = null;
/** An empty file of the newest schema, which is made once and copied for every world. */
function emptyFile(): Buffer {
  if (empty) return empty;
  const folder = mkdtempSync(join(FAST, 'polevik-empty-'));
  try {
    const db = openDb(join(folder, 'empty.sqlite'));
    migrate(db, () => iso(ZERO));
    db.close();
    return (empty = readFileSync(join(folder, 'empty.sqlite')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A hub with its members, and devices that join it. `wrap` puts something between the hub's engine and its store. */
export function createWorld({ wrap }: Pick<CopyOptions, 'wrap'> = {}): World {
  const folder = mkdtempSync(join(FAST, 'polevik-sync-'));
  const time: WorldTime = { now: ZERO };
  writeFileSync(join(folder, 'hub.sqlite'), emptyFile());
  const hub = openCopy({ name: 'hub', file: join(folder, 'hub.sqlite'), time, wrap });
  const organization = uuidv7();
  const people: Record<string, Actor> = {};
  hub.store.mutate({ actor: null, origin: 'system' }, (tx) => {
    tx.insert('organization', { name: 'Служба', language: 'ru', time_zone: 'Europe/Moscow', work_starts: '09:00', work_ends: '18:00', support_levels: [...SUPPORT_LEVELS], authority_device: hub.store.deviceId }, { id: organization });
    for (const [name, role] of MEMBERS) {
      const { id } = tx.insert('users', { full_name: name, email: `${role}-${name}@example.test`, role, language: 'ru', active: true });
      people[name] = { user_id: id, organization_id: organization, role, full_name: name, branch_id: null, language: 'ru' };
    }
  });
  hub.engine.openHub();
  return worldAround({ folder, time, organization, people, hub });
}

function worldAround(parts: Pick<World, 'folder' | 'time' | 'organization' | 'people' | 'hub'>): World {
  const { folder, time, hub } = parts;
  const copies: Copy[] = [hub];
  let snapshots = 0;
  const joinFrom: World['joinFrom'] = async (take, name, options = {}) => {
    const snapshot = join(folder, `snapshot-${++snapshots}.sqlite`);
    await take(snapshot);
    const file = join(folder, `${name}.sqlite`);
    startFromSnapshot({ snapshot, file, registry: options.registry ?? REGISTRY, clock: { now: () => time.now } });
    const copy = openCopy({ name, file, time, ...options });
    copies.push(copy);
    return copy;
  };
  return {
    ...parts,
    join: (name, options) => joinFrom((file) => hub.engine.snapshot(file), name, options),
    joinFrom,
    close: () => {
      for (const copy of copies) if (copy.store.read.raw.open) copy.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A world as it begins, and files of devices that have just joined it. */
interface Beginning {
  organization: string;
  people: Record<string, Actor>;
  hub: Buffer;
  devices: Buffer[];
}
let beginning: Promise<Beginning> | null = null;
const DEVICES_READY = 3;

async function makeBeginning(): Promise<Beginning> {
  const world = createWorld();
  try {
    const devices: Buffer[] = [];
    for (let index = 0; index < DEVICES_READY; index++) {
      const copy = await world.join(`d${index}`);
      copy.close();
      devices.push(readFileSync(copy.file));
    }
    world.hub.close();
    return { organization: world.organization, people: world.people, hub: readFileSync(world.hub.file), devices };
  } finally {
    world.close();
  }
}

/** The same, copied from a world that is made once: many runs begin in the tenth part of the time. Its hub has been closed and opened again. */
export async function copyWorld({ wrap }: Pick<CopyOptions, 'wrap'> = {}): Promise<World & { devices: readonly Buffer[] }> {
  const { organization, people, hub, devices } = await (beginning ??= makeBeginning());
  const folder = mkdtempSync(join(FAST, 'polevik-sync-'));
  const time: WorldTime = { now: ZERO };
  const file = join(folder, 'hub.sqlite');
  writeFileSync(file, hub);
  return { ...worldAround({ folder, time, organization, people, hub: openCopy({ name: 'hub', file, time, wrap }) }), devices };
}

/** Everything through JSON, as a wire would carry it. */
export const carried = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What each hub has handed out, by the copy that it is. */
const sealed = new WeakMap<Copy, Proofs>();
const proofsOf = (hub: Copy): Proofs => sealed.get(hub) ?? (sealed.set(hub, new Proofs()).get(hub) as Proofs);

export function push(device: Copy, hub: Copy, limit = 100): PushReply | null {
  const request = device.engine.takePush(limit);
  if (!request) return null;
  const reply = carried(hub.engine.acceptPush(carried(request), { device: request.device, vouched: proofsOf(hub).vouched }));
  // What the answer tells of the log comes sealed.
  proofsOf(hub).seen(reply.follows ?? []);
  device.engine.acknowledge(reply);
  return reply;
}

export function pull(device: Copy, hub: Copy, limit = 100): PullPage {
  const page = carried(hub.engine.readPage(carried(device.engine.pullRequest()), limit));
  proofsOf(hub).seen(page.entries);
  device.engine.contacted(page.now);
  device.engine.applyPage(page);
  return page;
}

/** Pushes and pulls until nothing moves any more. */
export function exchangeAll(hub: Copy, devices: Copy[], rounds = 60): void {
  for (let round = 0; round < rounds; round++) {
    let moved = false;
    for (const device of devices) {
      const before = device.engine.status();
      push(device, hub);
      pull(device, hub);
      const after = device.engine.status();
      if (after.waiting > 0 || after.cursor !== before.cursor || after.head !== after.cursor || after.epoch !== before.epoch || after.device !== before.device) moved = true;
    }
    if (!moved) {
      // Once more, to compare the states at the head.
      for (const device of devices) pull(device, hub);
      return;
    }
  }
  throw new Error('the copies never came to rest');
}
