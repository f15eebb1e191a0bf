import { sql } from 'drizzle-orm';
import { index, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AppointmentStatus } from '../../src-shared/appointments/model.ts';
import { replicated, trashIndex } from '../store/columns.ts';

export const appointments = sqliteTable(
  'appointments',
  {
    ...replicated(),
    client_id: text().notNull(),
    title: text().notNull(),
    starts_at: text().notNull(),
    ends_at: text().notNull(),
    status: text().$type<AppointmentStatus>().notNull(),
    assigned_to: text(),
    ticket_id: text(),
    address: text(),
    latitude: real(),
    longitude: real(),
    comment: text(),
  },
  (t) => [
    index('appointments_by_start').on(t.starts_at).where(sql`deleted_at IS NULL`),
    index('appointments_by_created').on(t.created_at).where(sql`deleted_at IS NULL`),
    index('appointments_by_client').on(t.client_id, t.starts_at),
    index('appointments_by_assigned').on(t.assigned_to, t.starts_at).where(sql`deleted_at IS NULL`),
    index('appointments_by_ticket').on(t.ticket_id).where(sql`ticket_id IS NOT NULL`),
    index('appointments_by_no').on(t.no),
    trashIndex('appointments', t.deleted_at),
  ],
);
