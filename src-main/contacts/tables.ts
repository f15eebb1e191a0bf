import { sql } from 'drizzle-orm';
import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { named, stringList, trashIndex } from '../store/columns.ts';

export const contacts = sqliteTable(
  'contacts',
  { ...named(), full_name: text().notNull(), client_id: text(), company_id: text(), position: text(), phone: text(), phones: stringList(), email: text(), comment: text() },
  (t) => [
    index('contacts_by_name').on(t.sort_key).where(sql`deleted_at IS NULL`),
    index('contacts_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('contacts_by_updated').on(t.updated_at).where(sql`deleted_at IS NULL`),
    index('contacts_by_no').on(t.no),
    trashIndex('contacts', t.deleted_at),
    index('contacts_by_client').on(t.client_id),
    index('contacts_by_company').on(t.company_id),
  ],
);
