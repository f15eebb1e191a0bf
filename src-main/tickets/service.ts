import type { z } from 'zod';
import { OPEN_TICKET_STATUSES, PRIORITIES, TICKET_STATUSES, type Priority, type Ticket, type TicketStatus, type ticketFilters } from '../../src-shared/tickets/model.ts';
import { stateTimes } from '../../src-shared/tickets/rules.ts';
import { calendarAt, momentsOf, overdue, type Calendar } from '../core/calendar.ts';
import { equals, oneOf, within } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { createSelector } from '../store/select.ts';
import type { Condition } from '../store/select.ts';

type Filters = z.infer<typeof ticketFilters>;

const openStatuses = OPEN_TICKET_STATUSES.map((status) => `'${status}'`).join(', ');

function conditions(filters: Partial<Filters>, resolve: (entity: 'clients' | 'users' | 'assets' | 'contracts', ref: string | number, field: string) => string, calendar: () => Calendar): Condition[] {
  const { assigned_to, priority } = filters;
  const assigned = assigned_to === 'none' ? [{ sql: 't.assigned_to IS NULL', params: [] }] : equals('assigned_to', assigned_to === undefined ? undefined : resolve('users', assigned_to, 'assigned_to'));
  return [
    ...oneOf('status', filters.status),
    ...oneOf('priority', priority?.map((word) => PRIORITIES.indexOf(word))),
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...assigned,
    ...equals('asset_id', filters.asset_id === undefined ? undefined : resolve('assets', filters.asset_id, 'asset_id')),
    ...equals('contract_id', filters.contract_id === undefined ? undefined : resolve('contracts', filters.contract_id, 'contract_id')),
    ...(filters.overdue ? [overdue('t.due_date', calendar()), { sql: `t.status IN (${openStatuses})`, params: [] }] : []),
    ...within('created_at', momentsOf(filters, () => calendar().zone)),
  ];
}

/** Tickets: defaults on creation, moments of resolving and closing kept in step with the status. */
export const tickets = createCrud<Ticket, Filters>('tickets', {
  conditions,
  prepare: (tx, values, before) => {
    if (typeof values['priority'] === 'string') values['priority'] = PRIORITIES.indexOf(values['priority'] as Priority);
    if (!before) {
      values['status'] ??= 'open';
      values['priority'] ??= PRIORITIES.indexOf('medium');
    }
    const status = values['status'] as TicketStatus | undefined;
    if (status && status !== before?.['status']) Object.assign(values, stateTimes(status, tx.now, (before?.['resolved_at'] as string | null | undefined) ?? null));
  },
});

const selector = createSelector<Ticket>(REGISTRY, 'tickets');

/** How many tickets stand in each status under the same filters; counted beside the writer. */
export async function countTickets(session: Session, filters: Partial<Filters>): Promise<Record<TicketStatus, number>> {
  const db = session.store.read;
  if (filters.q) session.store.searchIndex.ready();
  const where = selector.countSql({ conditions: conditions(filters, (entity, ref, field) => resolveRef(db, REGISTRY, entity, ref, { field }), () => calendarAt(db, session.now())), q: filters.q });
  const sql = where.sql.replace('count(*) AS total', 't.status AS status, count(*) AS total') + ' GROUP BY t.status';
  const rows = await session.readers.all<{ status: TicketStatus; total: number }>(session.store.file, sql, where.params);
  const counts = Object.fromEntries(TICKET_STATUSES.map((status) => [status, 0])) as Record<TicketStatus, number>;
  for (const row of rows) counts[row.status] = row.total;
  return counts;
}
