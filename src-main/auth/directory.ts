import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { openDb, type Db } from '../store/sqlite.ts';

/** Schema of the directory, a step per entry; steps are never edited after a release. */
const STEPS: readonly string[] = [
  `CREATE TABLE accounts (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, password_hash TEXT, demo INTEGER NOT NULL DEFAULT 0, totp_secret TEXT, totp_pending TEXT, totp_last_step INTEGER, created_at TEXT NOT NULL);
   CREATE TABLE memberships (account_id TEXT NOT NULL, organization_id TEXT NOT NULL, PRIMARY KEY (account_id, organization_id)) WITHOUT ROWID;
   CREATE TABLE sessions (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, organization_id TEXT NOT NULL, refresh_hash BLOB NOT NULL, previous_hash BLOB, rotated_at INTEGER NOT NULL,
     created_at TEXT NOT NULL, last_used_at TEXT NOT NULL, expires_at INTEGER NOT NULL, address TEXT, agent TEXT, revoked_at TEXT);
   CREATE INDEX sessions_by_account ON sessions (account_id);
   CREATE TABLE recovery_codes (account_id TEXT NOT NULL, hash BLOB NOT NULL, used_at TEXT, PRIMARY KEY (account_id, hash)) WITHOUT ROWID;
   CREATE TABLE api_tokens (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, organization_id TEXT NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, scope TEXT, created_at TEXT NOT NULL,
     expires_at TEXT, last_used_at TEXT, revoked_at TEXT);
   CREATE TABLE invitations (id TEXT PRIMARY KEY, organization_id TEXT NOT NULL, member_id TEXT, email TEXT NOT NULL, full_name TEXT NOT NULL, role TEXT NOT NULL, hash BLOB NOT NULL UNIQUE,
     created_at TEXT NOT NULL, expires_at TEXT NOT NULL, used_at TEXT);
   CREATE TABLE links (hash BLOB PRIMARY KEY, account_id TEXT NOT NULL, organization_id TEXT NOT NULL, expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);
   CREATE TABLE attempts (key TEXT PRIMARY KEY, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL, last_at INTEGER NOT NULL);
   CREATE TABLE keys (name TEXT PRIMARY KEY, value BLOB NOT NULL);`,
  'ALTER TABLE api_tokens ADD COLUMN parent_id TEXT',
  `CREATE TABLE sync_shares (organization_id TEXT PRIMARY KEY, since TEXT NOT NULL);
   CREATE TABLE sync_peers (id TEXT PRIMARY KEY, organization_id TEXT NOT NULL, user_id TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, paired_at TEXT NOT NULL, seen_at TEXT, revoked_at TEXT);
   CREATE INDEX sync_peers_by_key ON sync_peers (key);
   CREATE TABLE sync_peer_devices (organization_id TEXT NOT NULL, device TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (organization_id, device)) WITHOUT ROWID;
   CREATE TABLE sync_hubs (organization_id TEXT PRIMARY KEY, url TEXT NOT NULL, authority TEXT NOT NULL, peer_id TEXT NOT NULL, offline INTEGER NOT NULL DEFAULT 0, joined_at TEXT NOT NULL, closed_at TEXT);`,
  `CREATE TABLE sync_seals (organization_id TEXT NOT NULL, epoch TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, entries BLOB NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (organization_id, epoch, since));
   CREATE TABLE sync_certificates (organization_id TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (organization_id, key));
   CREATE TABLE sync_signed (organization_id TEXT NOT NULL, device TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, key TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (organization_id, device, seq)) WITHOUT ROWID;
   CREATE TABLE sync_bundles (organization_id TEXT NOT NULL, body TEXT NOT NULL, taken_at TEXT NOT NULL, PRIMARY KEY (organization_id, body)) WITHOUT ROWID;`,
  "ALTER TABLE sync_hubs ADD COLUMN others TEXT NOT NULL DEFAULT '[]'",
];

/** Credentials, sessions and tokens of this installation; the file never leaves it. */
export interface Directory {
  db: Db;
  /** Key that signs access tokens, made at first start. */
  signingKey: Uint8Array;
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Other users of the machine must not read the secrets in it; SQLite gives the files beside it the same rights. */
function keepPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  } catch {
    // What is wrong with the file is said by opening it; a file that belongs to somebody else is his to protect.
  }
}

/** Opens (or makes) `directory.sqlite`. @throws AppError STORE_UNAVAILABLE, also when a newer program wrote the file. */
export function createDirectory(options: { file: string }): Directory {
  keepPrivate(options.file);
  const db = openDb(options.file, { cacheKib: 2_048 });
  const version = db.raw.pragma('user_version', { simple: true }) as number;
  if (version > STEPS.length) {
    db.close();
    throw new AppError('STORE_UNAVAILABLE', { detail: 'newer_version', params: { migration: `directory ${version}` } });
  }
  const transaction = <T>(work: () => T): T => db.raw.transaction(work).immediate();
  if (version < STEPS.length) {
    transaction(() => {
      for (const step of STEPS.slice(version)) db.raw.exec(step);
      db.raw.pragma(`user_version = ${STEPS.length}`);
      db.run("INSERT OR IGNORE INTO keys (name, value) VALUES ('access', ?)", randomBytes(32));
    });
  }
  const key = db.get<{ value: Buffer }>("SELECT value FROM keys WHERE name = 'access'");
  return { db, signingKey: new Uint8Array(key?.value ?? []), transaction, close: () => db.close() };
}
