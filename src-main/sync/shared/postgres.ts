import { AppError } from '../../../src-shared/kernel/errors.ts';
import { SCHEMA } from '../../store/migrate.ts';
import { MAX_BATCH, type Epoch, type LogEntry, type WireChangeset } from '../../../src-shared/sync/wire.ts';
import type { Refused } from '../types.ts';
import { createLine, type Query } from './line.ts';
import { prepareTables } from './schema.ts';

/** Entries of an import have a megabyte each: no more is read at once. */
const READ_BYTES = 16_000_000;
const AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 15_000;
const CHANNEL = 'polevik_log';
const wordOf = (organization: string, word: Word): string => `${organization} ${word}`;

/** A changeset that no version of the hub has understood yet. */
export interface Parked {
  change: WireChangeset;
  effective: [number, number];
}

/** What one turn adds to the common log. */
export interface Addition {
  entries: LogEntry[];
  refused: Refused[];
  parked: Parked[];
  /** Hashes of changesets that are parked no longer. */
  unparked: string[];
  /** A new life of the hub. */
  epoch: Epoch | null;
}

/** Where the common log stands. */
export interface LogState {
  log_id: string;
  head: number;
  tick: number;
  epoch: Epoch;
  /** Version of the store's schema that the newest hub process on this log has. */
  schema: number;
  authority: string;
  secrets: Buffer;
}

/** Reads what the log has beyond what a copy knows. */
export interface LogReader {
  entries(from: number): Promise<LogEntry[]>;
  refused(sinceTick: number): Promise<Refused[]>;
  parked(): Promise<Parked[]>;
}

/** The only one who may append, until it commits. */
export interface Turn extends LogReader {
  readonly state: LogState;
  /** The database's clock, milliseconds. */
  readonly now: number;
  append(addition: Addition): Promise<void>;
  commit(): Promise<void>;
}

/** What has changed: the log, or the installations that may exchange. */
export type Word = 'log' | 'peers';

/** The common log of one organisation in PostgreSQL. Every refusal of the database is `sync_log_unavailable`: try again. */
export interface PostgresLog extends LogReader {
  /** Null where the database has no log of this organisation. */
  state(): Promise<LogState | null>;
  found(state: Omit<LogState, 'head' | 'tick'>): Promise<void>;
  /** One after the other, over all hub processes. What was not committed is taken back. @throws AppError CONFLICT `sync_log_missing` */
  turn<T>(work: (turn: Turn) => Promise<T>): Promise<T>;
  /** A statement of its own, for what needs no order. */
  ask<R extends Record<string, unknown>>(sql: string, params: readonly unknown[]): Promise<R[]>;
  /** Calls back at every word of a hub process, and with both after each new connection. */
  listen(heard: (word: Word) => void): void;
  /** Tells the other hub processes that something beside the log has changed. */
  tellPeers(): Promise<void>;
  close(): Promise<void>;
}

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const valueOf = <T>(bytes: Buffer): T => JSON.parse(bytes.toString('utf8')) as T;
const hashOf = (change: { hash: string }): Buffer => Buffer.from(change.hash, 'hex');

interface StateRow extends Record<string, unknown> {
  log_id: string;
  head: string;
  tick: string;
  epoch: string;
  schema: number;
  authority: string;
  secrets: Buffer;
}
const toState = (row: StateRow): LogState => ({ ...row, head: Number(row.head), tick: Number(row.tick), epoch: JSON.parse(row.epoch) as Epoch });

const readerOf = (query: Query, organization: string): LogReader => ({
  entries: async (from) => {
    const { rows } = await query<{ body: Buffer }>(
      // Of two entries the first one may be known already.
      `SELECT body FROM (SELECT position, body, row_number() OVER (ORDER BY position) AS place, sum(length(body)) OVER (ORDER BY position) AS bytes
         FROM (SELECT position, body FROM polevik_log_entries WHERE organization_id = $1 AND position >= $2 ORDER BY position LIMIT $3) AS next) AS counted
       WHERE place <= 2 OR bytes <= $4 ORDER BY position`,
      [organization, from, MAX_BATCH, READ_BYTES],
    );
    return rows.map(({ body }) => valueOf<LogEntry>(body));
  },
  refused: async (sinceTick) => {
    const { rows } = await query<{ body: Buffer }>('SELECT body FROM polevik_log_refusals WHERE organization_id = $1 AND tick > $2 ORDER BY tick', [organization, sinceTick]);
    return rows.map(({ body }) => valueOf<Refused>(body));
  },
  parked: async () => {
    const { rows } = await query<{ body: Buffer }>('SELECT body FROM polevik_log_parked WHERE organization_id = $1 ORDER BY tick, place', [organization]);
    return rows.map(({ body }) => valueOf<Parked>(body));
  },
});

