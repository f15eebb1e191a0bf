import { createHash } from 'node:crypto';
import { iso, type Clock } from '../../../src-shared/kernel/clock.ts';
import type { Certificate, Epoch, LogEntry, PullPage, PushProofs, PushReply, PushRequest, Seal, SignedChange, WireChangeset } from '../../../src-shared/sync/wire.ts';
import { certificateBody, MAX_BATCH } from '../../../src-shared/sync/wire.ts';
import type { Db } from '../../store/sqlite.ts';
import { runOf } from '../log.ts';
import type { HubLog, Vouching } from '../types.ts';
import { authorityCertificate, authoritySign, isSignedByAuthority } from './certificates.ts';
import { isSignedBy } from './keys.ts';
import type { KnownPeer } from './peers.ts';

const DAY = 86_400_000;
/** How long a member's installation can show who it is to others without the hub. */
const CERTIFICATE_DAYS = 90;
/** Positions of the log for which a device keeps the hub's word. */
const SEALED_POSITIONS = 200_000;
/** What a hub that was put back has lost is younger than this, as a rule. */
const SEALED_WITH_SNAPSHOT = 20_000;
const HASH_BYTES = 32;
const ENTRY_BYTES = HASH_BYTES + 8 + 4;

/** The hub's word that changes stood at places of its log, as a device keeps it. */
export interface SealRow {
  since: number;
  until: number;
  epoch: string;
  entries: Buffer;
  signature: string;
}

type Place = Pick<WireChangeset, 'device' | 'seq' | 'hash'>;

/** A hub's life as a text that is signed. */
const lifeText = ({ id, lineage }: Epoch): string => [id, ...lineage.flatMap((life) => [life.id, life.from])].join(' ');
const sealText = (organization: string, life: string, since: number, entries: Buffer): string =>
  `polevik sync seal 1\n${organization}\n${life}\n${since}\n${entries.length / ENTRY_BYTES}\n${createHash('sha256').update(entries).digest('hex')}`;
const certificateText = (body: string): string => `polevik sync member 1\n${body}`;
/** What a device signs of a change that goes from hand to hand. */
export const changeText = (organization: string, { device, seq, hash }: Place): string => `polevik sync change 1\n${organization}\n${device}\n${seq}\n${hash}`;

type SealedEntry = Pick<LogEntry, 'hash' | 'effective'>;

/** What the answer to a push tells of the log, as a part of it to be sealed; null where it tells of no part without a gap. */
export function sealedByReply({ verdicts, follows }: PushReply): { since: number; entries: SealedEntry[] } | null {
  const run = follows ? runOf(verdicts) : null;
  return run?.[0] && follows ? { since: run[0].position - 1, entries: [...run, ...follows] } : null;
}

/** Hashes and effective moments of consecutive entries of the log: what a seal covers. */
export function sealedBytes(entries: readonly SealedEntry[]): Buffer {
  const bytes = Buffer.alloc(entries.length * ENTRY_BYTES);
  for (const [index, { hash, effective }] of entries.entries()) {
    bytes.write(hash, index * ENTRY_BYTES, 'hex');
    bytes.writeBigUInt64BE(BigInt(effective[0]), index * ENTRY_BYTES + HASH_BYTES);
    bytes.writeUInt32BE(effective[1], index * ENTRY_BYTES + HASH_BYTES + 8);
  }
  return bytes;
}

const holds = (entries: Buffer, hash: Buffer): boolean => {
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) if (entries.compare(hash, 0, HASH_BYTES, at, at + HASH_BYTES) === 0) return true;
  return false;
};

