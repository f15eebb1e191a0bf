import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { TaskStatus } from '../../src-shared/tasks/model.ts';
import { replicated, trashIndex } from '../store/columns.ts';

export const tasks = sqliteTable(
  'tasks',
  {
    ...replicated(),
    title: text().notNull(),
    description: text(),
    client_id: text(),
    ticket_id: text(),
    status: text().$type<TaskStatus>().notNull(),
    priority: integer().notNull(),
    assigned_to: text(),
    due_date: text(),
    completed_at: text(),
    rrule: text(),
    series_id: text(),
  },
  (t) => [
    index('tasks_by_due').on(t.due_date).where(sql`deleted_at IS NULL`),
    index('tasks_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('tasks_by_updated').on(t.updated_at).where(sql`deleted_at IS NULL`),
    index('tasks_by_status').on(t.status, t.due_date).where(sql`deleted_at IS NULL`),
    index('tasks_by_client').on(t.client_id, t.due_date),
    index('tasks_by_ticket').on(t.ticket_id).where(sql`ticket_id IS NOT NULL`),
    index('tasks_by_assigned').on(t.assigned_to, t.status, t.due_date).where(sql`deleted_at IS NULL`),
    index('tasks_by_series').on(t.series_id).where(sql`series_id IS NOT NULL`),
    index('tasks_by_no').on(t.no),
    trashIndex('tasks', t.deleted_at),
  ],
);
