import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Role } from '../../src-shared/kernel/permissions.ts';
import { bool, named, trashIndex } from '../store/columns.ts';

/** Members of the organisation as their colleagues see them; credentials live in the directory. */
export const users = sqliteTable(
  'users',
  {
    ...named(),
    full_name: text().notNull(),
    email: text().notNull(),
    role: text().$type<Role>().notNull(),
    branch_id: text(),
    phone: text(),
    theme: text().$type<'light' | 'dark' | 'system'>(),
    language: text().$type<'ru' | 'en'>(),
    active: bool(),
  },
  (t) => [index('users_by_name').on(t.sort_key), index('users_by_email').on(t.email), index('users_by_no').on(t.no), trashIndex('users', t.deleted_at)],
);
