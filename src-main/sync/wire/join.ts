import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join as pathOf } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { iso } from '../../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../../src-shared/kernel/errors.ts';
import { fingerprintOf, readHubAddress, type PairingCode } from '../../../src-shared/sync/pairing.ts';
import { REGISTRY } from '../../core/entities.ts';
import type { House } from '../../core/house.ts';
import { unpackTo } from '../../store/packing-thread.ts';
import { removeDb, storeError, type Db } from '../../store/sqlite.ts';
import { startFromSnapshot } from '../snapshot.ts';
import { authorityOf, createHubClient, pairWith, type HubAddress, type HubClient } from './client.ts';
import type { Discovery } from './discovery.ts';
import { deviceKey } from './keys.ts';
import type { PairReply, SnapshotReply } from './messages.ts';
import { codeOf } from './peers.ts';
import type { Proofs } from './proofs.ts';

/** How far a joining has come. */
export interface Joining {
  stage: 'looking' | 'pairing' | 'preparing' | 'receiving' | 'building' | 'done' | 'failed';
  received: number;
  size: number | null;
}

export interface JoinInput {
  hub?: string | undefined;
  code: string;
  password: string;
}

export interface Joined {
  organization: { id: string; name: string };
  member: { id: string; email: string; full_name: string };
}

const LOOK_MS = 4_000;
/** Waits before each further attempt at a download that broke. */
const AGAIN_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** Where the directory keeps a pairing whose copy has not arrived yet. */
const PENDING = 'joining';

/** Fetches a snapshot whole and unpacks it, going on after breaks, also of an earlier attempt. @throws AppError BAD_REQUEST `sync_tampered` where its hash is another one */
export async function fetchSnapshot(client: HubClient, folder: string, report: (received: number, size: number) => void, signal?: AbortSignal): Promise<{ file: string; snapshot: SnapshotReply }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const snapshot = await client.snapshot(signal);
  const file = pathOf(folder, `${snapshot.id}.part`);
  for (const name of readdirSync(folder)) if (/\.(part|whole)$/.test(name) && name !== basename(file)) rmSync(pathOf(folder, name), { force: true });
  let sha256 = '';
  for (let attempt = 0; ; attempt++) {
    try {
      sha256 = await client.download(snapshot, file, (received) => report(received, snapshot.size), signal);
      break;
    } catch (error) {
      const wait = AGAIN_MS[attempt];
      if (wait === undefined || !(error instanceof AppError) || error.data.detail !== 'sync_unreachable') throw error;
      await sleep(wait, undefined, { signal }).catch(() => {
        throw new AppError('CANCELLED');
      });
    }
  }
  if (sha256 !== snapshot.sha256) {
    rmSync(file, { force: true });
    throw new AppError('BAD_REQUEST', { detail: 'sync_tampered' });
  }
  if (!snapshot.packed) return { file, snapshot };
  const whole = pathOf(folder, `${snapshot.id}.whole`);
  const size = await unpackTo(file, whole, signal).catch((error: unknown) => {
    rmSync(whole, { force: true });
    const known = storeError(error, whole);
    throw known instanceof AppError ? known : Object.assign(new AppError('BAD_REQUEST', { detail: 'sync_tampered' }), { cause: error });
  });
  rmSync(file, { force: true });
  if (size !== snapshot.packed.whole) {
    rmSync(whole, { force: true });
    throw new AppError('BAD_REQUEST', { detail: 'sync_tampered' });
  }
  return { file: whole, snapshot };
}

interface JoinParts {
  house: House;
  db: Db;
  proofs: Proofs;
  discovery: Discovery;
  folder: string;
  /** Where the organisation's file belongs. @throws AppError CONFLICT where this installation holds a single one already */
  fileOf(organizationId: string): string;
}

/** Finds the hub that a code speaks of, and holds its certificate against the code. @throws AppError NOT_FOUND, FORBIDDEN `sync_wrong_hub` */
async function findHub({ discovery }: JoinParts, hub: string | undefined, fingerprint: string): Promise<{ url: string; authority: string }> {
  const typed = hub?.trim() ? readHubAddress(hub) : null;
  if (hub?.trim() && !typed) throw invalid('hub', 'sync_address_malformed');
  const url = typed ?? (await discovery.find(LOOK_MS)).find((one) => one.fingerprint === fingerprint)?.url;
  if (!url) throw new AppError('NOT_FOUND', { field: 'hub', detail: 'sync_hub_not_found' });
  const shown = await authorityOf(url);
  if (fingerprintOf(shown.fingerprint) !== fingerprint) throw new AppError('FORBIDDEN', { field: 'code', detail: 'sync_wrong_hub', params: { url } });
  return { url, authority: shown.authority };
}

