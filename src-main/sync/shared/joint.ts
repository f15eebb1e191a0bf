import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { iso, type Clock } from '../../../src-shared/kernel/clock.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import { REGISTRY } from '../../core/entities.ts';
import { getFact } from '../../store/change-log.ts';
import { SCHEMA } from '../../store/migrate.ts';
import { backupBeforeMigration } from '../../store/backup.ts';
import { openOrganizationStore, type OrganizationStore } from '../../store/organization-store.ts';
import { openDb, removeDb, type Db } from '../../store/sqlite.ts';
import { headOf } from '../log.ts';
import type { SyncEngine } from '../types.ts';
import { adoptAuthority, authorityPair } from '../wire/certificates.ts';
import type { HubClient } from '../wire/client.ts';
import { fetchSnapshot } from '../wire/join.ts';
import { deviceKey } from '../wire/keys.ts';
import type { Peers } from '../wire/peers.ts';
import type { HubRow } from '../wire/sync-service.ts';
import { createPlaces, hubsOf } from './addresses.ts';
import { copyOfHub, copyOfSnapshot, foundLog, forgetLog, isFounded, leaveLog, logOf } from './attach.ts';
import { createSharedHub, type SharedHub } from './hub.ts';
import { sharePeers } from './peers.ts';
import { openPostgresLog, type LogState, type PostgresLog } from './postgres.ts';
import { keyOfFile, openSecrets, sealSecrets } from './secrets.ts';

export interface LogOptions {
  /** Of the database, with its password if it needs one. */
  url: string;
  /** What the secrets that hub processes share are sealed with; out of a file of the data folder unless told otherwise. */
  key: Buffer | null;
  /** The database is lost: begin the log again from this hub's copy. */
  anew: boolean;
  /** Address of the hub process that a copy of the log is fetched from; the one that this installation has joined otherwise. */
  from: string | null;
}

export interface JointParts {
  dataDir: string;
  db: Db;
  clock: Clock;
  peers: Peers;
  store(id: string): OrganizationStore;
  engine(id: string): SyncEngine;
  hubOf(id: string): HubRow | null;
  connect(hub: HubRow): HubClient;
  changed(id: string): void;
}

/** This installation as one of the hub processes of a log. */
export interface JointHub extends SharedHub {
  /** Brings pairings together with those of the other hub processes, and takes over where these are. @throws AppError `sync_log_unavailable` */
  sharePeers(): Promise<void>;
  /** Says where this one is reached; whoever cannot be told now is told later. */
  announce(urls: readonly string[]): Promise<void>;
  /** Where all of them are reached; null until the log has said so. */
  readonly addresses: readonly string[] | null;
  onAddresses(listener: () => void): () => void;
}

const conflict = (detail: string): AppError => new AppError('CONFLICT', { detail });

/**
 * Makes this installation a hub process on a log in PostgreSQL: the first one founds the log with what it has, the others have joined the
 * first as devices before and fetch a snapshot for their own copy of the log. What was begun and cut off is taken up again, and a copy that
 * the log no longer reaches back to is fetched anew.
 * @throws AppError STORE_UNAVAILABLE `sync_log_unavailable`, `sync_log_newer`; CONFLICT `sync_log_missing`, `sync_log_other`,
 * `sync_log_other_authority`; FORBIDDEN `sync_log_key_wrong`; NOT_FOUND `sync_log_no_key`
 */
