import { sql } from 'drizzle-orm';
import { index, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { named, stringList, trashIndex } from '../store/columns.ts';

export const clients = sqliteTable(
  'clients',
  {
    ...named(),
    name: text().notNull(),
    kind: text().$type<'person' | 'organization'>().notNull(),
    company_id: text(),
    /** Free text for a company that is not in the base. */
    company_name: text(),
    phone: text(),
    phones: stringList(),
    email: text(),
    address: text(),
    latitude: real(),
    longitude: real(),
    responsible_id: text(),
    theme: text().$type<'light' | 'dark'>(),
    comment: text(),
  },
  (t) => [
    index('clients_by_name').on(t.sort_key).where(sql`deleted_at IS NULL`),
    index('clients_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('clients_by_updated').on(t.updated_at).where(sql`deleted_at IS NULL`),
    index('clients_by_no').on(t.no),
    trashIndex('clients', t.deleted_at),
    index('clients_by_company').on(t.company_id),
    index('clients_by_responsible').on(t.responsible_id, t.sort_key).where(sql`deleted_at IS NULL`),
  ],
);