/** Proof of what goes from hand to hand: what the hub once had, and what a device wrote itself. */
export interface Proofs {
  // At the hub.
  seal(organization: string, epoch: Epoch, since: number, entries: readonly SealedEntry[]): string | null;
  /** Seals for the latest entries up to a position: a snapshot brings none by itself. */
  sealsUpTo(organization: string, log: HubLog, until: number): Seal[];
  certify(peer: KnownPeer, devices: readonly string[]): Certificate | null;
  /** What the proofs of a push allow to be brought of others. */
  vouching(organization: string, proofs: PushProofs | undefined): Vouching;
  // At a device.
  keepSeal(organization: string, page: Pick<PullPage, 'epoch' | 'since' | 'seal'> & { entries: readonly SealedEntry[] }): void;
  keepSeals(organization: string, seals: readonly Seal[]): void;
  seals(organization: string, epoch: Epoch): SealRow[];
  keepCertificate(organization: string, certificate: Certificate): void;
  certificates(organization: string): Certificate[];
  keepSigned(organization: string, changes: readonly SignedChange[]): void;
  signatureOf(organization: string, place: Place): Pick<SignedChange, 'key' | 'signature'> | null;
  /** The proofs that go with a push, where it brings changes of others. */
  proofsFor(request: PushRequest): PushProofs | undefined;
}

/** Whether the hub behind an authority said that these entries stand there. */
export const isSealed = (authority: string, organization: string, epoch: Epoch, since: number, entries: readonly LogEntry[], signature: string): boolean =>
  isSignedByAuthority(authority, sealText(organization, lifeText(epoch), since, sealedBytes(entries)), signature);

/** What a certificate says; null where the authority did not sign it, or it is of another organisation, or over. */
export function readCertificate(authority: string, organization: string, { body, signature }: Certificate, now: number) {
  if (!isSignedByAuthority(authority, certificateText(body), signature)) return null;
  const read = certificateBody.parse(JSON.parse(body));
  return read.organization === organization && read.until >= iso(now) ? read : null;
}

