import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { iso, type Clock } from '../../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../../src-shared/kernel/errors.ts';
import { readCode, SECRET_BYTES, writeCode } from '../../../src-shared/sync/pairing.ts';
import type { Db } from '../../store/sqlite.ts';
import { isSignedBy, sessionText } from './keys.ts';

const CODE_MS = 15 * 60_000;
const CODE_ATTEMPTS = 5;
const CHALLENGE_MS = 60_000;
const MAX_CHALLENGES = 10_000;
const SESSION_MS = 60 * 60_000;

/** An installation that a member has paired. */
export interface PeerRow {
  id: string;
  organization_id: string;
  user_id: string;
  key: string;
  name: string;
  version: string;
  paired_at: string;
  seen_at: string | null;
  revoked_at: string | null;
}

/** A recognised installation: whose changes it may bring, and under which names it has written. */
export interface KnownPeer {
  id: string;
  organizationId: string;
  key: string;
  actors: string[];
}

export interface NewPeer {
  key: string;
  name: string;
  version: string;
}

/** The hub's memory of the installations that may exchange with it. */
export interface Peers {
  /** A code for one member and one installation; earlier codes for the member end. */
  createCode(organizationId: string, userId: string, fingerprint: string): { code: string; expires_at: string };
  /** Spends a code. @throws AppError FORBIDDEN `sync_code_wrong`, also for one that is spent or over */
  pair(secret: string, peer: NewPeer): { id: string; organizationId: string; userId: string };
  challenge(): string;
  /** Opens a session for whoever holds the peer's key. @throws AppError UNAUTHENTICATED; FORBIDDEN `sync_revoked` */
  open(input: { peer: string; challenge: string; signature: string; version: string }): { token: string; expires_in: number };
  /** The peer of a session's token; null for an unknown or ended one. */
  of(token: string): KnownPeer | null;
  /** Holds a device name to the key that used it first. @throws AppError FORBIDDEN `sync_other_device` */
  bind(peer: KnownPeer, device: string): void;
  /** Names under which the installation has written. */
  devicesOf(peer: KnownPeer): string[];
  list(organizationId: string): (PeerRow & { devices: string[] })[];
  /** Ends the installation's access at once: all its members' pairings under its key. */
  revoke(organizationId: string, id: string): void;
  onRevoked(listener: (key: string) => void): () => void;
  knows(id: string): boolean;
  /** Takes over a pairing that another hub process has made. */
  take(organizationId: string, peer: TakenPeer): void;
  /** Takes over that another hub process has cut an installation off. */
  takeRevoked(organizationId: string, peer: TakenPeer & { revoked_at: string }): void;
}

type TakenPeer = Pick<PeerRow, 'id' | 'user_id' | 'key' | 'name' | 'version' | 'paired_at'>;

interface Code {
  organizationId: string;
  userId: string;
  secret: Buffer;
  expires: number;
}

