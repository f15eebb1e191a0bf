import { join } from 'node:path';
import { REGISTRY } from '../../../src-main/core/entities.ts';
import type { Registry } from '../../../src-main/store/entity.ts';
import { openOrganizationStore, type OrganizationStore } from '../../../src-main/store/organization-store.ts';
import { getFact } from '../../../src-main/store/change-log.ts';
import { copyOfHub, copyOfSnapshot, foundLog, leaveLog, logOf } from '../../../src-main/sync/shared/attach.ts';
import { createSharedHub, type SharedHub } from '../../../src-main/sync/shared/hub.ts';
import { openPostgresLog } from '../../../src-main/sync/shared/postgres.ts';
import { stateHash } from '../../../src-main/sync/state-hash.ts';
import type { Applied } from '../../../src-main/sync/index.ts';
import type { PullPage, PushReply } from '../../../src-shared/sync/wire.ts';
import { carried, createWorld, type Copy, type World } from './copies.ts';
import { Proofs } from './proofs.ts';

const WHOLE = Symbol('exchangeConfirmed');

/** A hub process: its copy of the common log, which can be closed in the middle of things and opened again. */
export interface Member {
  name: string;
  store: OrganizationStore;
  hub: SharedHub;
  /** How often it has said that its connection to the log has changed. */
  changes: number;
  open(): void;
  /** As another version of the program, with its own registry. */
  reopen(registry: Registry): Promise<void>;
  hash(): string;
}

/** Several hub processes on one log; the world's hub has become the first one's page. */
export interface SharedWorld extends World {
  url: string;
  proofs: Proofs;
  members: Member[];
  addMember(name: string): Promise<Member>;
  closeAll(): Promise<void>;
}

export async function createSharedWorld(url: string): Promise<SharedWorld> {
  const world = createWorld();
  const { hub: page, organization } = world;
  const members: Member[] = [];
  const openStore = (file: string, registry: Registry = REGISTRY): OrganizationStore => openOrganizationStore({ id: organization, file, clock: { now: () => world.time.now }, registry, backupBeforeMigration: () => {} });
  const memberOf = (name: string, file: string): Member => {
    const member = { name, changes: 0 } as Member;
    let version: Registry = REGISTRY;
    member.reopen = async (registry) => {
      await member.hub.close();
      version = registry;
      member.open();
      await member.hub.start();
    };
    member.open = () => {
      member.store = openStore(file, version);
      member.hub = createSharedHub({ store: member.store, log: openPostgresLog(url, organization), changed: () => void member.changes++, peersChanged: () => {} });
    };
    member.hash = () => stateHash(member.store.read, REGISTRY);
    member.open();
    members.push(member);
    return member;
  };
  const first = join(world.folder, 'log-first.sqlite');
  await copyOfHub(page.store, first);
  leaveLog(page.store);
  page.close();
  page.open();
  const founder = memberOf('first', first);
  const log = openPostgresLog(url, organization);
  await foundLog(founder.store, log, { authority: 'certificate', secrets: Buffer.alloc(0) });
  await log.close();
  await founder.hub.catchUp();
  let snapshots = 0;
  return {
    ...world,
    url,
    proofs: new Proofs(),
    members,
    addMember: async (name) => {
      const snapshot = join(world.folder, `for-${name}-${++snapshots}.sqlite`);
      await founder.hub.snapshot(snapshot);
      const file = join(world.folder, `log-${name}.sqlite`);
      const secret = getFact(founder.store.read, 'sync_hub_secret') ?? '';
      copyOfSnapshot({ snapshot, file, registry: REGISTRY, clock: { now: () => world.time.now }, log: logOf(founder.store.read) ?? '', hubSecret: secret, open: openStore });
      return memberOf(name, file);
    },
    closeAll: async () => {
      for (const member of members) if (member.store.read.raw.open) await member.hub.close();
      world.close();
    },
  };
}

/** Has the member's next turn end as if its process did: before the log has committed, or between that and its own copy. */
export function cutOff({ store }: Member, when: 'before' | 'after' | null): void {
  const whole = Reflect.get(store, WHOLE) as OrganizationStore['exchangeConfirmed'] | undefined;
  const exchangeConfirmed = whole ?? store.exchangeConfirmed;
  const cut: OrganizationStore['exchangeConfirmed'] = (work, confirm) => {
    Object.assign(store, { exchangeConfirmed });
    return exchangeConfirmed(work, async (result) => {
      if (when === 'after') await confirm(result);
      throw new Error(`cut off ${when}`);
    });
  };
  Object.assign(store, { [WHOLE]: exchangeConfirmed, exchangeConfirmed: when === null ? exchangeConfirmed : cut });
}


export async function pushTo(device: Copy, member: Member, proofs: Proofs): Promise<PushReply | null> {
  const request = device.engine.takePush(100);
  if (!request) return null;
  const reply = carried(await member.hub.push(carried(request), { device: request.device, vouched: proofs.vouched }));
  device.engine.acknowledge(reply);
  return reply;
}

export async function pullFrom(device: Copy, member: Member, proofs: Proofs): Promise<{ page: PullPage; applied: Applied }> {
  const page = carried(await member.hub.page(carried(device.engine.pullRequest())));
  proofs.seen(page.entries);
  device.engine.contacted(page.now);
  return { page, applied: device.engine.applyPage(page) };
}

/** Pushes and pulls, each device at the hub process that is drawn for it, until nothing moves any more. */
export async function agreeAll(devices: readonly Copy[], memberFor: (round: number, index: number) => Member, proofs: Proofs): Promise<void> {
  for (let round = 0; round < 40; round++) {
    let moved = false;
    for (const [index, device] of devices.entries()) {
      const before = device.engine.place();
      const member = memberFor(round, index);
      await pushTo(device, member, proofs);
      const { applied } = await pullFrom(device, member, proofs);
      if (device.engine.place() !== before || applied.more || applied.again || device.engine.status().waiting > 0) moved = true;
    }
    if (!moved && round > 1) return;
  }
  throw new Error(`the copies never came to rest: ${devices.map((device) => JSON.stringify(device.engine.status())).join(' ')}`);
}
