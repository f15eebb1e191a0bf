import { v7 as uuidv7 } from 'uuid';
import { LRUCache } from 'lru-cache';
import { iso } from '../../src-shared/kernel/clock.ts';
import type { Permission } from '../../src-shared/kernel/permissions.ts';
import type { AuthParts } from './deps.ts';
import { digest, newToken } from './secrets.ts';

export const TOKEN_PREFIX = 'plv_';
/** The moment of a token's last use is written no oftener than this. */
const USE_STEP_MS = 60 * 60_000;
const MAX_KNOWN = 1_000;

export interface ApiToken {
  id: string;
  name: string;
  scope: Permission[] | null;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

export interface TokenHolder {
  id: string;
  accountId: string;
  organizationId: string;
  scope: Permission[] | null;
  expiresAt: number | null;
  usedAt: number;
}

export interface ApiTokens {
  create(accountId: string, organizationId: string, input: { name: string; scope: Permission[] | null; expires_at: string | null; parentId?: string | null }): ApiToken & { token: string };
  list(accountId: string, organizationId: string): ApiToken[];
  /** Withdraws a token and all that were made by it. */
  revoke(id: string, accountId: string): boolean;
  holder(token: string): TokenHolder | null;
  /** Withdraws all tokens that act on one organisation for the account. */
  forget(accountId: string, organizationId: string): void;
  /** Withdraws all tokens of the account. */
  forgetAll(accountId: string): void;
}

interface TokenRow {
  id: string;
  account_id: string;
  organization_id: string;
  name: string;
  scope: string | null;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

const present = (row: TokenRow): ApiToken => ({ id: row.id, name: row.name, scope: row.scope ? (JSON.parse(row.scope) as Permission[]) : null, created_at: row.created_at, expires_at: row.expires_at, last_used_at: row.last_used_at });

/** Personal tokens for programs. A token acts with its owner's present role, narrowed by its scope. */
export function createApiTokens(parts: Pick<AuthParts, 'directory' | 'clock'>): ApiTokens {
  const { db } = parts.directory;
  const known = new LRUCache<string, TokenHolder>({ max: MAX_KNOWN });
  return {
    create: (accountId, organizationId, input) => {
      const token = newToken(TOKEN_PREFIX);
      const row: TokenRow = {
        id: uuidv7(),
        account_id: accountId,
        organization_id: organizationId,
        name: input.name,
        scope: input.scope ? JSON.stringify(input.scope) : null,
        created_at: iso(parts.clock.now()),
        expires_at: input.expires_at,
        last_used_at: null,
      };
      db.run(
        'INSERT INTO api_tokens (id, account_id, organization_id, name, hash, scope, created_at, expires_at, parent_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        row.id,
        accountId,
        organizationId,
        row.name,
        digest(token),
        row.scope,
        row.created_at,
        row.expires_at,
        input.parentId ?? null,
      );
      return { ...present(row), token };
    },
    list: (accountId, organizationId) =>
      db
        .all<TokenRow>('SELECT id, account_id, organization_id, name, scope, created_at, expires_at, last_used_at FROM api_tokens WHERE account_id = ? AND organization_id = ? AND revoked_at IS NULL ORDER BY created_at', accountId, organizationId)
        .map(present),
    revoke: (id, accountId) => {
      known.clear();
      const family = 'WITH RECURSIVE family (id) AS (SELECT id FROM api_tokens WHERE id = ? AND account_id = ? AND revoked_at IS NULL UNION SELECT t.id FROM api_tokens t JOIN family f ON t.parent_id = f.id)';
      return db.run(`${family} UPDATE api_tokens SET revoked_at = ? WHERE id IN (SELECT id FROM family) AND revoked_at IS NULL`, id, accountId, iso(parts.clock.now())).changes > 0;
    },
    holder: (token) => {
      const now = parts.clock.now();
      let holder = known.get(token);
      if (!holder) {
        const row = db.get<TokenRow>('SELECT id, account_id, organization_id, name, scope, created_at, expires_at, last_used_at FROM api_tokens WHERE hash = ? AND revoked_at IS NULL', digest(token));
        if (!row) return null;
        holder = { id: row.id, accountId: row.account_id, organizationId: row.organization_id, scope: present(row).scope, expiresAt: row.expires_at ? Date.parse(row.expires_at) : null, usedAt: row.last_used_at ? Date.parse(row.last_used_at) : 0 };
        known.set(token, holder);
      }
      if (holder.expiresAt !== null && holder.expiresAt <= now) return null;
      if (now - holder.usedAt > USE_STEP_MS) {
        holder.usedAt = now;
        db.run('UPDATE api_tokens SET last_used_at = ? WHERE id = ?', iso(now), holder.id);
      }
      return holder;
    },
    forget: (accountId, organizationId) => {
      known.clear();
      db.run('UPDATE api_tokens SET revoked_at = ? WHERE account_id = ? AND organization_id = ? AND revoked_at IS NULL', iso(parts.clock.now()), accountId, organizationId);
    },
    forgetAll: (accountId) => {
      known.clear();
      db.run('UPDATE api_tokens SET revoked_at = ? WHERE account_id = ? AND revoked_at IS NULL', iso(parts.clock.now()), accountId);
    },
  };
}
