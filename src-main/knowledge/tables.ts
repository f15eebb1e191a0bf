import { sql } from 'drizzle-orm';
import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ArticleStatus } from '../../src-shared/knowledge/model.ts';
import { named, stringList, trashIndex } from '../store/columns.ts';

export const articles = sqliteTable(
  'articles',
  {
    ...named(),
    title: text().notNull(),
    content: text().notNull(),
    tags: stringList(),
    client_id: text(),
    status: text().$type<ArticleStatus>().notNull(),
  },
  (t) => [
    index('articles_by_title').on(t.sort_key).where(sql`deleted_at IS NULL`),
    index('articles_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('articles_by_updated').on(t.updated_at).where(sql`deleted_at IS NULL`),
    index('articles_by_status').on(t.status, t.sort_key).where(sql`deleted_at IS NULL`),
    index('articles_by_client').on(t.client_id, t.sort_key),
    index('articles_by_no').on(t.no),
    trashIndex('articles', t.deleted_at),
  ],
);
