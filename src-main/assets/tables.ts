import { sql } from 'drizzle-orm';
import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { named, trashIndex } from '../store/columns.ts';
import type { ASSET_STATUSES } from '../../src-shared/assets/model.ts';

export const assets = sqliteTable(
  'assets',
  {
    ...named(),
    client_id: text().notNull(),
    name: text().notNull(),
    type: text(),
    vendor: text(),
    model: text(),
    serial_number: text(),
    inventory_number: text(),
    location: text(),
    purchased_on: text(),
    warranty_until: text(),
    status: text().$type<(typeof ASSET_STATUSES)[number]>().notNull(),
    comment: text(),
  },
  (t) => [
    index('assets_by_name').on(t.sort_key).where(sql`deleted_at IS NULL`),
    index('assets_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('assets_by_client').on(t.client_id, t.sort_key),
    index('assets_by_warranty').on(t.warranty_until).where(sql`deleted_at IS NULL`),
    index('assets_by_no').on(t.no),
    trashIndex('assets', t.deleted_at),
  ],
);
