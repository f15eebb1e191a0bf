import type { Actor } from '../../src-shared/kernel/permissions.ts';
import type { Conflict, QueuedChange, SyncStatus } from '../../src-shared/sync/model.ts';
import type { Epoch, LogEntry, PullPage, PullRequest, PushReply, PushRequest, SyncVerdict, WireChangeset } from '../../src-shared/sync/wire.ts';

/** A snapshot that has been written, and its place in the log. */
export interface SnapshotTaken {
  position: number;
  epoch: Epoch;
  /** Of the file as it was written. */
  sha256: string;
  /** Bytes of the database in it. */
  whole: number;
}

/** What the hub's log keeps: changesets in one order, each with its place. Implementations append a batch as one. */
export interface HubLog {
  /** The last position that was given out. */
  head(): number;
  /** Entries behind a position, in order; fewer where their ops are longer than so many characters, but one of them. */
  read(since: number, limit: number, characters?: number): LogEntry[];
  /** What a seal covers of these entries: not what they say, which may be long. */
  places(since: number, limit: number): Pick<LogEntry, 'hash' | 'effective'>[];
  /** The hash of the changeset at a position; null where there is none any more. */
  hashAt(position: number): string | null;
  /** The first position from which the log is whole, less one. */
  floor(): number;
  epoch(): Epoch;
}

/** A device as the transport has recognised it. */
export interface Peer {
  device: string;
  /** Users whose changes this device may bring; absent where every member's may. */
  actors?: readonly string[] | undefined;
  /** Proof that a change of another device is that device's own, and whose changes it may be; null where there is none. */
  vouched?: Vouching | undefined;
}

export type Vouching = (change: WireChangeset) => Pick<Peer, 'actors'> | null;

/** What a bundle did: changes that are in this copy now, those that were in it before, and those that wait for the hub's order. */
export interface BundleApplied {
  applied: number;
  known: number;
  left: number;
}

/** A changeset that the hub answered without a place, and the answer. */
export interface Refused {
  change: WireChangeset;
  kind: string;
  reason: string | null;
  why: string | null;
  at: string;
}

/** What acknowledging or applying did. */
export interface Applied {
  /** Changesets of others that were applied. */
  applied: number;
  /** Own changesets that got their place. */
  acknowledged: number;
  returned: number;
  /** The log has more behind the page. */
  more: boolean;
  /** The hub has a new life: nothing was applied, ask again. */
  again: boolean;
  /** The log no longer reaches back far enough: start from a snapshot. */
  snapshotRequired: boolean;
  /** This copy writes under a new name from now on: another one used the old. */
  renamed: boolean;
}

/** Told after the commit that caused it. `life`: the hub has begun a new one. */
export type SyncEvent = { type: 'log'; position: number } | { type: 'life' } | { type: 'local' } | { type: 'applied'; applied: number } | { type: 'renamed'; device: string };

/** How far a device has come, by its last question. */
export interface DeviceCursor {
  device: string;
  position: number;
  at: string;
  lag: number;
}

/** What devices exchange with: a copy that keeps the common log itself, or one of several on a log that they share. */
export interface HubDoor {
  /** As far as this copy has come. */
  readonly log: HubLog;
  push(request: PushRequest, peer: Peer): PushReply | Promise<PushReply>;
  page(request: PullRequest): PullPage | Promise<PullPage>;
  /** Reads a little of what the state's hash is made of. @returns whether something is left */
  readOn(): boolean;
  readonly snapshot: SyncEngine['snapshot'];
  devices(): DeviceCursor[] | Promise<DeviceCursor[]>;
  compact(upTo: number): number | Promise<number>;
  newEpoch(): Epoch | Promise<Epoch>;
  subscribe(listener: (event: SyncEvent) => void): () => void;
}

/**
 * The engine of one organisation's copy. It speaks no network: the transport carries what it hands out. Everything but the snapshot is
 * synchronous, and every call that writes is one transaction.
 */
