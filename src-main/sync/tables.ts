import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Changesets of this copy that the hub did not accept, with its reason; the values stay in the log, readable. */
export const returned = sqliteTable('local_sync_returned', {
  changeset: integer().primaryKey(),
  kind: text().notNull(),
  reason: text().notNull(),
  why: text(),
  at: text().notNull(),
});

/** At the hub: changesets that it answered without a position, so that the same one is answered the same again. */
export const refused = sqliteTable(
  'local_sync_refused',
  { device: text().notNull(), seq: integer().notNull(), hash: blob({ mode: 'buffer' }).notNull(), kind: text().notNull(), reason: text(), why: text(), changeset: text().notNull(), at: text().notNull() },
  (t) => [primaryKey({ columns: [t.device, t.seq] })],
);

/** Rows taken over from the hub as they stood at a position: log entries up to it are already in them. */
export const bases = sqliteTable('local_sync_bases', { entity: integer().notNull(), id: text().notNull(), position: integer().notNull() }, (t) => [primaryKey({ columns: [t.entity, t.id] })]);

/** At the hub: how far each device has come. */
export const cursors = sqliteTable('local_sync_cursors', { device: text().primaryKey(), position: integer().notNull(), at: text().notNull(), schema: integer().notNull(), state: text() });
