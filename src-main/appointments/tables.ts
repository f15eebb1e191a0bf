import { sql } from 'drizzle-orm';
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { z } from 'zod';
import type { AppointmentStatus } from '../../src-shared/appointments/model.ts';
import type { part, PINS, PRIORITIES, visitWindow } from '../../src-shared/schedule/model.ts';
import { jsonList, replicated, trashIndex } from '../store/columns.ts';

type Part = z.infer<typeof part>;
type VisitWindow = z.infer<typeof visitWindow>;

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
    priority: text().$type<(typeof PRIORITIES)[number]>(),
    windows: jsonList<VisitWindow>(),
    deadline_at: text(),
    skills: jsonList<string>(),
    parts: jsonList<Part>(),
    required_engineer: text(),
    preferred_engineer: text(),
    excluded_engineers: jsonList<string>(),
    crew_with: text(),
    follows: text(),
    optional: integer({ mode: 'boolean' }),
    pinned: text().$type<(typeof PINS)[number]>(),
    started_at: text(),
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
