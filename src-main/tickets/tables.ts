import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { TicketStatus } from '../../src-shared/tickets/model.ts';
import { replicated, trashIndex } from '../store/columns.ts';

export const tickets = sqliteTable(
  'tickets',
  {
    ...replicated(),
    client_id: text().notNull(),
    subject: text().notNull(),
    description: text(),
    status: text().$type<TicketStatus>().notNull(),
    /** 0 low … 3 critical: stored as a number so that an index orders it. */
    priority: integer().notNull(),
    assigned_to: text(),
    asset_id: text(),
    contract_id: text(),
    due_date: text(),
    resolved_at: text(),
    closed_at: text(),
    source: text(),
  },
  (t) => [
    index('tickets_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('tickets_by_updated').on(t.updated_at).where(sql`deleted_at IS NULL`),
    index('tickets_by_status').on(t.status, t.created_at).where(sql`deleted_at IS NULL`),
    index('tickets_by_client').on(t.client_id, t.created_at),
    index('tickets_by_assigned').on(t.assigned_to, t.status, t.created_at).where(sql`deleted_at IS NULL`),
    index('tickets_by_status_due').on(t.status, t.due_date).where(sql`deleted_at IS NULL`),
    index('tickets_by_assignee').on(t.assigned_to, t.created_at).where(sql`deleted_at IS NULL`),
    index('tickets_by_due').on(t.due_date).where(sql`deleted_at IS NULL`),
    index('tickets_by_priority').on(t.priority, t.created_at).where(sql`deleted_at IS NULL`),
    index('tickets_by_no').on(t.no),
    trashIndex('tickets', t.deleted_at),
    index('tickets_by_asset').on(t.asset_id).where(sql`asset_id IS NOT NULL`),
    index('tickets_by_contract').on(t.contract_id).where(sql`contract_id IS NOT NULL`),
  ],
);