export function createProofs(db: Db, clock: Clock): Proofs {
  const signatureOf: Proofs['signatureOf'] = (organization, { device, seq, hash }) =>
    db.get<Pick<SignedChange, 'key' | 'signature'>>('SELECT key, signature FROM sync_signed WHERE organization_id = ? AND device = ? AND seq = ? AND hash = ?', organization, device, seq, hash) ?? null;
  const insert = (organization: string, since: number, until: number, epoch: string, entries: Buffer, signature: string): void =>
    void db.run('INSERT OR REPLACE INTO sync_seals (organization_id, since, until, epoch, entries, signature) VALUES (?, ?, ?, ?, ?, ?)', organization, since, until, epoch, entries, signature);
  /** Writes without waiting for the disk: a power cut may cost the last of it, the end of the program costs nothing. */
  const unhurried = (write: () => void): void => {
    db.raw.pragma('synchronous = NORMAL');
    try {
      write();
    } finally {
      db.raw.pragma('synchronous = FULL');
    }
  };
  const actorsOf = (organization: string, key: string): string[] =>
    db.all<{ user_id: string }>('SELECT user_id FROM sync_peers WHERE key = ? AND organization_id = ? AND revoked_at IS NULL', key, organization).map((one) => one.user_id);

  return {
    seal: (organization, epoch, since, entries) => (entries.length === 0 ? null : authoritySign(db, sealText(organization, lifeText(epoch), since, sealedBytes(entries)))),
    sealsUpTo: (organization, log, until) => {
      const life = lifeText(log.epoch());
      const seals: Seal[] = [];
      for (let since = Math.max(0, until - SEALED_WITH_SNAPSHOT); since < until; since += MAX_BATCH) {
        const entries = sealedBytes(log.places(since, Math.min(MAX_BATCH, until - since)));
        const signature = authoritySign(db, sealText(organization, life, since, entries));
        if (signature !== null) seals.push({ epoch: life, since, entries: entries.toString('base64'), signature });
      }
      return seals;
    },
    certify: (peer, devices) => {
      const now = clock.now();
      const body = JSON.stringify({ organization: peer.organizationId, key: peer.key, actors: peer.actors, devices, issued_at: iso(now), until: iso(now + CERTIFICATE_DAYS * DAY) });
      const signature = authoritySign(db, certificateText(body));
      return signature === null ? null : { body, signature };
    },
    vouching: (organization, proofs) => {
      const authority = authorityCertificate(db);
      const sealed = (proofs?.seals ?? []).flatMap(({ epoch, since, entries, signature }) => {
        const bytes = Buffer.from(entries, 'base64');
        return authority !== null && bytes.length % ENTRY_BYTES === 0 && isSignedByAuthority(authority, sealText(organization, epoch, since, bytes), signature) ? [bytes] : [];
      });
      const signed = new Map((proofs?.signed ?? []).map((one) => [`${one.device} ${one.seq} ${one.hash}`, one]));
      return (change) => {
        const proof = signed.get(`${change.device} ${change.seq} ${change.hash}`);
        if (proof) {
          const actors = actorsOf(organization, proof.key);
          const bound = db.get<{ key: string }>('SELECT key FROM sync_peer_devices WHERE organization_id = ? AND device = ?', organization, change.device);
          if (actors.length > 0 && (!bound || bound.key === proof.key) && isSignedBy(proof.key, changeText(organization, change), proof.signature)) {
            if (!bound) db.run('INSERT INTO sync_peer_devices (organization_id, device, key) VALUES (?, ?, ?)', organization, change.device, proof.key);
            return { actors };
          }
        }
        const hash = Buffer.from(change.hash, 'hex');
        return sealed.some((bytes) => holds(bytes, hash)) ? {} : null;
      };
    },
    keepSeal: (organization, { epoch, since, entries, seal }) => {
      if (!seal || entries.length === 0) return;
      const until = since + entries.length;
      unhurried(() => {
        insert(organization, since, until, lifeText(epoch), sealedBytes(entries), seal);
        db.run('DELETE FROM sync_seals WHERE organization_id = ? AND until < ?', organization, until - SEALED_POSITIONS);
      });
    },
    keepSeals: (organization, seals) => {
      for (const { since, epoch, entries, signature } of seals) {
        const bytes = Buffer.from(entries, 'base64');
        insert(organization, since, since + bytes.length / ENTRY_BYTES, epoch, bytes, signature);
      }
    },
    seals: (organization, epoch) => db.all<SealRow>('SELECT since, until, epoch, entries, signature FROM sync_seals WHERE organization_id = ? AND epoch = ? ORDER BY until DESC', organization, lifeText(epoch)),
    keepCertificate: (organization, { body, signature }) => {
      const { key } = certificateBody.parse(JSON.parse(body));
      db.run('INSERT OR REPLACE INTO sync_certificates (organization_id, key, body, signature) VALUES (?, ?, ?, ?)', organization, key, body, signature);
    },
    certificates: (organization) => db.all<Certificate>('SELECT body, signature FROM sync_certificates WHERE organization_id = ?', organization),
    keepSigned: (organization, changes) => {
      for (const { change, key, signature } of changes)
        db.run('INSERT OR REPLACE INTO sync_signed (organization_id, device, seq, hash, key, signature) VALUES (?, ?, ?, ?, ?, ?)', organization, change.device, change.seq, change.hash, key, signature);
    },
    signatureOf,
    proofsFor: (request) => {
      const foreign = request.changesets.filter((change) => change.device !== request.device && !change.void);
      if (foreign.length === 0) return undefined;
      const proofs: PushProofs = { seals: [], signed: [] };
      const kept = db.all<SealRow>('SELECT since, until, epoch, entries, signature FROM sync_seals WHERE organization_id = ? ORDER BY until DESC', request.organization);
      const used = new Set<SealRow>();
      for (const { device, seq, hash } of foreign) {
        const own = signatureOf(request.organization, { device, seq, hash });
        if (own) proofs.signed.push({ device, seq, hash, ...own });
        const bytes = Buffer.from(hash, 'hex');
        const seal = kept.find(({ entries }) => holds(entries, bytes));
        if (seal && !used.has(seal)) {
          used.add(seal);
          proofs.seals.push({ epoch: seal.epoch, since: seal.since, entries: seal.entries.toString('base64'), signature: seal.signature });
        }
      }
      return proofs;
    },
  };
}
