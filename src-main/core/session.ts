import type { Origin } from '../../src-shared/audit/model.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import type { Tx } from '../store/tx.ts';
import type { ReaderPool } from './readers.ts';

export type Door = 'port' | 'rpc' | 'api' | 'cli';

/** What a door knows of a call before anybody has been recognised. */
export interface DoorContext {
  door: Door;
  headers: Record<string, string | undefined>;
  /** Network address of the caller; `local` for the window and the command line. */
  address: string;
  setCookie(name: string, value: string | null, maxAgeSeconds: number): void;
  setHeader(name: string, value: string): void;
  /** Takes the whole answer of a call as JSON in UTF-8, in place of what the handler returns; only the REST door can. */
  answer?(json: Buffer): void;
  /** An actor whom the door itself vouches for (the owner of the machine on the command line). */
  vouched?: Actor | undefined;
}

export interface WriteOptions {
  origin?: Origin;
  importId?: string;
  undoes?: number;
  /** May reach the disk a moment later, together with what other calls write; for a call's last write, whose result is only answered. */
  together?: boolean;
}

/** One call of a recognised member on one organisation. */
export interface Session {
  actor: Actor;
  store: OrganizationStore;
  door: Door;
  origin: Origin;
  address: string;
  language: 'ru' | 'en';
  readers: ReaderPool;
  /** UTC ISO moment of now. */
  now(): string;
  /** Writes as this caller; carries `If-Match` and `Idempotency-Key` of the call. */
  mutate<T>(work: (tx: Tx) => T, options?: WriteOptions): T;
  /** Resolves when everything that this call wrote is on the disk; the guard waits for it before it answers. */
  settled?(): Promise<void>;
  /** Takes the whole answer as JSON, see `DoorContext`; only in sessions of `listingOf`. */
  answer?: DoorContext['answer'];
}

export const ORIGIN_OF_DOOR: Record<Door, Origin> = { port: 'window', rpc: 'browser', api: 'api', cli: 'cli' };
