import { v7 as uuidv7 } from 'uuid';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { AuthCall, AuthParts } from './deps.ts';
import { digest, newToken } from './secrets.ts';

export const REFRESH_COOKIE = 'polevik_refresh';
export const REFRESH_SECONDS = 30 * 86_400;
/** Two tabs may hand in the same refresh token at once; the second of them is no thief within this time. */
const GRACE_MS = 10_000;
/** A session that was ended is remembered this long, then its row goes. */
const KEEP_ENDED_MS = 30 * 86_400_000;

interface SessionRow {
  id: string;
  account_id: string;
  organization_id: string;
  refresh_hash: Buffer;
  previous_hash: Buffer | null;
  rotated_at: number;
  expires_at: number;
  revoked_at: string | null;
}

export interface OpenedSession {
  sessionId: string;
  accountId: string;
  organizationId: string;
  /** Null when a token just rotated was handed in once more: its holder keeps the newer one. */
  refreshToken: string | null;
}

export interface Sessions {
  open(accountId: string, organizationId: string, call: AuthCall): OpenedSession;
  /** Spends a refresh token. @throws AppError UNAUTHENTICATED; a token spent before ends its whole session. */
  rotate(token: string, call: AuthCall): OpenedSession;
  alive(sessionId: string): boolean;
  list(accountId: string): { id: string; created_at: string; last_used_at: string; address: string | null; agent: string | null }[];
  /** Who is signed in on an organisation from this very machine: in its window, or in a browser on it. */
  present(organizationId: string): string[];
  revoke(sessionId: string, accountId: string): boolean;
  revokeAll(accountId: string, except?: string): void;
  /** Ends the sessions that were opened on one organisation. */
  revokeIn(accountId: string, organizationId: string): void;
  /** Lets the session go on in another organisation. */
  move(sessionId: string, organizationId: string): void;
  /** The session that a refresh token belongs to, without spending it. */
  ofToken(token: string): string | null;
}

/** Sessions live in the directory; whether one is alive is kept in memory too, since every call asks. */
export function createSessions(parts: Pick<AuthParts, 'directory' | 'clock' | 'securityLog'>): Sessions {
  const { db } = parts.directory;
  const living = new Map<string, boolean>();
  db.run('DELETE FROM sessions WHERE expires_at < ? OR revoked_at < ?', parts.clock.now(), iso(parts.clock.now() - KEEP_ENDED_MS));
  const refused = (): AppError => new AppError('UNAUTHENTICATED', { detail: 'session_over' });
  const byId = (id: string): SessionRow | undefined =>
    db.get<SessionRow>('SELECT id, account_id, organization_id, refresh_hash, previous_hash, rotated_at, expires_at, revoked_at FROM sessions WHERE id = ?', id);
  const end = (id: string): void => {
    db.run('UPDATE sessions SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', iso(parts.clock.now()), id);
    living.set(id, false);
  };

  return {
    open: (accountId, organizationId, call) => {
      const id = uuidv7();
      const secret = newToken();
      const now = parts.clock.now();
      db.run(
        'INSERT INTO sessions (id, account_id, organization_id, refresh_hash, rotated_at, created_at, last_used_at, expires_at, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        id,
        accountId,
        organizationId,
        digest(secret),
        now,
        iso(now),
        iso(now),
        now + REFRESH_SECONDS * 1000,
        call.address,
        call.headers['user-agent']?.slice(0, 200) ?? null,
      );
      living.set(id, true);
      return { sessionId: id, accountId, organizationId, refreshToken: `${id}.${secret}` };
    },
    rotate: (token, call) => {
      const [id = '', secret = ''] = token.split('.');
      const row = byId(id);
      const now = parts.clock.now();
      if (!row || row.revoked_at || row.expires_at < now) throw refused();
      const given = digest(secret);
      const found = { sessionId: id, accountId: row.account_id, organizationId: row.organization_id };
      if (!given.equals(row.refresh_hash)) {
        if (row.previous_hash && given.equals(row.previous_hash) && now - row.rotated_at < GRACE_MS) return { ...found, refreshToken: null };
        if (row.previous_hash) {
          end(id);
          parts.securityLog({ type: 'refresh_reuse', user_id: row.account_id, organization_id: row.organization_id, address: call.address, details: { session: id } });
        }
        throw refused();
      }
      const next = newToken();
      db.run(
        'UPDATE sessions SET refresh_hash = ?, previous_hash = ?, rotated_at = ?, last_used_at = ?, expires_at = ?, address = ? WHERE id = ?',
        digest(next),
        given,
        now,
        iso(now),
        now + REFRESH_SECONDS * 1000,
        call.address,
        id,
      );
      return { ...found, refreshToken: `${id}.${next}` };
    },
    alive: (id) => {
      let known = living.get(id);
      if (known === undefined) {
        const row = byId(id);
        known = row !== undefined && !row.revoked_at;
        living.set(id, known);
      }
      return known;
    },
    list: (accountId) => db.all('SELECT id, created_at, last_used_at, address, agent FROM sessions WHERE account_id = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY last_used_at DESC', accountId, parts.clock.now()),
    present: (organizationId) =>
      db
        .all<{ id: string }>("SELECT DISTINCT account_id AS id FROM sessions WHERE organization_id = ? AND revoked_at IS NULL AND expires_at > ? AND address IN ('local', '127.0.0.1', '::1', '::ffff:127.0.0.1')", organizationId, parts.clock.now())
        .map(({ id }) => id),
    revoke: (id, accountId) => {
      const row = byId(id);
      if (!row || row.account_id !== accountId || row.revoked_at) return false;
      end(id);
      return true;
    },
    revokeAll: (accountId, except) => {
      for (const row of db.all<{ id: string }>('SELECT id FROM sessions WHERE account_id = ? AND revoked_at IS NULL', accountId)) if (row.id !== except) end(row.id);
    },
    revokeIn: (accountId, organizationId) => {
      for (const row of db.all<{ id: string }>('SELECT id FROM sessions WHERE account_id = ? AND organization_id = ? AND revoked_at IS NULL', accountId, organizationId)) end(row.id);
    },
    move: (id, organizationId) => void db.run('UPDATE sessions SET organization_id = ? WHERE id = ?', organizationId, id),
    ofToken: (token) => {
      const [id = '', secret = ''] = token.split('.');
      const row = byId(id);
      return row && digest(secret).equals(row.refresh_hash) ? id : null;
    },
  };
}
