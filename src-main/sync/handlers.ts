import { setTimeout as sleep } from 'node:timers/promises';
import QRCode from 'qrcode';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { may } from '../../src-shared/kernel/permissions.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import type { SyncState } from '../../src-shared/sync/contract.ts';
import { SHOWN, type SyncStatus } from '../../src-shared/sync/model.ts';
import { filesWaiting } from '../attachments/index.ts';
import type { CallContext } from '../core/call.ts';
import { os, sessionOf } from '../core/os.ts';
import type { Session } from '../core/session.ts';
import { REGISTRY } from '../core/entities.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Link } from './wire/agent.ts';
import { pendingPairing } from './wire/join.ts';
import { fingerprintOfCertificate } from './wire/keys.ts';
import { CONFLICTS_KEPT_MS } from './engine.ts';
import { COMPACTED, devicesOf, fetchedByAll, hubStateOf } from './hub-state.ts';
import type { HubDoor, SyncEngine } from './types.ts';

const LOOK_MS = 3_000;
const TOGETHER_MS = CONFLICTS_KEPT_MS + 100;
const LOCAL = new Set(['local', '127.0.0.1', '::1', '::ffff:127.0.0.1']);

const engineOf = (context: CallContext): SyncEngine => context.house.sync.engine(sessionOf(context).actor.organization_id);

/**
 * One word for all of it. Whatever needs a person comes before whether there is a network; a copy that nobody shares has nobody to disagree with.
 */
export function stateWord(status: SyncStatus, facts: { sharing: boolean; work_offline: boolean; online: boolean; revoked: boolean }): SyncState['state'] {
  if (status.role === 'alone' && !facts.sharing) return 'alone';
  if (status.conflicts + status.returned + status.set_aside + status.parked > 0 || status.diverged || facts.revoked) return 'attention';
  if (status.role !== 'device') return facts.sharing ? 'hub' : 'alone';
  if (facts.work_offline || !facts.online) return 'offline';
  return status.synchronised ? 'synchronised' : 'waiting';
}

function stateOf(context: CallContext, session: Session): SyncState {
  const { sync } = context.house;
  const id = session.actor.organization_id;
  const hub = sync.hubOf(id);
  // Nobody to disagree with: nothing is looked for.
  const status = sync.engine(id).status(hub !== null || sync.isShared(id));
  const link: Link | null = sync.linkOf(id);
  // The copy may have been taken anew since the call began.
  const files = hub ? filesWaiting(context.house.organizations.open(id).read) : 0;
  const facts = { sharing: sync.isShared(id), work_offline: hub?.offline === 1, online: link?.online ?? false };
  const word = stateWord(status, { ...facts, revoked: Boolean(hub?.closed_at) });
  return {
    ...status,
    ...facts,
    // Rows agree, but the files of some are still on their way.
    state: word === 'synchronised' && files > 0 ? 'waiting' : word,
    files_waiting: files,
    hub_url: sync.addressOf(id)?.url ?? null,
    hub_others: sync.otherAddressesOf(id),
    hub_fingerprint: hub ? fingerprintOfCertificate(hub.authority) : null,
    busy: link?.busy ?? false,
    offline_since: hub ? (link?.offline_since ?? (link?.online ? null : status.last_contact)) : null,
    receiving: sync.receiving(id),
    trouble: link?.trouble ? translateError(session.language, link.trouble.code, { detail: link.trouble.detail ?? undefined, params: link.trouble.params }) : null,
  };
}

const sharingOf = ({ house }: CallContext, session: Session) => {
  const { sync } = house;
  const on = sync.isShared(session.actor.organization_id);
  const { lan } = sync;
  return { on, port: on ? (lan?.port ?? null) : null, urls: on ? sync.urls : [], fingerprint: on ? (lan?.fingerprint ?? null) : null };
};

/** Before there is an account, joining is open to this machine; afterwards to whoever is signed in. @throws AppError FORBIDDEN */
function mayJoin({ house, actor, address }: CallContext): void {
  if (!actor && !(house.auth.firstRun() && LOCAL.has(address))) throw new AppError('FORBIDDEN', { detail: 'sync_join_local' });
}