const hashed = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export function createPeers(db: Db, clock: Clock): Peers {
  let codes: Code[] = [];
  let failures = 0;
  const challenges = new Map<string, number>();
  const sessions = new Map<string, { id: string; key: string; organizationId: string; expires: number }>();
  const listeners = new Set<(key: string) => void>();
  const row = (id: string): PeerRow | undefined => db.get<PeerRow>('SELECT * FROM sync_peers WHERE id = ?', id);
  const insert = (organizationId: string, peer: TakenPeer, revokedAt: string | null): void =>
    void db.run(
      'INSERT OR IGNORE INTO sync_peers (id, organization_id, user_id, key, name, version, paired_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      peer.id,
      organizationId,
      peer.user_id,
      peer.key,
      peer.name,
      peer.version,
      peer.paired_at,
      revokedAt,
    );
  const cutOff = (organizationId: string, key: string): void => {
    for (const [token, session] of sessions) if (session.key === key && session.organizationId === organizationId) sessions.delete(token);
    for (const listener of listeners) listener(key);
  };

  return {
    createCode: (organizationId, userId, fingerprint) => {
      const now = clock.now();
      const code = writeCode(fingerprint, randomBytes(SECRET_BYTES));
      codes = codes.filter((one) => one.expires > now && !(one.organizationId === organizationId && one.userId === userId));
      failures = 0;
      codes.push({ organizationId, userId, secret: hashed(readCode(code)?.secret ?? ''), expires: now + CODE_MS });
      return { code, expires_at: iso(now + CODE_MS) };
    },
    pair: (secret, peer) => {
      const now = clock.now();
      codes = codes.filter((one) => one.expires > now);
      const given = hashed(secret);
      const found = codes.find((one) => timingSafeEqual(one.secret, given));
      if (!found) {
        failures += 1;
        if (failures >= CODE_ATTEMPTS) codes = [];
        throw new AppError('FORBIDDEN', { field: 'code', detail: 'sync_code_wrong' });
      }
      codes = codes.filter((one) => one !== found);
      const id = uuidv7();
      db.run('DELETE FROM sync_peers WHERE organization_id = ? AND user_id = ? AND key = ? AND revoked_at IS NULL', found.organizationId, found.userId, peer.key);
      insert(found.organizationId, { ...peer, id, user_id: found.userId, paired_at: iso(now) }, null);
      return { id, organizationId: found.organizationId, userId: found.userId };
    },
    challenge: () => {
      const now = clock.now();
      if (challenges.size >= MAX_CHALLENGES) for (const [text, until] of challenges) if (until < now) challenges.delete(text);
      if (challenges.size >= MAX_CHALLENGES) throw new AppError('RATE_LIMITED', {});
      const text = randomBytes(24).toString('base64url');
      challenges.set(text, now + CHALLENGE_MS);
      return text;
    },
    open: ({ peer, challenge, signature, version }) => {
      const now = clock.now();
      const until = challenges.get(challenge);
      challenges.delete(challenge);
      const known = row(peer);
      if (!until || until < now || !known || !isSignedBy(known.key, sessionText(challenge, peer), signature)) throw new AppError('UNAUTHENTICATED', { detail: 'sync_peer_unknown' });
      if (known.revoked_at) throw new AppError('FORBIDDEN', { detail: 'sync_revoked' });
      db.run('UPDATE sync_peers SET seen_at = ?, version = ? WHERE id = ?', iso(now), version, peer);
      const token = randomBytes(32).toString('base64url');
      for (const [old, session] of sessions) if (session.expires < now) sessions.delete(old);
      sessions.set(token, { id: known.id, key: known.key, organizationId: known.organization_id, expires: now + SESSION_MS });
      return { token, expires_in: SESSION_MS / 1000 };
    },
    of: (token) => {
      const session = sessions.get(token);
      if (!session || session.expires < clock.now()) return null;
      const actors = db.all<{ user_id: string }>('SELECT user_id FROM sync_peers WHERE key = ? AND organization_id = ? AND revoked_at IS NULL', session.key, session.organizationId).map((one) => one.user_id);
      return { id: session.id, organizationId: session.organizationId, key: session.key, actors };
    },
    bind: (peer, device) => {
      const bound = db.get<{ key: string }>('SELECT key FROM sync_peer_devices WHERE organization_id = ? AND device = ?', peer.organizationId, device);
      if (bound && bound.key !== peer.key) throw new AppError('FORBIDDEN', { detail: 'sync_other_device' });
      if (!bound) db.run('INSERT INTO sync_peer_devices (organization_id, device, key) VALUES (?, ?, ?)', peer.organizationId, device, peer.key);
    },
    devicesOf: (peer) => db.all<{ device: string }>('SELECT device FROM sync_peer_devices WHERE organization_id = ? AND key = ?', peer.organizationId, peer.key).map((bound) => bound.device),
    list: (organizationId) =>
      db
        .all<PeerRow>('SELECT * FROM sync_peers WHERE organization_id = ? ORDER BY paired_at', organizationId)
        .map((one) => ({ ...one, devices: db.all<{ device: string }>('SELECT device FROM sync_peer_devices WHERE organization_id = ? AND key = ?', organizationId, one.key).map((bound) => bound.device) })),
    revoke: (organizationId, id) => {
      const known = row(id);
      if (!known || known.organization_id !== organizationId) throw new AppError('NOT_FOUND', { field: 'id', detail: 'sync_peer_unknown' });
      db.run('UPDATE sync_peers SET revoked_at = ? WHERE organization_id = ? AND key = ? AND revoked_at IS NULL', iso(clock.now()), organizationId, known.key);
      cutOff(organizationId, known.key);
    },
    onRevoked: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    knows: (id) => row(id) !== undefined,
    take: (organizationId, peer) => {
      if (row(peer.id)) return;
      db.run('DELETE FROM sync_peers WHERE organization_id = ? AND user_id = ? AND key = ? AND revoked_at IS NULL', organizationId, peer.user_id, peer.key);
      insert(organizationId, peer, null);
    },
    takeRevoked: (organizationId, peer) => {
      insert(organizationId, peer, peer.revoked_at);
      if (db.run('UPDATE sync_peers SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', peer.revoked_at, peer.id).changes > 0) cutOff(organizationId, peer.key);
    },
  };
}

/** The parts of a typed code. @throws AppError INVALID `sync_code_malformed` */
export function codeOf(typed: string): NonNullable<ReturnType<typeof readCode>> {
  const code = readCode(typed);
  if (!code) throw invalid('code', 'sync_code_malformed');
  return code;
}