interface Pending {
  /** Of the code that was spent on it. */
  code: string;
  paired: PairReply;
}

/** A pairing whose copy has not arrived: its code is spent at the hub, and good here for going on. */
export function pendingPairing(db: Db): Pending | null {
  const row = db.get<{ value: Buffer }>('SELECT value FROM keys WHERE name = ?', PENDING);
  return row ? (JSON.parse(row.value.toString('utf8')) as Pending) : null;
}

/** Spends the code, or goes on with what it was spent on before. */
async function pairOnce(parts: JoinParts, address: HubAddress, code: PairingCode): Promise<PairReply> {
  const hash = createHash('sha256').update(`${code.fingerprint} ${code.secret}`).digest('hex');
  const before = pendingPairing(parts.db);
  if (before?.code === hash) return before.paired;
  const paired = await pairWith(address, code.secret, deviceKey(parts.db), hostname(), parts.house.config.version).catch((error: unknown) => {
    throw error instanceof AppError && error.data.detail === 'sync_code_wrong' ? new AppError(error.code, { ...error.data, field: 'code' }) : error;
  });
  const pending: Pending = { code: hash, paired };
  parts.db.run('INSERT OR REPLACE INTO keys (name, value) VALUES (?, ?)', PENDING, Buffer.from(JSON.stringify(pending)));
  return paired;
}
const forgetPairing = (db: Db): void => void db.run('DELETE FROM keys WHERE name = ?', PENDING);

/**
 * Joins a colleague's organisation: pins the hub, spends the code, makes the member's account on this installation and starts its copy
 * from a snapshot. Nothing of the organisation is there until all of it is; broken off on the way, it goes on with the same code.
 */
export async function joinHub(parts: JoinParts, input: JoinInput, report: (joining: Joining) => void, signal?: AbortSignal): Promise<Joined> {
  const { house, db } = parts;
  const code = codeOf(input.code);
  house.auth.accounts.check({ email: '', full_name: '', password: input.password });
  report({ stage: 'looking', received: 0, size: null });
  const address = await findHub(parts, input.hub, code.fingerprint);
  report({ stage: 'pairing', received: 0, size: null });
  const key = deviceKey(db);
  const paired = await pairOnce(parts, address, code);
  const { organization, member } = paired;
  const known = house.auth.accounts.find(member.email);
  if (known && known.id !== member.id) {
    forgetPairing(db);
    throw new AppError('CONFLICT', { field: 'email', detail: 'sync_email_here', params: { email: member.email } });
  }
  const link = (): void => {
    db.run(
      "INSERT INTO sync_hubs (organization_id, url, authority, peer_id, joined_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (organization_id) DO UPDATE SET url = excluded.url, authority = excluded.authority, peer_id = excluded.peer_id, others = '[]', closed_at = NULL",
      organization.id,
      address.url,
      address.authority,
      paired.peer,
      iso(house.clock.now()),
    );
  };
  const client = createHubClient(address, { peer: paired.peer, key, version: house.config.version });
  try {
    if (!house.organizations.list().some((one) => one.id === organization.id)) {
      report({ stage: 'preparing', received: 0, size: null });
      const { file, snapshot } = await fetchSnapshot(client, parts.folder, (received, size) => report({ stage: 'receiving', received, size }), signal);
      parts.proofs.keepSeals(organization.id, snapshot.seals ?? []);
      report({ stage: 'building', received: 0, size: null });
      const target = parts.fileOf(organization.id);
      const fresh = `${target}.joining`;
      removeDb(fresh);
      startFromSnapshot({ snapshot: file, file: fresh, registry: REGISTRY, clock: house.clock, move: true, ...(existsSync(`${target}.closed`) ? { old: `${target}.closed` } : {}) });
      rmSync(file, { force: true });
      renameSync(fresh, target);
    }
    await house.auth.accounts.join({ id: member.id, email: member.email, full_name: member.full_name, password: input.password }, organization.id);
    link();
    forgetPairing(db);
  } catch (error) {
    // The hub knows nothing of that pairing any more: another code is needed.
    if (error instanceof AppError && (error.data.detail === 'sync_peer_unknown' || error.data.detail === 'sync_revoked')) forgetPairing(db);
    throw error;
  } finally {
    client.close();
  }
  report({ stage: 'done', received: 0, size: null });
  return { organization, member: { id: member.id, email: member.email, full_name: member.full_name } };
}
