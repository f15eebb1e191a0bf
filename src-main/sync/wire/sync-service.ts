import type { Logger } from 'pino';
import type { Clock } from '../../../src-shared/kernel/clock.ts';
import type { PROTOCOL } from '../../../src-shared/sync/wire.ts';
import type { Contents } from '../../attachments/index.ts';
import type { Db } from '../../store/sqlite.ts';
import type { Bundles } from '../bundle/bundles.ts';
import type { LogOptions } from '../shared/joint.ts';
import type { HubDoor, SyncEngine } from '../types.ts';
import type { Link } from './agent.ts';
import type { Receiving } from './anew.ts';
import type { HubAddress } from './client.ts';
import type { Discovery } from './discovery.ts';
import type { Joined, Joining, JoinInput } from './join.ts';
import type { PairReply } from './messages.ts';
import type { Peers } from './peers.ts';
import type { Proofs } from './proofs.ts';
import type { Snapshots } from './snapshots.ts';

export interface HubRow {
  organization_id: string;
  url: string;
  authority: string;
  peer_id: string;
  offline: number;
  /** Addresses of the hub processes on the same log, JSON. */
  others: string;
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
  /** Names under which others reach it, for its certificate. */
  lanNames(): string[];
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
  /** Where the hub processes on a shared log are reached, for devices; empty for a hub that keeps the log itself, null while the log has not said so. */
  hubsOf(organizationId: string): readonly string[] | null;
  onHubs(organizationId: string, listener: () => void): () => void;
  isShared(organizationId: string): boolean;
  isAnyShared(): boolean;
  /** Resolves when the port of the network follows. @throws AppError CONFLICT `sync_is_device`; STORE_UNAVAILABLE when the port cannot be had */
  share(organizationId: string, on: boolean): Promise<void>;
  onSharing(listener: () => Promise<void>): () => void;
  servedOnLan(place: LanPlace | null): void;
  lanTrouble(error: unknown): void;
  readonly lan: LanPlace | null;
  /** Where this installation is reached on the network; empty while its port is closed. */
  readonly urls: string[];
  pair(request: { protocol: typeof PROTOCOL; secret: string; key: string; name: string; version: string }, address: string): Promise<PairReply>;

  // As a device.
  hubOf(organizationId: string): HubRow | null;
  /** The hub, or the hub process of several, that this installation talks to at present. */
  addressOf(organizationId: string): HubAddress | null;
  /** The others. */
  otherAddressesOf(organizationId: string): string[];
  linkOf(organizationId: string): Link | null;
  /** Begins to keep the copies of this installation in agreement with their hubs, until it is closed. `at`: an address in place of the usual one. @throws AppError INVALID */
  startAgents(at?: string): void;
  /** Exchanges once with the hub; `at` as above. @throws AppError CONFLICT `sync_alone` without one, `sync_working_offline` while the switch is on */
  exchangeNow(organizationId: string, at?: string, signal?: AbortSignal): Promise<void>;
  /** Takes the copy anew from the hub, with what waits in it. @throws AppError as above */
  takeAnew(organizationId: string, signal?: AbortSignal): Promise<void>;
  /** How far a copy that is taken anew has come; null while none is. */
  receiving(organizationId: string): Receiving | null;
  workOffline(organizationId: string, offline: boolean): void;
  /** `signal` stops it; the same code goes on later. */
  join(input: JoinInput, signal?: AbortSignal): Promise<Joined>;
  readonly joining: Joining | null;

  /** Calls back when the state of a connection has changed. */
  onChange(listener: (organizationId: string) => void): () => void;
  close(): Promise<void>;
}
