import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, type AnySQLiteColumn, type IndexBuilder, type SQLiteColumn } from 'drizzle-orm/sqlite-core';

/**
 * Columns that every replicated row has. `rid` is this copy's own row number (search index, keyset tie-break), `change` the local
 * changeset that wrote the row last (the ETag at the doors); neither ever travels. The stamp is that of the row's creation; groups
 * written later have theirs in `group_heads`.
 */
export const replicated = () => ({
  rid: integer().primaryKey(),
  id: text().notNull().unique(),
  no: integer(),
  created_at: text().notNull(),
  updated_at: text().notNull(),
  created_by: text(),
  updated_by: text(),
  deleted_at: text(),
  stamp_time: integer().notNull(),
  stamp_counter: integer().notNull(),
  stamp_device: integer().notNull(),
  change: integer().notNull(),
});

/** Replicated rows that are ordered by a name keep its folded form beside it, on this copy only. */
export const named = () => ({ ...replicated(), sort_key: text().notNull() });

/** Finds what is in the trash among the living, which are many more. */
export const trashIndex = (table: string, deletedAt: SQLiteColumn): IndexBuilder => index(`${table}_by_deleted`).on(deletedAt).where(sql`deleted_at IS NOT NULL`);

/** Columns that describe the copy or the row's history rather than the thing itself. */
export const SYSTEM_COLUMNS = ['rid', 'id', 'no', 'created_at', 'updated_at', 'created_by', 'updated_by', 'deleted_at', 'stamp_time', 'stamp_counter', 'stamp_device', 'change', 'sort_key'] as const;

/** A list of short strings, kept as JSON text. */
export const stringList = () => text({ mode: 'json' }).$type<string[]>().notNull();
/** A list kept as JSON text, of a column that came later: older versions write rows without it. */
export const jsonList = <T>() => text({ mode: 'json' }).$type<T[]>().notNull().default([]);
export const bool = () => integer({ mode: 'boolean' }).notNull();

export type ReplicatedTable = ReturnType<typeof sampleTable> & { [column: string]: AnySQLiteColumn | unknown };
const sampleTable = () => sqliteTable('sample', replicated());
