import type { Session } from '../core/session.ts';
import type { Db } from '../store/sqlite.ts';

export type ImportedEntity = 'companies' | 'contacts';
export type Fields = Record<string, unknown>;

/** What one import put into a row. */
type Entry = [importId: string, values: Fields];

/** Where an imported row came from, and the values that imports put into it, the newest last. */
export interface Source {
  row_id: string;
  entries: Entry[];
}

/** Imports of one row that are remembered: enough to take the last ones back in any order. */
const MAX_ENTRIES = 5;
const PAGE = 2000;

const KEEP = `INSERT INTO local_imported_sources (source, entity, row_id, import_id, last_values) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (source) DO UPDATE SET row_id = excluded.row_id, import_id = excluded.import_id, last_values = excluded.last_values`;

/** The values that the last import put into the row. */
export const lastValues = (source: Source | undefined): Fields => source?.entries.at(-1)?.[1] ?? {};

export function readSource(db: Db, source: string): Source | undefined {
  const row = db.get<{ row_id: string; last_values: string }>('SELECT row_id, last_values FROM local_imported_sources WHERE source = ?', source);
  return row && { row_id: row.row_id, entries: JSON.parse(row.last_values) as Entry[] };
}

/** The source with what this import says; the same object when that is nothing new. */
export function withEntry(known: Source | undefined, rowId: string, importId: string, values: Fields): Source {
  if (known?.row_id === rowId && JSON.stringify(lastValues(known)) === JSON.stringify(values)) return known;
  const before = (known?.entries ?? []).filter(([id]) => id !== importId);
  return { row_id: rowId, entries: [...before, [importId, values] satisfies Entry].slice(-MAX_ENTRIES) };
}

/** Writes a source; run it inside the transaction of the row. */
export function keepSource(db: Db, source: string, entity: ImportedEntity, importId: string, kept: Source): void {
  db.run(KEEP, source, entity, kept.row_id, importId, JSON.stringify(kept.entries));
}

/**
 * Forgets what an import said, once its changes were taken back: rows that it made and that are gone are no longer known by their
 * source, and the others are compared with what the imports before it said.
 */
export async function forgetEntries(session: Session, importId: string, breathe: () => Promise<void>): Promise<void> {
  const { read, local } = session.store;
  let after = '';
  for (;;) {
    const rows = read.all<{ source: string; entity: ImportedEntity; row_id: string; last_values: string }>(
      'SELECT source, entity, row_id, last_values FROM local_imported_sources WHERE source > ? ORDER BY source LIMIT ?',
      after,
      PAGE,
    );
    const touched = rows.filter((row) => row.last_values.includes(importId));
    local.transaction(() => {
      for (const row of touched) {
        const entries = (JSON.parse(row.last_values) as Entry[]).filter(([id]) => id !== importId);
        const living = entries.length > 0 || read.get(`SELECT 1 FROM ${row.entity} WHERE id = ? AND deleted_at IS NULL`, row.row_id) !== undefined;
        if (living) local.run('UPDATE local_imported_sources SET import_id = ?, last_values = ? WHERE source = ?', entries.at(-1)?.[0] ?? importId, JSON.stringify(entries), row.source);
        else local.run('DELETE FROM local_imported_sources WHERE source = ?', row.source);
      }
    });
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.source;
    await breathe();
  }
}
