import { hostname } from 'node:os';
import { iso, type Clock } from '../../../src-shared/kernel/clock.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import { MAX_BATCH, type Epoch, type LogEntry, type SignedChange, type WireChangeset } from '../../../src-shared/sync/wire.ts';
import type { Db } from '../../store/sqlite.ts';
import type { SyncEngine, Vouching } from '../types.ts';
import { authorityCertificate } from '../wire/certificates.ts';
import { deviceKey, isSignedBy } from '../wire/keys.ts';
import { changeText, isSealed, readCertificate, sealedBytes, type Proofs, type SealRow } from '../wire/proofs.ts';
import { headerText, readBundle, writeBundle, type Bundle, type BundleHeader } from './file.ts';

/** Positions of the log that go along unless more is asked for: a colleague has been away for less than these, as a rule. */
const USUAL_REACH = 5_000;

/** What taking a bundle in did. */
export interface BundleTaken {
  made_by: string;
  made_at: string;
  /** Positions of the log by which this copy has come forward. */
  read: number;
  applied: number;
  known: number;
  /** Changes that have to wait for the hub's order. */
  left: number;
  returned: number;
}

export interface Bundles {
  /**
   * A signed file with what this copy has read of the log and what it knows beyond. `since`: how far the other copy has read.
   * @throws AppError CONFLICT `sync_alone`, `sync_bundle_uncertified`, `sync_bundle_unsigned`; TOO_LARGE
   */
  write(organization: string, since?: number): Promise<{ bytes: Buffer; since: number; until: number; changes: number }>;
  /** @throws AppError BAD_REQUEST, FORBIDDEN, CONFLICT for a bundle that is damaged, strange, or out of turn: nothing was taken in then */
  take(organization: string, bytes: Buffer): Promise<BundleTaken>;
}

export interface BundleParts {
  db: Db;
  clock: Clock;
  proofs: Proofs;
  engine(organization: string): SyncEngine;
  /** The certificate of the hub's authority that this installation pinned; null without a hub. */
  pinned(organization: string): string | null;
}

const conflict = (detail: string, params?: Record<string, number>): AppError => new AppError('CONFLICT', { detail, ...(params ? { params } : {}) });

