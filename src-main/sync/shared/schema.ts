import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { Query } from './line.ts';

/** Form of the tables below. A step per entry, never edited after a release. */
const STEPS: readonly string[] = [
  // One row per organisation: whoever holds it may append. `head` is the last position that was given out, `tick` counts the appends.
  `CREATE TABLE polevik_log_state (organization_id text PRIMARY KEY, log_id text NOT NULL, head bigint NOT NULL, tick bigint NOT NULL, epoch text NOT NULL, schema integer NOT NULL, authority text NOT NULL, secrets bytea NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
   CREATE TABLE polevik_log_entries (organization_id text NOT NULL, position bigint NOT NULL, hash bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (organization_id, position), UNIQUE (organization_id, hash));
   CREATE TABLE polevik_log_refusals (organization_id text NOT NULL, hash bytea NOT NULL, tick bigint NOT NULL, body bytea NOT NULL, PRIMARY KEY (organization_id, hash));
   CREATE INDEX polevik_log_refusals_by_tick ON polevik_log_refusals (organization_id, tick);
   CREATE TABLE polevik_log_parked (organization_id text NOT NULL, hash bytea NOT NULL, tick bigint NOT NULL, place integer NOT NULL, body bytea NOT NULL, PRIMARY KEY (organization_id, hash));
   CREATE TABLE polevik_log_peers (organization_id text NOT NULL, id text NOT NULL, revoked_at text, body bytea NOT NULL, PRIMARY KEY (organization_id, id));
   CREATE TABLE polevik_log_devices (organization_id text NOT NULL, device text NOT NULL, key text, position bigint, at text, schema integer, PRIMARY KEY (organization_id, device));`,
  // Where the hub processes are reached, for the devices.
  'CREATE TABLE polevik_log_hubs (organization_id text NOT NULL, key text NOT NULL, urls text NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (organization_id, key))',
  // Up to where every device has the log, and how far each hub process has read it: what lies below both is taken away.
  'ALTER TABLE polevik_log_state ADD COLUMN floor bigint NOT NULL DEFAULT 0; ALTER TABLE polevik_log_hubs ADD COLUMN position bigint',
];
/** Serialises those who make the tables; a number of our own. */
const MAKING = 7_412_001;

/** Makes the tables, or brings them to the newest form. @throws AppError STORE_UNAVAILABLE `sync_log_newer` when a newer program made them */
export async function prepareTables(query: Query): Promise<void> {
  await query('BEGIN');
  try {
    await query('SELECT pg_advisory_xact_lock($1)', [MAKING]);
    await query('CREATE TABLE IF NOT EXISTS polevik_log_version (version integer NOT NULL)');
    const { rows } = await query<{ version: number }>('SELECT version FROM polevik_log_version');
    const version = rows[0]?.version ?? 0;
    if (version > STEPS.length) throw new AppError('STORE_UNAVAILABLE', { detail: 'sync_log_newer' });
    for (const step of STEPS.slice(version)) await query(step);
    if (version === 0) await query('INSERT INTO polevik_log_version (version) VALUES ($1)', [STEPS.length]);
    else if (version < STEPS.length) await query('UPDATE polevik_log_version SET version = $1', [STEPS.length]);
    await query('COMMIT');
  } catch (error) {
    await query('ROLLBACK').catch(() => {});
    throw error;
  }
}
