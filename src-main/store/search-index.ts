import type { Entity } from '../../src-shared/audit/model.ts';
import { searchTokens } from '../../src-shared/kernel/search-text.ts';
import { fromSql, type EntityMeta, type Row } from './entity.ts';
import type { Db } from './sqlite.ts';

/** Longest text that is indexed of one row, in characters: a pasted log does not fill the index. */
const MAX_INDEXED = 20_000;

/** Puts a row's texts into its entity's index, in place of what stood there; a new row has nothing to be looked for and replaced. */
export function indexRow(db: Db, meta: EntityMeta, row: Row, texts: (string | null | undefined)[], isNew: boolean): void {
  const joined = texts.filter((text) => text).join('\n').slice(0, MAX_INDEXED);
  const number = row.no === null ? '' : ` ${row.no}`;
  db.run(`INSERT ${isNew ? '' : 'OR REPLACE '}INTO ${meta.tableName}_fts (rowid, text) VALUES (?, ?)`, row.rid, searchTokens(joined + number));
}

/** Takes a row out of the index. */
export function unindexRow(db: Db, meta: EntityMeta, rid: number): void {
  if (meta.search) db.run(`DELETE FROM ${meta.tableName}_fts WHERE rowid = ?`, rid);
}

/** Brings the index in step with a row as it is stored now, whether it is new, was changed, or is to be found no longer. */
export function indexStored(db: Db, meta: EntityMeta, rid: number, nameOf: (entity: Entity, id: unknown) => string | null, isNew = false): void {
  const stored = db.get<Record<string, unknown>>(`SELECT * FROM ${meta.tableName} WHERE rid = ?`, rid);
  const row = stored && fromSql(meta, stored);
  if (row && !row.deleted_at && meta.search) indexRow(db, meta, row, meta.search(row, nameOf), isNew);
  else unindexRow(db, meta, rid);
}