export function createBundles({ db, clock, proofs, engine, pinned }: BundleParts): Bundles {
  /** Runs of the log under the hub's signatures that end at the cursor, latest first, no further back than asked. */
  const sealedRuns = (of: SyncEngine, seals: readonly SealRow[], cursor: number, wanted: number): { entries: LogEntry[]; signature: string; since: number }[] => {
    const runs: { entries: LogEntry[]; signature: string; since: number }[] = [];
    let from = cursor;
    while (from > wanted) {
      const seal = seals.filter((one) => one.until >= from && one.until <= cursor && one.since < from).sort((a, b) => a.since - b.since)[0];
      if (!seal) break;
      const entries = of.log.read(seal.since, seal.until - seal.since);
      const whole = entries.length === seal.until - seal.since && entries.every((entry) => entry.ops !== '[]') && sealedBytes(entries).equals(seal.entries);
      if (!whole) break;
      runs.unshift({ entries, signature: seal.signature, since: seal.since });
      from = seal.since;
    }
    return runs;
  };
  const ownRuns = (of: SyncEngine, organization: string, epoch: Epoch, wanted: number): { entries: LogEntry[]; signature: string; since: number }[] => {
    const runs: { entries: LogEntry[]; signature: string; since: number }[] = [];
    for (let since = Math.max(wanted, of.log.floor()); since < of.log.head(); ) {
      const entries = of.log.read(since, MAX_BATCH);
      const signature = proofs.seal(organization, epoch, since, entries);
      if (signature === null) throw conflict('sync_bundle_uncertified');
      runs.push({ entries, signature, since });
      since += entries.length;
    }
    return runs;
  };
  const signedOf = (organization: string, changes: readonly WireChangeset[], own: string): SignedChange[] => {
    const key = deviceKey(db);
    return changes.map((change) => {
      const proof = change.device === own ? { key: key.publicKey, signature: key.sign(changeText(organization, change)) } : proofs.signatureOf(organization, change);
      if (!proof) throw conflict('sync_bundle_unsigned');
      return { change, ...proof };
    });
  };

  /** The keys that the hub has certified, with whose changes they may bring. @throws AppError FORBIDDEN */
  const certified = (authority: string, { header, text, signature }: Bundle & { text: string; signature: string }): Vouched => {
    const bodies = header.certificates.flatMap((one) => readCertificate(authority, header.organization, one, clock.now()) ?? []);
    const sender = bodies.find((body) => body.key === header.key);
    if (!sender || !isSignedBy(header.key, headerText(text), signature)) throw new AppError('FORBIDDEN', { field: 'file', detail: 'sync_bundle_foreign' });
    return new Map(bodies.map((body) => [body.key, body]));
  };
  const vouchingFor = (organization: string, keys: Vouched, changes: readonly SignedChange[]): Vouching => {
    const signatures = new Map(changes.map((one) => [one.change.hash, one]));
    return (change) => {
      const proof = signatures.get(change.hash);
      const author = proof && keys.get(proof.key);
      if (!proof || !author || !isSignedBy(proof.key, changeText(organization, change), proof.signature)) return null;
      const another = [...keys.values()].some((one) => one.key !== proof.key && one.devices.includes(change.device));
      return another || (change.actor !== null && !author.actors.includes(change.actor)) ? null : { actors: author.actors };
    };
  };
  /** What a bundle brings must be signed throughout, or nothing of it is taken. @throws AppError FORBIDDEN `sync_bundle_foreign` */
  const checkSigned = (authority: string, { header, sealed, changes }: Bundle, vouched: Vouching): void => {
    const sealsHold = header.seals.every(({ since, signature }, index) => isSealed(authority, header.organization, header.epoch, since, sealed[index] ?? [], signature));
    const inPlace = header.seals.every(({ since }, index) => (sealed[index] ?? []).every((entry, at) => entry.position === since + at + 1));
    if (!sealsHold || !inPlace || changes.some(({ change }) => !vouched(change))) throw new AppError('FORBIDDEN', { field: 'file', detail: 'sync_bundle_foreign' });
  };
  const readLog = (of: SyncEngine, { header, sealed }: Bundle): void => {
    for (const [index, { since, count }] of header.seals.entries()) {
      if (since + count <= of.status(false).cursor) continue;
      of.applyPage({ epoch: header.epoch, now: clock.now(), since, head: since + count, floor: 0, snapshot_required: false, state: null, entries: sealed[index] ?? [], rows: [], verdicts: [] });
    }
  };

  return {
    write: async (organization, since) => {
      const of = engine(organization);
      const status = of.status(false);
      const hub = status.role === 'hub';
      const until = hub ? of.publish() : status.cursor;
      const epoch = of.log.epoch();
      if (status.role === 'alone' || epoch.id === '') throw conflict('sync_alone');
      const key = deviceKey(db);
      const wanted = since ?? Math.max(0, until - USUAL_REACH);
      const own = hub ? proofs.certify({ id: '', organizationId: organization, key: key.publicKey, actors: [] }, [status.device]) : null;
      const certificates = [...proofs.certificates(organization), ...(own ? [own] : [])];
      if (!certificates.some((one) => (JSON.parse(one.body) as { key: string }).key === key.publicKey)) throw conflict('sync_bundle_uncertified');
      const runs = hub ? ownRuns(of, organization, epoch, wanted) : sealedRuns(of, proofs.seals(organization, epoch), until, wanted);
      const changes = hub ? [] : signedOf(organization, of.unread(), status.device);
      const header = {
        organization,
        device: status.device,
        device_name: hostname().slice(0, 100),
        key: key.publicKey,
        made_at: iso(clock.now()),
        epoch,
        since: runs[0]?.since ?? until,
        since_hash: of.log.hashAt(runs[0]?.since ?? until),
        until,
        seals: runs.map((run) => ({ since: run.since, count: run.entries.length, signature: run.signature })),
        changes: changes.length,
        certificates,
      };
      const bytes = await writeBundle(header, runs.map((run) => run.entries), changes, key.sign);
      return { bytes, since: header.since, until, changes: changes.length };
    },

    take: async (organization, bytes) => {
      const of = engine(organization);
      const hub = of.status(false).role === 'hub';
      const authority = hub ? authorityCertificate(db) : pinned(organization);
      if (!authority) throw conflict('sync_alone');
      const bundle = await readBundle(bytes);
      const { header, changes } = bundle;
      if (header.organization !== organization) throw new AppError('FORBIDDEN', { field: 'file', detail: 'sync_other_organization' });
      const keys = certified(authority, bundle);
      const vouched = vouchingFor(organization, keys, changes);
      checkSigned(authority, bundle, vouched);
      if (header.key === deviceKey(db).publicKey) throw conflict('sync_bundle_own');
      if (db.get('SELECT 1 FROM sync_bundles WHERE organization_id = ? AND body = ?', organization, header.body)) throw conflict('sync_bundle_known');
      if (header.epoch.id !== of.log.epoch().id) throw conflict('sync_bundle_other_life');
      const taken = hub ? atHub(of, header, changes, vouched) : atDevice(of, bundle, vouched);
      for (const certificate of header.certificates) if (readCertificate(authority, organization, certificate, clock.now())) proofs.keepCertificate(organization, certificate);
      if (!hub) proofs.keepSigned(organization, changes);
      if (taken.left === 0) db.run('INSERT OR IGNORE INTO sync_bundles (organization_id, body, taken_at) VALUES (?, ?, ?)', organization, header.body, iso(clock.now()));
      return { made_by: header.device_name, made_at: header.made_at, ...taken };
    },
  };

  function atHub(of: SyncEngine, header: BundleHeader, changes: readonly SignedChange[], vouched: Vouching) {
    const done = { read: 0, applied: 0, known: 0, left: 0, returned: 0 };
    for (let at = 0; at < changes.length; at += MAX_BATCH) {
      const verdicts = of.acceptBundle({ organization: header.organization, device: header.device, epoch: header.epoch.id, changesets: changes.slice(at, at + MAX_BATCH).map((one) => one.change) }, vouched);
      for (const verdict of verdicts) {
        if (verdict.verdict === 'accepted') done[verdict.duplicate ? 'known' : 'applied']++;
        else if (verdict.verdict === 'parked') done.left++;
        else if (verdict.verdict !== 'expected') done.returned++;
      }
      // What the first of the rest builds on is not here yet.
      if (verdicts.at(-1)?.verdict === 'expected') return { ...done, left: done.left + changes.length - at - verdicts.length + 1 };
    }
    return done;
  }
  function atDevice(of: SyncEngine, bundle: Bundle, vouched: Vouching) {
    const { header, changes } = bundle;
    const { cursor } = of.status(false);
    if (cursor < header.since) throw conflict('sync_bundle_gap', { cursor });
    const here = of.log.hashAt(header.since);
    // The hub was put back in between, and has not noticed yet.
    if (header.since_hash && here !== null && here !== header.since_hash) throw conflict('sync_bundle_other_life');
    readLog(of, bundle);
    const reached = of.status(false).cursor;
    const applied = reached < header.until ? { applied: 0, known: 0, left: changes.length } : of.applyBundle(changes.map((one) => one.change), vouched);
    return { read: Math.max(0, reached - cursor), ...applied, returned: 0 };
  }
}

type Vouched = Map<string, NonNullable<ReturnType<typeof readCertificate>>>;