async function* changesOf(context: CallContext, signal: AbortSignal | undefined): AsyncGenerator<{ at: string }, void, void> {
  const { house } = context;
  const id = sessionOf(context).actor.organization_id;
  let changed = true;
  let wake: (() => void) | null = null;
  const rouse = (): void => {
    changed = true;
    wake?.();
  };
  const store = house.organizations.open(id);
  // A copy that takes its place has listeners of its own: the page asks again.
  const ended = signal ? AbortSignal.any([signal, store.closed]) : store.closed;
  const stops = [house.sync.onChange((organization) => organization === id && rouse()), store.onCommit(rouse), house.attachments.of(id).onChange(rouse)];
  ended.addEventListener('abort', rouse, { once: true });
  try {
    while (!ended.aborted) {
      if (changed) {
        changed = false;
        // A burst is told once, and later than a count of conflicts is kept.
        await sleep(TOGETHER_MS, undefined, { signal: ended }).catch(() => undefined);
        changed = false;
        yield { at: iso(house.clock.now()) };
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    for (const stop of stops) stop();
    ended.removeEventListener('abort', rouse);
  }
}

/** What this installation does as a hub. @throws AppError CONFLICT `sync_is_device` where it is none */
function asHub(context: CallContext): HubDoor {
  const { organization_id: id } = sessionOf(context).actor;
  const { sync } = context.house;
  if (!sync.isShared(id) && sync.engine(id).status(false).role === 'device') throw new AppError('CONFLICT', { detail: 'sync_is_device' });
  return sync.door(id);
}

const done = { done: true };

export const syncHandlers = {
  status: os.sync.status.handler(({ context }) => stateOf(context, sessionOf(context))),
  watch: os.sync.watch.handler(({ context, signal }) => changesOf(context, signal)),
  now: os.sync.now.handler(async ({ input, context }) => {
    const session = sessionOf(context);
    await context.house.sync.exchangeNow(session.actor.organization_id, input?.hub);
    return stateOf(context, session);
  }),
  takeAnew: os.sync.takeAnew.handler(async ({ context, signal }) => {
    const session = sessionOf(context);
    await context.house.sync.takeAnew(session.actor.organization_id, signal);
    return stateOf(context, session);
  }),
  offline: os.sync.offline.handler(({ input, context }) => {
    const session = sessionOf(context);
    const { actor } = session;
    if ((input.offline || actor.scope) && !may(actor, 'work.read')) throw new AppError('FORBIDDEN', { detail: 'permission', params: { permission: 'work.read' } });
    context.house.sync.workOffline(session.actor.organization_id, input.offline);
    return stateOf(context, session);
  }),
  conflicts: os.sync.conflicts.handler(({ context }) => {
    const found = engineOf(context).conflicts(SHOWN + 1);
    return { items: found.slice(0, SHOWN), more: found.length > SHOWN };
  }),
  waiting: os.sync.waiting.handler(({ context }) => {
    const { waiting: total } = engineOf(context).status(false);
    return { items: total > 0 ? engineOf(context).pending() : [], total };
  }),
  returned: os.sync.returned.handler(({ context }) => ({ items: engineOf(context).returned(), total: engineOf(context).status(false).returned })),
  setAside: os.sync.setAside.handler(({ context }) => ({ items: engineOf(context).setAside(), total: engineOf(context).status(false).set_aside })),
  parked: os.sync.parked.handler(({ context }) => ({ items: engineOf(context).parked(), total: engineOf(context).status(false).parked })),
  resolve: os.sync.resolve.handler(({ input, context }) => {
    engineOf(context).resolve(sessionOf(context).actor, input);
    return done;
  }),
  deleteAgain: os.sync.deleteAgain.handler(({ input, context }) => {
    engineOf(context).deleteAgain(sessionOf(context).actor, input);
    return done;
  }),
  applyAgain: os.sync.applyAgain.handler(({ context }) => {
    const engine = engineOf(context);
    const before = engine.status(false).set_aside;
    engine.applyAgain();
    const { set_aside: left } = engine.status(false);
    return { applied: before - left, left };
  }),
  sendAgain: os.sync.sendAgain.handler(({ input, context }) => {
    engineOf(context).sendAgain(sessionOf(context).actor, input.change_id);
    return done;
  }),
  dismiss: os.sync.dismiss.handler(({ input, context }) => {
    engineOf(context).dismiss(input.change_id);
    return done;
  }),
  exportBundle: os.sync.exportBundle.handler(async ({ input, context }) => {
    const { actor, store, address } = sessionOf(context);
    const made = await context.house.sync.bundles.write(actor.organization_id, input.since);
    store.logSecurity({ type: 'bundle_written', user_id: actor.user_id, address, details: { since: made.since, until: made.until, changes: made.changes } });
    const day = iso(context.house.clock.now()).slice(0, 16).replace(/[:T]/g, '-');
    return new File([new Uint8Array(made.bytes)], `polevik-${day}.bundle`, { type: 'application/octet-stream' });
  }),
  importBundle: os.sync.importBundle.handler(async ({ input, context }) => {
    const { actor, store, address } = sessionOf(context);
    const taken = await context.house.sync.bundles.take(actor.organization_id, Buffer.from(await input.file.arrayBuffer()));
    store.logSecurity({ type: 'bundle_taken', user_id: actor.user_id, address, details: { applied: taken.applied, read: taken.read } });
    return taken;
  }),
  sharing: os.sync.sharing.handler(({ context }) => sharingOf(context, sessionOf(context))),
  share: os.sync.share.handler(async ({ input, context }) => {
    const session = sessionOf(context);
    await context.house.sync.share(session.actor.organization_id, input.on);
    session.store.logSecurity({ type: input.on ? 'sharing_on' : 'sharing_off', user_id: session.actor.user_id, address: session.address });
    return sharingOf(context, session);
  }),
  createCode: os.sync.createCode.handler(async ({ input, context }) => {
    const { actor, store, address } = sessionOf(context);
    const { sync } = context.house;
    if (!sync.lan || !sync.isShared(actor.organization_id)) throw new AppError('CONFLICT', { detail: 'sync_not_shared' });
    const userId = resolveRef(store.read, REGISTRY, 'users', input.user_id, { field: 'user_id' });
    const member = store.read.get<{ role: string; email: string | null }>('SELECT role, email FROM users WHERE id = ?', userId);
    if (member?.role === 'owner' && actor.role !== 'owner') throw new AppError('FORBIDDEN', { field: 'user_id', detail: 'owner_only' });
    if (!member?.email) throw new AppError('INVALID', { field: 'user_id', detail: 'sync_member_without_email' });
    const made = sync.peers.createCode(actor.organization_id, userId, sync.lan.fingerprint);
    store.logSecurity({ type: 'pairing_code', user_id: actor.user_id, address, details: { for: userId } });
    const link = `polevik://pair?${new URLSearchParams({ hub: sync.urls[0] ?? '', code: made.code })}`;
    return { ...made, link, qr_svg: await QRCode.toString(link, { type: 'svg', margin: 1 }) };
  }),
  hub: os.sync.hub.handler(({ context }) => hubStateOf(context)),
  devices: os.sync.devices.handler(async ({ context }) => ({ items: await devicesOf(context) })),
  revoke: os.sync.revoke.handler(async ({ input, context }) => {
    const { actor, store, address } = sessionOf(context);
    const { peers } = context.house.sync;
    const name = peers.list(actor.organization_id).find((peer) => peer.id === input.id)?.name;
    peers.revoke(actor.organization_id, input.id);
    store.logSecurity({ type: 'device_revoked', user_id: actor.user_id, address, details: { peer: input.id, name } });
    await context.house.sync.peersChanged(actor.organization_id);
    return done;
  }),
  compact: os.sync.compact.handler(async ({ context }) => {
    const { actor, store, address } = sessionOf(context);
    const hub = asHub(context);
    const floor = await fetchedByAll(context);
    const blanked = await hub.compact(floor);
    if (blanked > 0) store.logSecurity({ type: COMPACTED, user_id: actor.user_id, address, details: { blanked, floor } });
    return { blanked, floor };
  }),
  newEpoch: os.sync.newEpoch.handler(async ({ context }) => {
    const { actor, store, address } = sessionOf(context);
    const { id: epoch } = await asHub(context).newEpoch();
    store.logSecurity({ type: 'sync_new_epoch', user_id: actor.user_id, address });
    return { epoch };
  }),
  hubs: os.sync.hubs.handler(async ({ context }) => {
    mayJoin(context);
    return { items: (await context.house.sync.discovery.find(LOOK_MS)).map(({ name, url }) => ({ name, url })) };
  }),
  join: os.sync.join.handler(({ input, context, signal }) => {
    mayJoin(context);
    return context.house.sync.join(input, signal);
  }),
  joining: os.sync.joining.handler(({ context }) => {
    mayJoin(context);
    const { sync } = context.house;
    return { ...(sync.joining ?? { stage: 'none' as const, received: 0, size: null }), resumable: pendingPairing(sync.db) !== null };
  }),
};