async function append(query: Query, organization: string, before: LogState, { entries, refused, parked, unparked, epoch }: Addition): Promise<void> {
  const head = entries.at(-1)?.position ?? before.head;
  const tick = before.tick + 1;
  if (entries.length > 0) {
    await query('INSERT INTO polevik_log_entries (organization_id, position, hash, body) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::bytea[])', [
      organization,
      entries.map((entry) => entry.position),
      entries.map(hashOf),
      entries.map(bytesOf),
    ]);
  }
  if (unparked.length > 0) await query('DELETE FROM polevik_log_parked WHERE organization_id = $1 AND hash = ANY($2::bytea[])', [organization, unparked.map((hash) => Buffer.from(hash, 'hex'))]);
  if (refused.length > 0) {
    await query('INSERT INTO polevik_log_refusals (organization_id, tick, hash, body) SELECT $1, $2, * FROM unnest($3::bytea[], $4::bytea[]) ON CONFLICT DO NOTHING', [organization, tick, refused.map(({ change }) => hashOf(change)), refused.map(bytesOf)]);
  }
  for (const [place, one] of parked.entries()) await query('INSERT INTO polevik_log_parked (organization_id, tick, place, hash, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [organization, tick, place, hashOf(one.change), bytesOf(one)]);
  // The condition holds as long as the lock does; it costs nothing to be certain.
  const { rowCount } = await query('UPDATE polevik_log_state SET head = $2, tick = $3, epoch = coalesce($4, epoch) WHERE organization_id = $1 AND head = $5 AND tick = $6', [organization, head, tick, epoch && JSON.stringify(epoch), before.head, before.tick]);
  if (rowCount !== 1) throw new AppError('STORE_UNAVAILABLE', { detail: 'sync_log_unavailable', params: { reason: 'turn' } });
  await query('SELECT pg_notify($1, $2)', [CHANNEL, wordOf(organization, 'log')]);
  Object.assign(before, { head, tick, ...(epoch ? { epoch } : {}) });
}

/** Opens the log in the database behind the URL; nothing is asked of it before the first call. */
export function openPostgresLog(url: string, organization: string): PostgresLog {
  let heard: ((word: Word) => void) | null = null;
  let closed = false;
  let again: NodeJS.Timeout | null = null;
  let wait = AGAIN_MS;
  let last: Promise<unknown> = Promise.resolve();
  let prepared = false;
  const prepare = async (query: Query): Promise<void> => {
    if (!prepared) await prepareTables(query);
    prepared = true;
  };
  /** A lost ear is opened again, patiently, for as long as somebody listens. */
  const reopen = (): void => {
    if (closed || !heard || again) return;
    again = setTimeout(() => {
      again = null;
      ear.session().then(
        () => (wait = AGAIN_MS),
        () => reopen(),
      );
    }, wait);
    again.unref();
    wait = Math.min(LONGEST_AGAIN_MS, wait * 2);
  };
  const hand = createLine({ url, prepare, lost: () => {} });
  const ear = createLine({
    url,
    prepare: async (query, client) => {
      await prepare(query);
      client.on('notification', ({ payload }) => {
        if (payload === wordOf(organization, 'log')) heard?.('log');
        else if (payload === wordOf(organization, 'peers')) heard?.('peers');
      });
      await query(`LISTEN ${CHANNEL}`);
      for (const word of ['log', 'peers'] as const) heard?.(word);
    },
    lost: reopen,
  });
  const ask: Query = async (text, values) => (await ear.session()).query(text, values);

  const takeTurn = async <T>(work: (turn: Turn) => Promise<T>): Promise<T> => {
    const { query, drop } = await hand.session();
    await query('BEGIN');
    let open = true;
    try {
      const { rows } = await query<StateRow & { now: string }>('SELECT *, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now FROM polevik_log_state WHERE organization_id = $1 FOR UPDATE', [organization]);
      const [row] = rows;
      if (!row) throw new AppError('CONFLICT', { detail: 'sync_log_missing' });
      const state = toState(row);
      if (state.schema > SCHEMA) throw new AppError('STORE_UNAVAILABLE', { detail: 'sync_log_newer' });
      return await work({
        ...readerOf(query, organization),
        state,
        now: Number(row.now),
        append: (addition) => append(query, organization, state, addition),
        commit: async () => {
          await query('COMMIT');
          open = false;
        },
      });
    } finally {
      if (open) await query('ROLLBACK').catch(drop);
    }
  };

  return {
    ...readerOf(ask, organization),
    state: async () => {
      const { rows } = await ask<StateRow>('SELECT * FROM polevik_log_state WHERE organization_id = $1', [organization]);
      return rows[0] ? toState(rows[0]) : null;
    },
    found: async ({ log_id, epoch, schema, authority, secrets }) => {
      await ask('INSERT INTO polevik_log_state (organization_id, log_id, head, tick, epoch, schema, authority, secrets) VALUES ($1, $2, 0, 0, $3, $4, $5, $6)', [organization, log_id, JSON.stringify(epoch), schema, authority, secrets]);
    },
    turn: (work) => {
      const mine = last.then(() => takeTurn(work));
      last = mine.catch(() => {});
      return mine;
    },
    ask: async <R extends Record<string, unknown>>(sql: string, params: readonly unknown[]) => (await ask<R>(sql, params)).rows,
    listen: (callback) => {
      heard = callback;
      ear.session().catch(reopen);
    },
    tellPeers: async () => {
      await ask('SELECT pg_notify($1, $2)', [CHANNEL, wordOf(organization, 'peers')]);
    },
    close: async () => {
      closed = true;
      if (again) clearTimeout(again);
      await last;
      await hand.close();
      await ear.close();
    },
  };
}