export interface SyncEngine {
  // Of a device.
  /** The next changesets to offer, in the order in which this copy knows them, behind the first `skip`; null when nothing waits. Calling again repeats them. */
  takePush(limit?: number, skip?: number): PushRequest | null;
  /** Takes the hub's verdicts. @throws AppError CONFLICT `sync_other_hub` for an answer of another organisation's hub */
  acknowledge(reply: PushReply): Applied;
  /** `compare`: names this copy's state, for the hub to hold against its own; reads all rows. */
  pullRequest(compare?: boolean): PullRequest;
  /** Reads a little of what the state's hash is made of, so that comparing blocks nobody. @returns whether something is left */
  readOn(): boolean;
  /** The last position of the common log that this copy has applied. */
  cursor(): number;
  /** Where this copy stands, as one word: unchanged when an exchange has moved nothing. */
  place(): string;
  /** Applies a page and moves the cursor, both or neither. Repeated and stale pages do nothing. @throws AppError BAD_REQUEST `sync_tampered` */
  applyPage(page: PullPage): Applied;
  /**
   * Applies changesets that came from another device without the hub, judged as the hub would; the first that cannot be applied or is
   * not vouched for ends it, since the others may build on it. @throws AppError BAD_REQUEST `sync_tampered`
   */
  applyBundle(changesets: readonly WireChangeset[], vouched: Vouching): BundleApplied;
  /** What another device that has read the log up to this copy's cursor does not know. */
  unread(): WireChangeset[];

  // Of the hub.
  /** Judges and takes in what a device offers; the answer names the fate of each. @throws AppError BAD_REQUEST `sync_tampered`, FORBIDDEN `sync_other_organization` */
  acceptPush(request: PushRequest, peer: Peer): PushReply;
  /** The same for changesets that came in a bundle out of a device's present life. @throws AppError CONFLICT `sync_bundle_other_life` */
  acceptBundle(bundle: { organization: string; device: string; epoch: string | null; changesets: WireChangeset[] }, vouched: Vouching): SyncVerdict[];
  readPage(request: PullRequest, limit?: number): PullPage;
  /** Gives this hub's own changes their places now. @returns the head of the log */
  publish(): number;
  /** Makes this copy the hub: opens the common log with everything that it holds. Nothing happens when it is one already. */
  openHub(): Epoch;
  /** After a restore from backup: a new life, in which devices offer again what was lost. */
  newEpoch(): Epoch;
  /** Blanks the log up to a position and lets devices behind it start from a snapshot. @returns changesets blanked */
  compact(upTo: number): number;
  devices(): { device: string; position: number; at: string; lag: number }[];

  // Of both.
  readonly log: HubLog;
  /** `withConflicts`: counts them too, which reads all rows that may be twice. */
  status(withConflicts?: boolean): SyncStatus;
  /** Hash of all replicated rows as they are stored; equal on copies that have applied the same changesets. */
  stateHash(): string;
  pending(limit?: number): QueuedChange[];
  returned(limit?: number): QueuedChange[];
  setAside(limit?: number): QueuedChange[];
  parked(limit?: number): QueuedChange[];
  /** Applies what an older version of the program had to leave. Called when the engine is made. */
  replayParked(): number;
  conflicts(limit?: number): Conflict[];
  /** Settles a group in conflict with values that were written having seen all sides. */
  resolve(actor: Actor, choice: { entity: string; row_id: string; group: string; values: Record<string, unknown> }): void;
  /** Deletes again a row of the trash, knowing what was edited meanwhile. */
  deleteAgain(actor: Actor, row: { entity: string; row_id: string }): void;
  /** Tries again to apply changes of the common log that were set aside, all in their order. */
  applyAgain(): void;
  /** Takes a returned or set aside change off the list; its values stay in the history. @throws AppError CONFLICT `sync_placed` for one that the others have */
  dismiss(changeId: string): void;
  /** Writes the values of a returned change again, as a change of now. @throws AppError NOT_FOUND; CONFLICT `sync_nothing_to_send` where its rows are gone, `sync_placed` where the others have it; FORBIDDEN by the row's policy */
  sendAgain(actor: Actor, changeId: string): void;
  /** Remembers the time of a contact and how far the hub's clock is ahead. */
  contacted(hubNow: number): void;
  /** Writes a consistent copy of this hub's file without what belongs to this device alone, packed if so wanted. */
  snapshot(file: string, isPacked?: boolean): Promise<SnapshotTaken>;
  subscribe(listener: (event: SyncEvent) => void): () => void;
  close(): void;
}

