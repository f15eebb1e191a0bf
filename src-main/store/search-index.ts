import { searchTokens } from '../../src-shared/kernel/search-text.ts';
import type { EntityMeta, Row } from './entity.ts';
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
