import { rmSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { iso, type Clock } from '../../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../../src-shared/kernel/errors.ts';
import { HUB_PORT, readHubAddress } from '../../../src-shared/sync/pairing.ts';
import type { PROTOCOL } from '../../../src-shared/sync/wire.ts';
import type { Contents } from '../../attachments/index.ts';
import { REGISTRY } from '../../core/entities.ts';
import type { House } from '../../core/house.ts';
import type { OrganizationStore } from '../../store/organization-store.ts';
import type { Db } from '../../store/sqlite.ts';
import { createSyncEngine } from '../engine.ts';
import { createBundles, type Bundles } from '../bundle/bundles.ts';
import { startFromSnapshot } from '../snapshot.ts';
import { joinLog, type JointHub, type LogOptions } from '../shared/joint.ts';
import type { HubDoor, SyncEngine } from '../types.ts';
import { createAgent, type Agent, type Link } from './agent.ts';
import { createHubClient, type HubClient } from './client.ts';
import { carryContents, createCourier, type Courier } from './courier.ts';
import { createInnerClient, doorOf } from './door.ts';
import { createDiscovery, type Discovery } from './discovery.ts';
import { exchangeWith } from './exchanging.ts';
import { lanAddresses } from './certificates.ts';
import { fetchSnapshot, joinHub, type Joined, type Joining, type JoinInput } from './join.ts';
import { deviceKey } from './keys.ts';
import type { PairReply } from './messages.ts';
import { createPeers, type Peers } from './peers.ts';
import { createProofs, type Proofs } from './proofs.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';

export interface HubRow {
  organization_id: string;
  url: string;
  authority: string;
  peer_id: string;
  offline: number;
  joined_at: string;
  closed_at: string | null;
}

/** The open port of the network. */
export interface LanPlace {
  port: number;
  fingerprint: string;
  authority: string;
}

/** Synchronisation of this installation: as a hub for others, and as a device of other hubs. */
export interface SyncService {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly peers: Peers;
  readonly proofs: Proofs;
  /** What goes to colleagues on a stick. */
  readonly bundles: Bundles;
  readonly snapshots: Snapshots;
  readonly discovery: Discovery;
  readonly lanPort: number;
  readonly lanHost: string;
  engine(organizationId: string): SyncEngine;
  /** Contents of an organisation's files, and whether a row names one. */
  contentsOf(organizationId: string): Contents;
  isKnownContent(organizationId: string, sha256: string, size: number | null): boolean;

  // As a hub.
  /** What devices exchange with: this copy, or the hub process on a log that others share. */
  door(organizationId: string): HubDoor;
  isOnSharedLog(organizationId: string): boolean;
  /** Shares the organisation as one of the hub processes on a log in PostgreSQL, as long as the program runs. @throws AppError see `joinLog` */
  shareOnLog(organizationId: string, options: LogOptions): Promise<void>;
  /** Tells the other hub processes of pairings, where there are any. Whoever cannot be told now is told later. */
  peersChanged(organizationId: string): Promise<void>;
  /** Takes over what other hub processes have paired; for a device that none here knows. */
  pairedElsewhere(): Promise<void>;
  isShared(organizationId: string): boolean;
  isAnyShared(): boolean;
  /** Resolves when the port of the network follows. @throws AppError CONFLICT `sync_is_device`; STORE_UNAVAILABLE when the port cannot be had */
  share(organizationId: string, on: boolean): Promise<void>;
  onSharing(listener: () => Promise<void>): () => void;
  servedOnLan(place: LanPlace | null): void;
  lanTrouble(error: unknown): void;
  readonly lan: LanPlace | null;
  pair(request: { protocol: typeof PROTOCOL; secret: string; key: string; name: string; version: string }, address: string): Promise<PairReply>;

  // As a device.
  hubOf(organizationId: string): HubRow | null;
  linkOf(organizationId: string): Link | null;
  /** Begins to keep the copies of this installation in agreement with their hubs, until it is closed. `at`: an address in place of the usual one. @throws AppError INVALID */
  startAgents(at?: string): void;
  /** Exchanges once with the hub; `at` as above. @throws AppError CONFLICT `sync_alone` without one, `sync_working_offline` while the switch is on */
  exchangeNow(organizationId: string, at?: string): Promise<void>;
  workOffline(organizationId: string, offline: boolean): void;
  /** `signal` stops it; the same code goes on later. */
  join(input: JoinInput, signal?: AbortSignal): Promise<Joined>;
  readonly joining: Joining | null;

  /** Calls back when the state of a connection has changed. */
  onChange(listener: (organizationId: string) => void): () => void;
  close(): Promise<void>;
}

/** A hub's address as it was typed: the authority behind it must be the one that was pinned all the same. @throws AppError INVALID */
function addressOf(typed: string): string {
  const url = readHubAddress(typed);
  if (!url) throw invalid('hub', 'sync_address_malformed');
  return url;
}

export function createSyncService(house: House, db: Db): SyncService {
  const { clock, log, organizations, config } = house;
  const folder = join(config.dataDir, 'sync');
  const engines = new Map<string, SyncEngine>();
  const agents = new Map<string, Agent>();
  const couriers = new Map<string, Courier>();
  const joint = new Map<string, JointHub>();
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
    return connectTo(usual ? { ...hub, url: usual } : hub);
  };
  const connectTo = (hub: HubRow): HubClient => createHubClient({ url: hub.url, authority: hub.authority }, { peer: hub.peer_id, key: deviceKey(db), version: config.version, certified: (certificate) => proofs.keepCertificate(hub.organization_id, certificate), contentArrived: () => couriers.get(hub.organization_id)?.rouse() });
  const carrying = (organizationId: string) => ({ store: () => organizations.open(organizationId), contents: () => house.attachments.of(organizationId), epoch: () => engine(organizationId).log.epoch().id, log });
  const stopCourier = async (organizationId: string): Promise<void> => {
    const courier = couriers.get(organizationId);
    couriers.delete(organizationId);
    await courier?.stop();
  };

  const startAnew = async (organizationId: string, client: HubClient, signal: AbortSignal): Promise<void> => {
    const { file, snapshot } = await fetchSnapshot(client, join(folder, 'incoming'), () => {}, signal);
    proofs.keepSeals(organizationId, snapshot.seals ?? []);
    forgetEngine(organizationId);
    organizations.replace(organizationId, (own) => {
      const fresh = `${own}.joining`;
      for (const ending of ['', '-wal', '-shm']) rmSync(fresh + ending, { force: true });
      startFromSnapshot({ snapshot: file, file: fresh, registry: REGISTRY, clock, move: true, old: own });
      for (const ending of ['-wal', '-shm']) rmSync(own + ending, { force: true });
      renameSync(own, `${own}.before`);
      renameSync(fresh, own);
    });
    rmSync(file, { force: true });
    restart(organizationId);
  };
  /** Cut off by the hub: the copy is put where nobody can open it in the program; nothing of it is destroyed. */
  const closeCopy = (organizationId: string): void => {
    db.run('UPDATE sync_hubs SET closed_at = ? WHERE organization_id = ?', iso(clock.now()), organizationId);
    log.warn({ organization: organizationId }, 'the hub has cut this installation off; its copy is closed');
    void stopCourier(organizationId);
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
        proofs,
        now: () => iso(clock.now()),
        isOffline: () => hubOf(organizationId)?.offline === 1,
        startAnew: (client, signal) => startAnew(organizationId, client, signal),
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
      if (lan) db.run("UPDATE sync_hubs SET url = ? WHERE organization_id = ? AND url = ''", `https://${lanAddresses()[0]}:${lan.port}`, organizationId);
      if (started) startAgent(organizationId);
    },
    peersChanged: async (organizationId) => {
      await joint.get(organizationId)?.sharePeers().catch((error: unknown) => log.warn({ err: error }, 'pairings wait for the common log'));
    },
    isOnSharedLog: (id) => joint.has(id),
    pairedElsewhere: async () => {
      for (const id of joint.keys()) await service.peersChanged(id);
    },
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
    linkOf: (id) => agents.get(id)?.link ?? null,
    startAgents: (at) => {
      started = true;
      usual = at ? addressOf(at) : null;
      for (const { organization_id } of db.all<HubRow>('SELECT * FROM sync_hubs WHERE closed_at IS NULL')) startAgent(organization_id);
    },
    exchangeNow: async (organizationId, at) => {
      const hub = hubOf(organizationId);
      if (!hub) throw new AppError('CONFLICT', { detail: 'sync_alone' });
      if (hub.closed_at) throw new AppError('FORBIDDEN', { detail: 'sync_revoked' });
      if (hub.offline === 1) throw new AppError('CONFLICT', { detail: 'sync_working_offline' });
      const url = at ? addressOf(at) : null;
      const known = agents.get(organizationId);
      if (known && !url) return known.now();
      const client = url ? connectTo({ ...hub, url }) : connect(hub);
      try {
        await exchangeWith(engine(organizationId), client, proofs, (signal) => startAnew(organizationId, client, signal), new AbortController().signal);
        // Rows agree; files that cannot follow now wait for the next time.
        await carryContents(carrying(organizationId), client, new AbortController().signal).catch((error: unknown) => log.info({ err: error }, 'contents wait'));
      } catch (error) {
        if (error instanceof AppError && error.data.detail === 'sync_revoked') closeCopy(organizationId);
        throw error;
      } finally {
        client.close();
      }
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
      for (const id of couriers.keys()) await stopCourier(id);
      for (const agent of agents.values()) await agent.stop();
      for (const one of joint.values()) await one.close();
      for (const one of engines.values()) one.close();
      snapshots.close();
    },
  };
  return service;
}
