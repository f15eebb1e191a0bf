import { renameSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { iso } from '../../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../../src-shared/kernel/errors.ts';
import { HUB_PORT, readHubAddress } from '../../../src-shared/sync/pairing.ts';
import type { House } from '../../core/house.ts';
import type { OrganizationStore } from '../../store/organization-store.ts';
import type { Db } from '../../store/sqlite.ts';
import { createSyncEngine } from '../engine.ts';
import { createBundles } from '../bundle/bundles.ts';
import { joinLog, type JointHub } from '../shared/joint.ts';
import type { HubDoor, SyncEngine } from '../types.ts';
import { createAgent, type Agent, type Link } from './agent.ts';
import { createAnew } from './anew.ts';
import { atAnyHub, createAddresses, readAddresses, type Addresses } from './addresses.ts';
import { createHubClient, isHubAt, type HubAddress, type HubClient } from './client.ts';
import { carryContents, createCourier, type Courier } from './courier.ts';
import { createInnerClient, doorOf } from './door.ts';
import { createDiscovery } from './discovery.ts';
import { exchangeWith } from './exchanging.ts';
import { lanAddresses, lanNames } from './certificates.ts';
import { joinHub, type Joining } from './join.ts';
import { deviceKey } from './keys.ts';
import type { PairReply } from './messages.ts';
import { createPeers } from './peers.ts';
import { createProofs } from './proofs.ts';
import { createSnapshots } from './snapshots.ts';
import type { HubRow, LanPlace, SyncService } from './sync-service.ts';

/** A hub's address as it was typed: the authority behind it must be the one that was pinned all the same. @throws AppError INVALID */
function typedAddress(typed: string): string {
  const url = readHubAddress(typed);
  if (!url) throw invalid('hub', 'sync_address_malformed');
  return url;
}

const isWildcard = (host: string): boolean => host === '::' || host === '0.0.0.0';

export function createSyncService(house: House, db: Db): SyncService {
  const { clock, log, organizations, config } = house;
  const folder = join(config.dataDir, 'sync');
  const engines = new Map<string, SyncEngine>();
  const agents = new Map<string, Agent>();
  const couriers = new Map<string, Courier>();
  const joint = new Map<string, JointHub>();
  const addresses = new Map<string, Addresses>();
  const listeners = new Set<(organizationId: string) => void>();
  const followers = new Set<() => Promise<void>>();
  const peers = createPeers(db, clock);
  const proofs = createProofs(db, clock);
  const discovery = createDiscovery((error) => log.debug({ err: error }, 'multicast DNS'));
  let started = false;
  /** The address that this run was told to use. */
  let usual: string | null = null;
  let lan: LanPlace | null = null;
  let lanError: unknown = null;
  let joining: Joining | null = null;

  const hubOf = (organizationId: string): HubRow | null => db.get<HubRow>('SELECT * FROM sync_hubs WHERE organization_id = ?', organizationId) ?? null;
  const engine = (organizationId: string): SyncEngine => {
    const known = engines.get(organizationId);
    if (known) return known;
    if (hubOf(organizationId)?.closed_at) throw new AppError('FORBIDDEN', { detail: 'sync_revoked' });
    const made = createSyncEngine(organizations.open(organizationId));
    engines.set(organizationId, made);
    return made;
  };
  const forgetEngine = (organizationId: string): void => {
    engines.get(organizationId)?.close();
    engines.delete(organizationId);
  };
  const door = (organizationId: string): HubDoor => joint.get(organizationId) ?? doorOf(engine(organizationId));
  const snapshots = createSnapshots(join(folder, 'snapshots'), clock, door);
  const tell = (organizationId: string): void => {
    for (const listener of listeners) listener(organizationId);
  };
  const connect = (hub: HubRow): HubClient => {
    const here = joint.get(hub.organization_id);
    if (here) return createInnerClient({ organization: hub.organization_id, hub: here, outer: connectTo(hub), snapshots, proofs, peers, key: deviceKey(db).publicKey });
    return connectTo({ ...hub, url: addressesOf(hub.organization_id).current() });
  };
  const connectTo = (hub: HubRow): HubClient => {
    const { organization_id: id } = hub;
    return createHubClient({ url: hub.url, authority: hub.authority }, { peer: hub.peer_id, key: deviceKey(db), version: config.version, certified: (certificate) => proofs.keepCertificate(id, certificate), contentArrived: () => couriers.get(id)?.rouse(), hubsTold: (urls) => keepAddresses(id, urls) });
  };
  const otherAddresses = (hub: HubRow | null): string[] => (hub ? (JSON.parse(hub.others) as string[]) : []);
  const keepAddresses = (organizationId: string, told: readonly string[]): void => {
    const others = JSON.stringify(readAddresses(told));
    if (db.run('UPDATE sync_hubs SET others = ? WHERE organization_id = ? AND others <> ?', others, organizationId, others).changes > 0) tell(organizationId);
  };
  const addressesOf = (organizationId: string): Addresses => {
    const known = addresses.get(organizationId);
    if (known) return known;
    const home = (): string => usual ?? hubOf(organizationId)?.url ?? '';
    const made = createAddresses({
      home,
      // Those that were paired by themselves with the hub in this program go nowhere else.
      others: () => (joint.has(organizationId) ? [] : otherAddresses(hubOf(organizationId))),
      answers: async (url) => {
        const hub = hubOf(organizationId);
        return hub !== null && hub.offline === 0 && !hub.closed_at && isHubAt({ url, authority: hub.authority });
      },
      cameHome: () => agents.get(organizationId)?.reconnect(),
    });
    addresses.set(organizationId, made);
    return made;
  };
  const carrying = (organizationId: string) => ({ store: () => organizations.open(organizationId), contents: () => house.attachments.of(organizationId), epoch: () => engine(organizationId).log.epoch().id, log });
  const stopCourier = async (organizationId: string): Promise<void> => {
    const courier = couriers.get(organizationId);
    couriers.delete(organizationId);
    await courier?.stop();
  };

  const anew = createAnew({ folder: join(folder, 'incoming'), clock, organizations, proofs, leave: forgetEngine, replaced: (id) => restart(id), changed: tell });
  /** Cut off by the hub: the copy is put where nobody can open it in the program; nothing of it is destroyed. */
  const closeCopy = (organizationId: string): void => {
    db.run('UPDATE sync_hubs SET closed_at = ? WHERE organization_id = ?', iso(clock.now()), organizationId);
    log.warn({ organization: organizationId }, 'the hub has cut this installation off; its copy is closed');
    void stopCourier(organizationId);
    addresses.get(organizationId)?.close();
    addresses.delete(organizationId);
    void agents.get(organizationId)?.stop();
    agents.delete(organizationId);
    forgetEngine(organizationId);
    organizations.replace(organizationId, (file) => renameSync(file, `${file}.closed`));
    tell(organizationId);
  };
  /** Files follow the rows: once there is a connection, and whenever rows of files have been exchanged over it. */
  const followFiles = (organizationId: string, courier: Courier, told: () => void): ((link: Link) => void) => {
    let due = true;
    let life = '';
    let store: OrganizationStore | null = null;
    const follow = (): void => {
      if (store === organizations.open(organizationId)) return;
      store = organizations.open(organizationId);
      store.onCommit(({ entities }) => {
        due ||= entities.includes('attachments');
      });
    };
    return (link) => {
      told();
      if (!link.online) {
        due = true;
        courier.pause();
      } else if (!link.busy && (due || engine(organizationId).log.epoch().id !== life)) {
        due = false;
        life = engine(organizationId).log.epoch().id;
        follow();
        courier.rouse();
      }
    };
  };
  const startAgent = (organizationId: string): void => {
    const hub = hubOf(organizationId);
    if (!hub || hub.closed_at || agents.has(organizationId)) return;
    const courier = createCourier({ ...carrying(organizationId), connect: () => connect(hubOf(organizationId) ?? hub) });
    void stopCourier(organizationId);
    couriers.set(organizationId, courier);
    agents.set(
      organizationId,
      createAgent({
        engine: () => engine(organizationId),
        connect: () => connect(hubOf(organizationId) ?? hub),
        addresses: addressesOf(organizationId),
        proofs,
        now: () => iso(clock.now()),
        isOffline: () => hubOf(organizationId)?.offline === 1,
        startAnew: (client, signal) => anew.start(organizationId, client, signal),
        isAnewWanted: () => anew.isWanted(organizationId),
        revoked: () => closeCopy(organizationId),
        changed: followFiles(organizationId, courier, () => tell(organizationId)),
      }),
    );
  };
  /** A new engine wants a new agent, once the old one has come to its end. */
  const restart = (organizationId: string): void => {
    const before = agents.get(organizationId);
    agents.delete(organizationId);
    setImmediate(() => void before?.stop().then(() => started && startAgent(organizationId)));
  };

  /** Without an agent, at a client that is closed afterwards. */
  const exchangeOnce = async (organizationId: string, client: HubClient, signal = new AbortController().signal): Promise<void> => {
    try {
      if (anew.isWanted(organizationId)) await anew.start(organizationId, client, signal);
      await exchangeWith(engine(organizationId), client, proofs, (inner) => anew.start(organizationId, client, inner), signal);
      // Rows agree; files that cannot follow now wait for the next time.
      await carryContents(carrying(organizationId), client, signal).catch((error: unknown) => log.info({ err: error }, 'contents wait'));
    } catch (error) {
      if (error instanceof AppError && error.data.detail === 'sync_revoked') closeCopy(organizationId);
      throw error;
    } finally {
      client.close();
    }
  };

  /** Opens or closes the port of the network. @throws AppError STORE_UNAVAILABLE `sync_port_taken` */
  const followSharing = async (organizationId: string): Promise<void> => {
    lanError = null;
    for (const follow of followers) await follow();
    tell(organizationId);
    if (lanError) throw new AppError('STORE_UNAVAILABLE', { detail: 'sync_port_taken', params: { port: service.lanPort, reason: (lanError as NodeJS.ErrnoException).code ?? String(lanError) } });
  };

  const service: SyncService = {
    db,
    clock,
    log,
    peers,
    proofs,
    bundles: createBundles({ db, clock, proofs, engine, pinned: (id) => hubOf(id)?.authority ?? null }),
    snapshots,
    discovery,
    lanPort: config.lanPort ?? HUB_PORT,
    lanHost: config.lanHost ?? '::',
    lanNames: () => [...lanNames(), ...(config.hubAddress ? [new URL(config.hubAddress).hostname.replace(/^\[|\]$/g, '')] : [])],
    engine,
    contentsOf: (id) => house.attachments.of(id),
    isKnownContent: (id, sha256, size) =>
      organizations.open(id).read.get(`SELECT 1 FROM attachments WHERE sha256 = ?${size === null ? '' : ' AND size = ?'}`, sha256, ...(size === null ? [] : [size])) !== undefined,
    door,
    shareOnLog: async (organizationId, options) => {
      if (joint.has(organizationId)) return;
      const made = await joinLog({ dataDir: config.dataDir, db, clock, peers, store: organizations.open, engine, hubOf, connect: connectTo, changed: (id) => {
        // The log has gone or come back: nobody waits longer than he must.
        agents.get(id)?.wake();
        tell(id);
      } }, organizationId, options);
      joint.set(organizationId, made);
      // It is shared by this log alone from now on, and only while the program is told of it.
      db.run('DELETE FROM sync_shares WHERE organization_id = ?', organizationId);
      await followSharing(organizationId);
      const [own] = service.urls;
      if (own) db.run("UPDATE sync_hubs SET url = ? WHERE organization_id = ? AND url = ''", own, organizationId);
      await made.announce(service.urls);
      if (started) startAgent(organizationId);
    },
    peersChanged: async (organizationId) => {
      await joint.get(organizationId)?.sharePeers().catch((error: unknown) => log.warn({ err: error }, 'pairings wait for the common log'));
    },
    isOnSharedLog: (id) => joint.has(id),
    pairedElsewhere: async () => {
      for (const id of joint.keys()) await service.peersChanged(id);
    },
    hubsOf: (id) => joint.get(id)?.addresses ?? (joint.has(id) ? null : []),
    onHubs: (id, listener) => joint.get(id)?.onAddresses(listener) ?? (() => {}),
    isShared: (id) => joint.has(id) || db.get('SELECT 1 FROM sync_shares WHERE organization_id = ?', id) !== undefined,
    isAnyShared: () => joint.size > 0 || db.get('SELECT 1 FROM sync_shares LIMIT 1') !== undefined,
    share: async (organizationId, on) => {
      if (joint.has(organizationId)) throw new AppError('CONFLICT', { detail: 'sync_shared_by_log' });
      if (on && (hubOf(organizationId) ?? engine(organizationId).status().role === 'device')) throw new AppError('CONFLICT', { detail: 'sync_is_device' });
      if (on) {
        engine(organizationId).openHub();
        db.run('INSERT OR IGNORE INTO sync_shares (organization_id, since) VALUES (?, ?)', organizationId, iso(clock.now()));
      } else db.run('DELETE FROM sync_shares WHERE organization_id = ?', organizationId);
      try {
        await followSharing(organizationId);
      } catch (error) {
        db.run('DELETE FROM sync_shares WHERE organization_id = ?', organizationId);
        throw error;
      }
    },
    onSharing: (listener) => {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    servedOnLan: (place) => void (lan = place),
    lanTrouble: (error) => {
      lanError = error;
      log.warn({ err: error }, 'the port of the network cannot be opened');
    },
    get lan() {
      return lan;
    },
    get urls() {
      if (!lan) return [];
      if (config.hubAddress) return [config.hubAddress];
      const { port } = lan;
      return (isWildcard(service.lanHost) ? lanAddresses() : [service.lanHost]).map((host) => `https://${isIPv6(host) ? `[${host}]` : host}:${port}`);
    },
    pair: async (request, address) => {
      const { id, organizationId, userId } = peers.pair(request.secret, request);
      if (!lan || !service.isShared(organizationId)) throw new AppError('FORBIDDEN', { detail: 'sync_not_shared' });
      const store = organizations.open(organizationId);
      const member = store.read.get<PairReply['member'] & { active: number }>("SELECT id, email, full_name, coalesce(language, 'ru') AS language, active FROM users WHERE id = ? AND deleted_at IS NULL", userId);
      const organization = store.read.get<{ id: string; name: string }>('SELECT id, name FROM organization LIMIT 1');
      if (!member?.active || !organization) throw new AppError('FORBIDDEN', { detail: 'sync_code_wrong' });
      store.logSecurity({ type: 'device_paired', user_id: userId, address, details: { peer: id, name: request.name } });
      await service.peersChanged(organizationId);
      return { peer: id, authority: lan.authority, organization, member: { id: member.id, email: member.email, full_name: member.full_name, language: member.language } };
    },
    hubOf,
    addressOf: (id): HubAddress | null => {
      const hub = hubOf(id);
      return hub && { url: joint.has(id) ? hub.url : addressesOf(id).current(), authority: hub.authority };
    },
    otherAddressesOf: (id) => otherAddresses(hubOf(id)).filter((url) => url !== service.addressOf(id)?.url),
    linkOf: (id) => agents.get(id)?.link ?? null,
    startAgents: (at) => {
      started = true;
      usual = at ? typedAddress(at) : null;
      for (const { organization_id } of db.all<HubRow>('SELECT * FROM sync_hubs WHERE closed_at IS NULL')) startAgent(organization_id);
    },
    takeAnew: (organizationId, signal) => anew.during(organizationId, () => service.exchangeNow(organizationId, undefined, signal), signal),
    receiving: anew.receiving,
    exchangeNow: async (organizationId, at, signal) => {
      const hub = hubOf(organizationId);
      if (!hub) throw new AppError('CONFLICT', { detail: 'sync_alone' });
      if (hub.closed_at) throw new AppError('FORBIDDEN', { detail: 'sync_revoked' });
      if (hub.offline === 1) throw new AppError('CONFLICT', { detail: 'sync_working_offline' });
      const url = at ? typedAddress(at) : null;
      const known = agents.get(organizationId);
      if (known && !url) return known.now(signal);
      if (url) return exchangeOnce(organizationId, connectTo({ ...hub, url }), signal);
      await atAnyHub(addressesOf(organizationId), () => exchangeOnce(organizationId, connect(hub), signal));
      addressesOf(organizationId).reached();
    },
    workOffline: (organizationId, offline) => {
      if (!hubOf(organizationId)) throw new AppError('CONFLICT', { detail: 'sync_alone' });
      db.run('UPDATE sync_hubs SET offline = ? WHERE organization_id = ?', offline ? 1 : 0, organizationId);
      agents.get(organizationId)?.wake();
      tell(organizationId);
    },
    join: async (input, signal) => {
      if (joining && joining.stage !== 'done' && joining.stage !== 'failed') throw new AppError('CONFLICT', { detail: 'sync_joining_already' });
      try {
        const joined = await joinHub({ house, db, proofs, discovery, folder: join(folder, 'incoming'), fileOf: organizations.fileOf }, input, (state) => (joining = state), signal);
        if (started) startAgent(joined.organization.id);
        tell(joined.organization.id);
        return joined;
      } catch (error) {
        joining = { stage: 'failed', received: 0, size: null };
        throw error;
      }
    },
    get joining() {
      return joining;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      started = false;
      for (const one of addresses.values()) one.close();
      for (const id of couriers.keys()) await stopCourier(id);
      for (const agent of agents.values()) await agent.stop();
      for (const one of joint.values()) await one.close();
      for (const one of engines.values()) one.close();
      snapshots.close();
    },
  };
  return service;
}
