import type { Client, QueryResult, QueryResultRow } from 'pg';
import { AppError } from '../../../src-shared/kernel/errors.ts';

const CONNECT_MS = 5_000;
/** Longer than anything that is asked takes, the waiting for other hub processes included. */
const ANSWER_MS = 20_000;
const LOCK_MS = 15_000;
/** A hub process that stops in the middle, with its machine or without, loses its turn. */
const STALLED_MS = 60_000;
const SETTINGS = `SET idle_in_transaction_session_timeout = ${STALLED_MS}; SET lock_timeout = ${LOCK_MS}; SET synchronous_commit = on`;

export type Query = <R extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<QueryResult<R>>;

/** One connection, for as long as it lasts: what is asked after it was lost is refused, never sent over another. */
export interface Session {
  query: Query;
  /** Ends it; the server takes back what was not committed. */
  drop(): void;
}

/** A place in the database from which sessions are had: one at a time, made when it is first asked for and anew after it was lost. */
export interface Line {
  session(): Promise<Session>;
  close(): Promise<void>;
}

/** The database out of reach or unwilling: try again. Neither its address nor a statement goes along. */
const unavailable = (error: unknown): AppError =>
  error instanceof AppError ? error : Object.assign(new AppError('STORE_UNAVAILABLE', { detail: 'sync_log_unavailable', params: { reason: (error as { code?: string }).code ?? 'no answer' } }), { cause: error });

interface LineParts {
  /** With its password, if it has one: it is handed to the driver and to nobody else. */
  url: string;
  /** Called once with every new connection. */
  prepare: (query: Query, client: Client) => Promise<void>;
  lost: () => void;
}

/** @throws AppError from every call: STORE_UNAVAILABLE `sync_log_unavailable` */
export function createLine({ url, prepare, lost }: LineParts): Line {
  let current: Promise<Session> | null = null;
  const open = async (): Promise<Session> => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: url, application_name: 'polevik', connectionTimeoutMillis: CONNECT_MS, query_timeout: ANSWER_MS, keepAlive: true });
    let ended = false;
    const drop = (): void => {
      if (ended) return;
      ended = true;
      if (current === opening) current = null;
      client.end().catch(() => {});
      lost();
    };
    client.on('error', drop);
    client.on('end', drop);
    let last: Promise<unknown> = Promise.resolve();
    const query: Query = async (text, values) => {
      const mine = last.then(() => {
        if (ended) throw unavailable({ code: 'connection lost' });
        return client.query(text, values as unknown[] | undefined);
      });
      last = mine.catch(() => {});
      try {
        return await mine;
      } catch (error) {
        // What the server has said leaves the connection usable; silence does not.
        if (!(error as { severity?: string }).severity) drop();
        throw unavailable(error);
      }
    };
    const session = { query, drop };
    try {
      await client.connect();
      await query(SETTINGS);
      await prepare(query, client);
    } catch (error) {
      drop();
      throw unavailable(error);
    }
    return session;
  };
  let opening: Promise<Session> | null = null;
  return {
    session: () => {
      if (!current) {
        opening = open();
        current = opening;
        const mine = opening;
        mine.catch(() => {
          if (current === mine) current = null;
        });
      }
      return current;
    },
    close: async () => {
      const last = current;
      current = null;
      await last?.then(
        (session) => session.drop(),
        () => {},
      );
    },
  };
}
