import type { ImportInfo, ImportRow } from '../../src-shared/imports/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Session } from '../core/session.ts';
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

export function saveImport(session: Session, info: ImportInfo, storedAs?: string): ImportInfo {
  if (storedAs !== undefined) {
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
  } else session.store.local.run('UPDATE local_imports SET state = ?, info = ? WHERE id = ?', info.state, JSON.stringify(info), info.id);
  return info;
}

export const listImports = (db: Db): ImportInfo[] => db.all<Stored>('SELECT info, stored_as FROM local_imports ORDER BY created_at DESC LIMIT 100').map((row) => JSON.parse(row.info) as ImportInfo);

export type PlacedVerdict = { line: number; part: number; row: Omit<ImportRow, 'line'> };

/** Statement that keeps one verdict; run it inside whatever transaction is open. */
export const KEEP_VERDICT = 'INSERT OR REPLACE INTO local_import_rows (import_id, line, part, verdict, row) VALUES (?, ?, ?, ?, ?)';

export function keepVerdicts(session: Session, id: string, verdicts: readonly PlacedVerdict[]): void {
  session.store.local.transaction(() => {
    for (const { line, part, row } of verdicts) session.store.local.run(KEEP_VERDICT, id, line, part, row.verdict, JSON.stringify(row));
  });
}

export const dropVerdicts = (session: Session, id: string): void => void session.store.local.run('DELETE FROM local_import_rows WHERE import_id = ?', id);

/** A page of verdicts in the order of the file. */
export function listVerdicts(db: Db, id: string, options: { verdict?: string | undefined; limit: number; cursor?: string | undefined }): { items: ImportRow[]; next_cursor: string | null } {
  const [line = 0, part = -1] = (options.cursor ?? '0.-1').split('.').map(Number);
  if (!Number.isSafeInteger(line) || !Number.isSafeInteger(part)) throw new AppError('INVALID', { field: 'cursor', detail: 'cursor_invalid' });
  const only = options.verdict ? ' AND verdict = ?' : '';
  const rows = db.all<{ line: number; part: number; row: string }>(
    `SELECT line, part, row FROM local_import_rows WHERE import_id = ?${only} AND (line, part) > (?, ?) ORDER BY line, part LIMIT ?`,
    ...[id, ...(options.verdict ? [options.verdict] : []), line, part, options.limit + 1],
  );
  const more = rows.length > options.limit;
  if (more) rows.length = options.limit;
  const last = rows.at(-1);
  return { items: rows.map((row) => ({ line: row.line, ...(JSON.parse(row.row) as Omit<ImportRow, 'line'>) })), next_cursor: more && last ? `${last.line}.${last.part}` : null };
}
