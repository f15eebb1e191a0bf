import { iso } from '../../src-shared/kernel/clock.ts';
import type { HubState, PairedDevice } from '../../src-shared/sync/contract.ts';
import type { Epoch } from '../../src-shared/sync/wire.ts';
import { sessionOf } from '../core/os.ts';
import type { CallContext } from '../core/call.ts';
import type { OrganizationStore } from '../store/organization-store.ts';

/** Under this name the security log tells of a compaction, with what it did. */
export const COMPACTED = 'log_compacted';

/** The installations of this hub, with how far each has come and whether the log waits for it. */
export async function devicesOf(context: CallContext): Promise<PairedDevice[]> {
  const { actor, store } = sessionOf(context);
  const { sync } = context.house;
  const hub = sync.door(actor.organization_id);
  const cursors = new Map((await hub.devices()).map((one) => [one.device, one]));
  const names = new Map(store.read.all<{ id: string; full_name: string }>('SELECT id, full_name FROM users').map((user) => [user.id, user.full_name]));
  const reach = await fetchedByAll(context);
  const head = hub.log.head();
  return sync.peers.list(actor.organization_id).map(({ devices, user_id, key: _key, organization_id: _organization, ...peer }) => {
    const own = devices.flatMap((device) => cursors.get(device) ?? []).sort((a, b) => (a.at < b.at ? 1 : -1));
    const [last] = own;
    const holdsBack = !peer.revoked_at && reach < head && own.some((one) => one.position === reach);
    return { ...peer, user_id, user_name: names.get(user_id) ?? null, lag: last?.lag ?? null, last_contact: last?.at ?? null, position: last?.position ?? null, holds_back: holdsBack };
  });
}

/** Up to where every installation that still may has fetched the log. */
export async function fetchedByAll(context: CallContext): Promise<number> {
  const { actor } = sessionOf(context);
  const { sync } = context.house;
  const hub = sync.door(actor.organization_id);
  const alive = new Set(sync.peers.list(actor.organization_id).filter((peer) => !peer.revoked_at).flatMap((peer) => peer.devices));
  const cursors = (await hub.devices()).filter((one) => alive.has(one.device));
  return Math.min(hub.log.head(), ...cursors.map((one) => one.position));
}

export async function hubStateOf(context: CallContext): Promise<HubState> {
  const { actor, store } = sessionOf(context);
  const { sync } = context.house;
  const { log } = sync.door(actor.organization_id);
  return {
    version: context.house.config.version,
    authority: sync.isOnSharedLog(actor.organization_id) || store.isAuthority(),
    unnumbered: unnumbered(store),
    lives: livesOf(log.epoch()),
    log: { head: log.head(), floor: log.floor(), reach: await fetchedByAll(context) },
    last_compaction: lastCompaction(store),
  };
}

const unnumbered = (store: OrganizationStore): number => [...store.registry.values()].reduce((sum, meta) => sum + (store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${meta.tableName} WHERE no IS NULL AND deleted_at IS NULL`)?.n ?? 0), 0);

function livesOf(epoch: Epoch): HubState['lives'] {
  if (epoch.id === '') return [];
  const ids = [...epoch.lineage.map((life) => life.id), epoch.id];
  const ends = epoch.lineage.map((life) => life.from);
  return ids.map((id, index) => ({ id, since: bornAt(id), from: ends[index - 1] ?? 0 })).reverse();
}

/** The moment that a UUID of version 7 begins with; null for another one. */
function bornAt(id: string): string | null {
  const hex = id.replaceAll('-', '');
  return hex[12] === '7' ? iso(Number.parseInt(hex.slice(0, 12), 16)) : null;
}

function lastCompaction(store: OrganizationStore): HubState['last_compaction'] {
  const event = store.read.get<{ at: string; details: string }>('SELECT at, details FROM security_events WHERE type = ? ORDER BY id DESC LIMIT 1', COMPACTED);
  return event ? { at: event.at, ...(JSON.parse(event.details) as { blanked: number; floor: number }) } : null;
}
