import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../src-shared/kernel/errors.ts';

export type SqlValue = string | number | bigint | Buffer | null;
export type SqlRow = Record<string, SqlValue>;

/** A connection with prepared statements kept by their text. Reading and writing connections differ only in how they were opened. */
export interface Db {
  readonly raw: Database.Database;
  get<T = SqlRow>(sql: string, ...params: SqlValue[]): T | undefined;
  all<T = SqlRow>(sql: string, ...params: SqlValue[]): T[];
  iterate<T = SqlRow>(sql: string, ...params: SqlValue[]): IterableIterator<T>;
  run(sql: string, ...params: SqlValue[]): { changes: number; lastInsertRowid: number };
  /** Gives the page cache back to the system if nothing was asked since the last call of this. */
  rest(): void;
  close(): void;
}

const MAX_STATEMENTS = 500;

interface OpenOptions {
  readonly?: boolean;
  /** Page cache in KiB. */
  cacheKib?: number;
}

/** Removes a database that is open nowhere, with what SQLite keeps beside it. */
export function removeDb(file: string): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
}

/**
 * Opens an SQLite file. Writing connections run in WAL with `synchronous=FULL`, so that what has been acknowledged is on the disk.
 * @throws AppError STORE_UNAVAILABLE when the file is missing, damaged, not writable, or not a database.
 */
export function openDb(file: string, options: OpenOptions = {}): Db {
  let raw: Database.Database;
  try {
    raw = new Database(file, { readonly: options.readonly ?? false, timeout: 5000 });
    if (!options.readonly) {
      raw.pragma('journal_mode = WAL');
      raw.pragma('synchronous = FULL');
      raw.pragma('wal_autocheckpoint = 2000');
      raw.pragma('journal_size_limit = 67108864');
    } else raw.pragma('query_only = ON');
    raw.pragma(`cache_size = -${options.cacheKib ?? 16_384}`);
    raw.pragma('temp_store = MEMORY');
    raw.pragma('foreign_keys = OFF');
    raw.pragma('schema_version');
  } catch (error) {
    throw storeError(error, file);
  }
  return wrap(raw, file, options.readonly ? plannedOnce : (sql) => sql);
}

/** Texts and names in quotes, and parameters outside of them. */
const QUOTED_OR_PARAMETER = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g;

/**
 * Every parameter as an expression of its own. A bare one has SQLite plan the statement anew at each call where its value could matter to
 * the plan, as in `column = ?` before `ORDER BY` and in `LIMIT ?`: that takes longer than most statements do. A plus hides nothing else from
 * it: neither an index nor what a column compares as.
 */
export const plannedOnce = (sql: string): string => sql.replace(QUOTED_OR_PARAMETER, (found) => (found === '?' ? '+?' : found));

function wrap(raw: Database.Database, file: string, spell: (sql: string) => string): Db {
  const statements = new Map<string, Database.Statement>();
  let asked = true;
  const prepare = (sql: string): Database.Statement => {
    asked = true;
    let statement = statements.get(sql);
    if (!statement) {
      if (statements.size >= MAX_STATEMENTS) statements.delete(statements.keys().next().value as string);
      statement = raw.prepare(spell(sql));
      statements.set(sql, statement);
    }
    return statement;
  };
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, file);
    }
  };
  return {
    raw,
    get: <T>(sql: string, ...params: SqlValue[]) => guard(() => prepare(sql).get(...params) as T | undefined),
    all: <T>(sql: string, ...params: SqlValue[]) => guard(() => prepare(sql).all(...params) as T[]),
    iterate: <T>(sql: string, ...params: SqlValue[]) => raw.prepare(spell(sql)).iterate(...params) as IterableIterator<T>,
    run: (sql, ...params) =>
      guard(() => {
        const result = prepare(sql).run(...params);
        return { changes: result.changes, lastInsertRowid: Number(result.lastInsertRowid) };
      }),
    rest: () => {
      if (!asked) raw.pragma('shrink_memory');
      asked = false;
    },
    close: () => {
      statements.clear();
      raw.close();
    },
  };
}

const STORE_TROUBLE: [RegExp, string][] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'disk_full'],
  [/^(SQLITE_IOERR|EIO)/, 'disk_error'],
  [/^SQLITE_READONLY/, 'read_only'],
  [/^SQLITE_CANTOPEN/, 'cannot_open'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt'],
  [/^SQLITE_(BUSY|LOCKED)/, 'busy'],
];

/** Turns trouble of the file system or of the file itself into the typed refusal; everything else passes unchanged. */
export function storeError(error: unknown, file: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = STORE_TROUBLE.find(([pattern]) => pattern.test(code));
  if (known) return Object.assign(new AppError('STORE_UNAVAILABLE', { detail: known[1], params: { file } }), { cause: error });
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) return new AppError('STORE_UNAVAILABLE', { detail: 'cannot_open', params: { file } });
  return error;
}