export async function joinLog(parts: JointParts, id: string, options: LogOptions): Promise<JointHub> {
  const { dataDir, clock, db, peers } = parts;
  const file = join(dataDir, 'hub', `${id}.sqlite`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const log = openPostgresLog(options.url, id);
  const open = (): OrganizationStore => openOrganizationStore({ id, file, clock, registry: REGISTRY, backupBeforeMigration: (old) => backupBeforeMigration(old, join(dataDir, 'backups'), clock) });
  try {
    // Only what is lost is founded anew: a log that is there is the one to serve, or not ours.
    if (options.anew && (await log.state()) === null) forgetLog(file);
    const preparing = { log, file, options, open };
    if (!(await isReady(file))) await prepare(parts, id, preparing);
    else await replaceIfBehind(parts, id, preparing);
    if (parts.engine(id).status(false).role !== 'device') leaveLog(parts.store(id));
    registerOwn(parts, id);
    const store = open();
    const hub = createSharedHub({ store, log, changed: () => parts.changed(id), peersChanged: () => void share().catch(() => {}) });
    const places = createPlaces({ log, organization: id, key: deviceKey(db).publicKey, position: () => hub.log.head(), shared: () => hub.shorten() });
    const share = async (): Promise<void> => {
      await sharePeers({ db, peers, log, organization: id });
      await places.share();
    };
    // What is wrong with the log is said now; a database that is away may come back while this copy serves.
    await hub.catchUp().catch((error: unknown) => {
      if (!(error instanceof AppError && error.data.detail === 'sync_log_unavailable')) throw error;
    });
    await log.ask('UPDATE polevik_log_state SET schema = $2 WHERE organization_id = $1 AND schema < $2', [id, SCHEMA]).catch(() => {});
    await share().catch(() => {});
    await hub.start();
    return {
      ...hub,
      get trouble() {
        return hub.trouble;
      },
      sharePeers: share,
      announce: places.announce,
      get addresses() {
        return places.all;
      },
      onAddresses: places.onChange,
      close: async () => {
        places.close();
        await hub.close();
      },
    };
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** What a file says that is not open yet. */
async function fromFile<T>(file: string, work: (db: Db) => T | Promise<T>): Promise<T> {
  const db = openDb(file, { readonly: true });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** Whether the copy of the log is whole and its log was seen in the database. */
const isReady = async (file: string): Promise<boolean> => existsSync(file) && (await fromFile(file, isFounded));

interface Preparing {
  log: PostgresLog;
  file: string;
  options: LogOptions;
  open: () => OrganizationStore;
}

async function prepare(parts: JointParts, id: string, preparing: Preparing): Promise<void> {
  const { log, file } = preparing;
  const state = await log.state();
  const begun = existsSync(file) ? await fromFile(file, logOf) : null;
  if (state && state.log_id !== begun) return joinAsSecond(parts, id, state, preparing);
  if (parts.engine(id).status(false).role !== 'device') {
    parts.engine(id).openHub();
    await copyOfHub(parts.store(id), `${file}.making`);
    removeDb(file);
    renameSync(`${file}.making`, file);
  } else if (!existsSync(file)) throw conflict('sync_log_missing');
  await found(parts, id, preparing);
}

async function found({ db, clock, dataDir }: JointParts, id: string, { log, options, open }: Preparing): Promise<void> {
  const key = options.key ?? keyOfFile(keyFile(dataDir), true);
  if (!key) throw noKey(dataDir);
  const authority = await authorityPair(db, clock);
  const store = open();
  try {
    const secrets = { authority, hub_secret: getFact(store.read, 'sync_hub_secret') ?? '' };
    await foundLog(store, log, { authority: authority.cert, secrets: sealSecrets(key, id, secrets) });
  } finally {
    store.close();
  }
}

/** A copy that has not read for so long that the log was shortened meanwhile gives way to one of another hub process. */
async function replaceIfBehind(parts: JointParts, id: string, preparing: Preparing): Promise<void> {
  const { log, file, options } = preparing;
  const state = await log.state().catch(() => null);
  if (!state || state.log_id !== (await fromFile(file, logOf)) || !(await isBehind(log, file))) return;
  const own = deviceKey(parts.db).publicKey;
  const [other] = (await hubsOf(log, id)).filter(({ key }) => key !== own).flatMap(({ urls }) => urls);
  await joinAsSecond(parts, id, state, { ...preparing, options: { ...options, from: options.from ?? other ?? null } });
}

const isBehind = (log: PostgresLog, file: string): Promise<boolean> =>
  fromFile(file, async (db) => {
    const head = headOf(db);
    const [next] = await log.entries(head + 1);
    return next !== undefined && next.position > head + 1;
  });

async function joinAsSecond(parts: JointParts, id: string, state: LogState, { file, options, open }: Preparing): Promise<void> {
  const { db, clock, dataDir } = parts;
  const first = parts.hubOf(id);
  // One that keeps a log itself has positions of its own, which are not those of this log.
  if (!first || parts.engine(id).status(false).role !== 'device') throw conflict('sync_log_other');
  if (first.authority.trim() !== state.authority.trim()) throw conflict('sync_log_other_authority');
  const key = options.key ?? keyOfFile(keyFile(dataDir), false);
  if (!key) throw noKey(dataDir);
  const secrets = openSecrets(key, id, state.secrets);
  if (secrets.authority.cert !== state.authority) throw conflict('sync_log_other_authority');
  adoptAuthority(db, secrets.authority);
  const client = parts.connect(options.from ? { ...first, url: options.from } : first);
  try {
    const { file: snapshot } = await fetchSnapshot(client, join(dataDir, 'sync', 'incoming'), () => {});
    removeDb(`${file}.making`);
    copyOfSnapshot({ snapshot, file: `${file}.making`, registry: REGISTRY, clock, log: state.log_id, hubSecret: secrets.hub_secret, open: (making) => openOrganizationStore({ id, file: making, clock, registry: REGISTRY, backupBeforeMigration: () => {} }) });
    rmSync(snapshot, { force: true });
    removeDb(file);
    renameSync(`${file}.making`, file);
  } finally {
    client.close();
  }
  open().close();
}

const keyFile = (dataDir: string): string => join(dataDir, 'hub', 'log.key');
const noKey = (dataDir: string): AppError => new AppError('NOT_FOUND', { field: 'key', detail: 'sync_log_no_key', params: { file: keyFile(dataDir) } });

/** The first hub process as a device of the others: it may exchange with any of them while it is no hub itself. */
function registerOwn({ db, clock, hubOf, store }: JointParts, id: string): void {
  if (hubOf(id)) return;
  const authority = db.get<{ value: Buffer }>("SELECT value FROM keys WHERE name = 'authority'");
  const owner = store(id).read.get<{ id: string }>("SELECT id FROM users WHERE role = 'owner' ORDER BY rid LIMIT 1");
  if (!authority || !owner) return;
  const peer = uuidv7();
  const now = iso(clock.now());
  db.run('INSERT INTO sync_peers (id, organization_id, user_id, key, name, version, paired_at) VALUES (?, ?, ?, ?, ?, ?, ?)', peer, id, owner.id, deviceKey(db).publicKey, hostname(), '', now);
  const { cert } = JSON.parse(authority.value.toString('utf8')) as { cert: string };
  db.run('INSERT INTO sync_hubs (organization_id, url, authority, peer_id, joined_at) VALUES (?, ?, ?, ?, ?)', id, '', cert, peer, now);
}
