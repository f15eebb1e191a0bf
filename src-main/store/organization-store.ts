import { hostname } from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import { iso, type Clock } from '../../src-shared/kernel/clock.ts';
import { readOwnDevice, type OwnDevice } from './change-log.ts';
import type { Registry } from './entity.ts';
import { createRoom, fillFresh, type Room } from './bulk.ts';
import { keepSearchIndex, type SearchIndex } from './index-waiting.ts';
import { createLiveCopies } from './live-copy.ts';
import { migrate } from './migrate.ts';
import { createWriter, type Committed, type Mutate, type Writer } from './mutate.ts';
import { openDb, type Db } from './sqlite.ts';
import { keepStatistics } from './statistics.ts';

/** Happenings around rights and access; kept in a table of their own. No secrets enter `details`. */
export interface SecurityEventInput {
  type: string;
  user_id: string | null;
  address: string | null;
  details?: Record<string, unknown>;
}

/** One organisation's file, open. Reading goes through a connection that cannot write; writing only through `mutate`. */
export interface OrganizationStore {
  readonly id: string;
  readonly file: string;
  /** This copy's name among the devices; it takes a new one when another copy turns out to write under the same. */
  readonly deviceId: string;
  readonly own: OwnDevice;
  readonly registry: Registry;
  readonly clock: Clock;
  /** Whether this copy gives out the numbers. */
  isAuthority(): boolean;
  readonly read: Db;
  readonly mutate: Mutate;
  readonly mutateTogether: Writer['mutateTogether'];
  /** For the sync engine alone, see `Writer`. */
  readonly exchange: Writer['exchange'];
  readonly exchangeConfirmed: Writer['exchangeConfirmed'];
  readonly mutateInBulk: Writer['mutateInBulk'];
  /** Calls back after every commit. @returns the end of the subscription. */
  onCommit(listener: (change: Committed) => void): () => void;
  /** Aborted once it is closed, also because another copy takes its place. */
  readonly closed: AbortSignal;
  logSecurity(event: SecurityEventInput): void;
  /** Tables of this device alone (`local_*`): drafts, imports, facts. They are neither logged nor replicated. */
  readonly local: LocalTables;
  /** Lets the work fill a fresh file without waiting for the disk. A crash meanwhile may cost the file. @throws AppError CONFLICT when it holds data */
  fillFresh<T>(work: () => Promise<T>): Promise<T>;
  /** What of the search index is written later; called before every search. */
  readonly searchIndex: SearchIndex;
  /** For long writes: fewer rewrites of the same pages, each commit as durable as ever. */
  readonly room: Room;
  /** Copies the live file to another place while work goes on; the disk is not waited for where the copy is but passing. */
  copyTo(file: string, isPassing?: boolean): Promise<void>;
  close(): void;
}

/** Writes to `local_*` tables; anything else is refused. */
export interface LocalTables {
  run(sql: string, ...params: Parameters<Db['run']> extends [string, ...infer Rest] ? Rest : never): { changes: number };
  transaction<T>(work: () => T): T;
}

interface OpenOptions {
  id: string;
  file: string;
  clock: Clock;
  registry: Registry;
  /** Called before pending migrations touch a file that already holds data. */
  backupBeforeMigration: (file: string) => void;
  /** Closes without renewing the planner's figures, which files of a moment need not have. */
  leaveFigures?: boolean;
  /** Rows of one exchange from which on they are indexed later, where not the usual number. */
  indexLaterFrom?: number;
}

const WRITER_CACHE_KIB = 24_576;
/** Holds what a day's lists touch of half a million tickets; given back when nobody asks. */
const READER_CACHE_KIB = 65_536;
const REST_MS = 60_000;

/** Opens (or makes) the file, brings it to the newest schema, and starts its log. @throws AppError STORE_UNAVAILABLE */
export function openOrganizationStore(options: OpenOptions): OrganizationStore {
  const { file, clock, registry } = options;
  const db = openDb(file, { cacheKib: WRITER_CACHE_KIB });
  try {
    migrate(
      db,
      () => iso(clock.now()),
      () => options.backupBeforeMigration(file),
    );
  } catch (error) {
    db.close();
    throw error;
  }
  const own = ownDevice(db);
  const read = openDb(file, { readonly: true, cacheKib: READER_CACHE_KIB });
  const listeners = new Set<(change: Committed) => void>();
  const closing = new AbortController();
  const resting = setInterval(() => {
    db.rest();
    read.rest();
  }, REST_MS);
  resting.unref();
  const readAuthority = (): string | null => db.get<{ authority_device: string }>('SELECT authority_device FROM organization LIMIT 1')?.authority_device ?? null;
  let authority = readAuthority();
  const isAuthority = (): boolean => authority === null || authority === own.id || own.former.includes(authority);
  const writer = createWriter({
    db,
    file,
    registry,
    own,
    clock,
    authority: isAuthority,
    onCommit: (change) => {
      if (change.entities.includes('organization')) authority = readAuthority();
      for (const listener of listeners) listener(change);
      statistics.committed();
    },
  });
  const statistics = keepStatistics(db, writer.settle);
  const searchIndex = keepSearchIndex(db, registry, writer.settle, options.indexLaterFrom);
  const copies = createLiveCopies(db, file);
  return {
    id: options.id,
    file,
    get deviceId() {
      return own.id;
    },
    own,
    registry,
    clock,
    isAuthority,
    read,
    mutate: writer.mutate,
    mutateTogether: writer.mutateTogether,
    exchange: (work) => {
      const result = writer.exchange(work);
      searchIndex.exchanged();
      return result;
    },
    exchangeConfirmed: async (work, confirm) => {
      const result = await writer.exchangeConfirmed(work, confirm);
      searchIndex.exchanged();
      return result;
    },
    searchIndex,
    mutateInBulk: writer.mutateInBulk,
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    closed: closing.signal,
    logSecurity: (event) => {
      writer.settle();
      db.run('INSERT INTO security_events (at, type, user_id, address, details) VALUES (?, ?, ?, ?, ?)', iso(clock.now()), event.type, event.user_id, event.address, JSON.stringify(event.details ?? {}));
    },
    local: {
      run: (sql, ...params) => {
        if (!/^\s*(INSERT(\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+local_\w+/i.test(sql)) throw new Error('only local tables are written outside mutate()');
        writer.settle();
        return db.run(sql, ...params);
      },
      transaction: (work) => {
        writer.settle();
        return db.raw.transaction(work).immediate();
      },
    },
    fillFresh: async (work) => {
      writer.settle();
      const result = await fillFresh(db, WRITER_CACHE_KIB, work);
      statistics.refresh();
      return result;
    },
    room: createRoom(db, WRITER_CACHE_KIB, writer.settle),
    copyTo: async (target, isPassing) => {
      writer.settle();
      await copies.copyTo(target, isPassing);
    },
    close: () => {
      writer.settle();
      clearInterval(resting);
      listeners.clear();
      statistics.stop();
      searchIndex.stop();
      const endCopies = copies.end();
      read.close();
      try {
        if (!options.leaveFigures) statistics.refresh();
      } finally {
        db.close();
        endCopies();
        closing.abort();
      }
    },
  };
}

/** Who this copy is; its first id is made once and kept in the file. */
function ownDevice(db: Db): OwnDevice {
  const known = readOwnDevice(db);
  if (known) return known;
  db.run('INSERT INTO devices (alias, id, name) VALUES (1, ?, ?)', uuidv7(), hostname());
  return readOwnDevice(db) as OwnDevice;
}
