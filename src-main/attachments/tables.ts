import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { replicated, trashIndex } from '../store/columns.ts';

/** Files on rows of other entities; the contents stand in the data folder under their hash. */
export const attachments = sqliteTable(
  'attachments',
  {
    ...replicated(),
    entity: text().notNull(),
    row_id: text().notNull(),
    file_name: text().notNull(),
    media_type: text().notNull(),
    size: integer().notNull(),
    sha256: text().notNull(),
  },
  (t) => [
    index('attachments_by_row').on(t.row_id, t.created_at),
    index('attachments_by_content').on(t.sha256, t.size),
    index('attachments_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('attachments_by_no').on(t.no),
    trashIndex('attachments', t.deleted_at),
  ],
);

/** The journal of contents on this copy: written once a content is whole on the disk, before anybody is told that it is saved. */
export const contents = sqliteTable('local_contents', {
  sha256: text().primaryKey(),
  size: integer().notNull(),
  /** Since when it is whole on this copy's disk; null where it is not. */
  stored_at: text(),
  /** Life of the hub that has said that it has it; null while none has. */
  hub_epoch: text(),
});

/** Files on their way in, piece by piece. */
export const uploads = sqliteTable(
  'local_uploads',
  {
    id: text().primaryKey(),
    user_id: text().notNull(),
    entity: text().notNull(),
    row_id: text().notNull(),
    file_name: text().notNull(),
    media_type: text().notNull(),
    size: integer().notNull(),
    fingerprint: text(),
    /** Bytes that are surely on the disk. */
    received: integer().notNull(),
    /** Of the whole, once it has become a content. */
    sha256: text(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
  },
  (t) => [index('uploads_by_row').on(t.user_id, t.row_id)],
);
