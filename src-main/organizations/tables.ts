import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { replicated, stringList, trashIndex } from '../store/columns.ts';

/** The organisation itself: a single row. */
export const organization = sqliteTable(
  'organization',
  {
    ...replicated(),
    name: text().notNull(),
    language: text().$type<'ru' | 'en'>().notNull(),
    time_zone: text().notNull(),
    work_starts: text().notNull(),
    work_ends: text().notNull(),
    support_levels: stringList(),
    /** The device that gives out numbers. */
    authority_device: text().notNull(),
    /** Rules of travel and the order of goals; null: the usual ones. */
    scheduling: text(),
  },
  (t) => [trashIndex('organization', t.deleted_at)],
);
