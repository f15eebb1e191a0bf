import { sql } from 'drizzle-orm';
import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { bool, replicated, trashIndex } from '../store/columns.ts';

export const notes = sqliteTable(
  'notes',
  { ...replicated(), content: text().notNull(), pinned: bool(), client_id: text(), company_id: text(), ticket_id: text(), task_id: text() },
  (t) => [
    index('notes_by_client').on(t.client_id, t.created_at).where(sql`client_id IS NOT NULL`),
    index('notes_by_company').on(t.company_id, t.created_at).where(sql`company_id IS NOT NULL`),
    index('notes_by_ticket').on(t.ticket_id, t.created_at).where(sql`ticket_id IS NOT NULL`),
    index('notes_by_task').on(t.task_id, t.created_at).where(sql`task_id IS NOT NULL`),
    index('notes_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('notes_by_no').on(t.no),
    trashIndex('notes', t.deleted_at),
  ],
);
