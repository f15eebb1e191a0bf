import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { sql } from 'drizzle-orm';
import { named, stringList, trashIndex } from '../store/columns.ts';

export const companies = sqliteTable(
  'companies',
  {
    ...named(),
    name: text().notNull(),
    inn: text(),
    kpp: text(),
    ogrn: text(),
    legal_name: text(),
    address: text(),
    phone: text(),
    email: text(),
    website: text(),
    activity_fields: stringList(),
    branch_id: text(),
    responsible_id: text(),
    comment: text(),
  },
  (t) => [
    index('companies_by_name').on(t.sort_key).where(sql`deleted_at IS NULL`),
    index('companies_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('companies_by_updated').on(t.updated_at).where(sql`deleted_at IS NULL`),
    index('companies_by_inn').on(t.inn).where(sql`inn IS NOT NULL`),
    index('companies_by_no').on(t.no),
    trashIndex('companies', t.deleted_at),
    index('companies_by_branch').on(t.branch_id, t.sort_key).where(sql`deleted_at IS NULL`),
    index('companies_by_responsible').on(t.responsible_id, t.sort_key).where(sql`deleted_at IS NULL`),
  ],
);
