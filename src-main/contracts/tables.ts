import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { bool, named, trashIndex } from '../store/columns.ts';

export const contracts = sqliteTable(
  'contracts',
  {
    ...named(),
    client_id: text().notNull(),
    title: text().notNull(),
    number: text(),
    start_date: text().notNull(),
    end_date: text(),
    support_level: text(),
    amount: integer(),
    auto_renew: bool(),
    comment: text(),
  },
  (t) => [
    index('contracts_by_title').on(t.sort_key).where(sql`deleted_at IS NULL`),
    index('contracts_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('contracts_by_client').on(t.client_id, t.end_date),
    index('contracts_by_end').on(t.end_date).where(sql`deleted_at IS NULL`),
    index('contracts_by_start').on(t.start_date).where(sql`deleted_at IS NULL`),
    index('contracts_by_no').on(t.no),
    trashIndex('contracts', t.deleted_at),
  ],
);
