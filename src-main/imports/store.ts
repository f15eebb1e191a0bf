import { rmSync } from 'node:fs';
import type { ImportInfo, ImportRow } from '../../src-shared/imports/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Session } from '../core/session.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import type { Db } from '../store/sqlite.ts';

interface Stored {
  info: string;
  stored_as: string;
}

export interface KnownImport {
  info: ImportInfo;
  storedAs: string;
}

/** @throws AppError NOT_FOUND */
export function readImport(db: Db, id: string): KnownImport {
  const row = db.get<Stored>('SELECT info, stored_as FROM local_imports WHERE id = ?', id);
  if (!row) throw new AppError('NOT_FOUND', { detail: 'import_unknown' });
  return { info: JSON.parse(row.info) as ImportInfo, storedAs: row.stored_as };
}

export function addImport(session: Session, info: ImportInfo, storedAs: string): void {
  session.store.local.run(
    'INSERT INTO local_imports (id, file_name, stored_as, state, info, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)',
    info.id,
    info.file_name,
    storedAs,
    info.state,
    JSON.stringify(info),
    info.created_at,
    session.actor.user_id,
  );
}

export const saveImport = (store: OrganizationStore, info: ImportInfo): void => void store.local.run('UPDATE local_imports SET state = ?, info = ? WHERE id = ?', info.state, JSON.stringify(info), info.id);

const MAX_SHOWN = 100;

export const listImports = (db: Db): ImportInfo[] =>
  db.all<Stored>('SELECT info, stored_as FROM local_imports ORDER BY created_at DESC LIMIT ?', MAX_SHOWN).map((row) => JSON.parse(row.info) as ImportInfo);

const KEEP_FILES_MS = 30 * 86_400_000;

/** Files of people's data do not lie about for ever: after thirty days an import keeps its verdicts only, and can still be undone. */
export function dropOldFiles(session: Session): void {
  const before = new Date(Date.parse(session.now()) - KEEP_FILES_MS).toISOString();
  for (const row of session.store.read.all<{ id: string; stored_as: string }>("SELECT id, stored_as FROM local_imports WHERE created_at < ? AND stored_as <> '' AND state NOT IN ('checking', 'running')", before)) {
    rmSync(row.stored_as, { force: true });
    session.store.local.run("UPDATE local_imports SET stored_as = '' WHERE id = ?", row.id);
  }
}

export type PlacedVerdict = { line: number; part: number; row: Omit<ImportRow, 'line'> };

const KEEP_VERDICT = 'INSERT OR REPLACE INTO local_import_rows (import_id, line, part, verdict, row) VALUES (?, ?, ?, ?, ?)';

/** Writes verdicts; run it inside whatever transaction is open. */
export function keepVerdicts(run: (sql: string, ...params: (string | number)[]) => unknown, id: string, verdicts: readonly PlacedVerdict[]): void {
  for (const { line, part, row } of verdicts) run(KEEP_VERDICT, id, line, part, row.verdict, JSON.stringify(row));
}

const DROP_LINES = 5000;

/** Drops the verdicts of an earlier reading of the file, a few thousand lines at a time. */
export async function dropVerdicts(store: OrganizationStore, id: string, breathe: () => Promise<void>): Promise<void> {
  const last = store.read.get<{ line: number | null }>('SELECT max(line) AS line FROM local_import_rows WHERE import_id = ?', id)?.line ?? 0;
  for (let line = 0; line <= last; line += DROP_LINES) {
    store.local.run('DELETE FROM local_import_rows WHERE import_id = ? AND line >= ? AND line < ?', id, line, line + DROP_LINES);
    await breathe();
  }
}

/** A page of verdicts in the order of the file. */
export function listVerdicts(db: Db, id: string, options: { verdict?: string | undefined; limit: number; cursor?: string | undefined }): { items: ImportRow[]; next_cursor: string | null } {
  const [line = 0, part = -1] = (options.cursor ?? '0.-1').split('.').map(Number);
  if (!Number.isSafeInteger(line) || !Number.isSafeInteger(part)) throw new AppError('INVALID', { field: 'cursor', detail: 'cursor_invalid' });
  const only = options.verdict ? ' AND verdict = ?' : '';
  const rows = db.all<{ line: number; part: number; row: string }>(
    `SELECT line, part, row FROM local_import_rows WHERE import_id = ?${only} AND (line, part) > (?, ?) ORDER BY line, part LIMIT ?`,
    id,
    ...(options.verdict ? [options.verdict] : []),
    line,
    part,
    options.limit + 1,
  );
  const more = rows.length > options.limit;
  if (more) rows.length = options.limit;
  const last = rows.at(-1);
  return { items: rows.map((row) => ({ line: row.line, ...(JSON.parse(row.row) as Omit<ImportRow, 'line'>) })), next_cursor: more && last ? `${last.line}.${last.part}` : null };
}
