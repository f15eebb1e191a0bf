import type { z } from 'zod';
import type { Appointment, appointmentFilters } from '../../src-shared/appointments/model.ts';
import { planInterval } from '../../src-shared/appointments/rules.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { momentsOf, type Calendar } from '../core/calendar.ts';
import { equals, oneOf, type Period } from '../core/conditions.ts';
import type { Condition } from '../store/select.ts';
import { createCrud } from '../core/crud-service.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Row } from '../store/entity.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Tx } from '../store/tx.ts';

type Filters = z.infer<typeof appointmentFilters>;

/** Appointments of which any part lies in the period. */
function during(period: Period, calendar: () => Calendar): Condition[] {
  const { from, to } = momentsOf(period, () => calendar().zone);
  return [...(from ? [{ sql: 't.ends_at > ?', params: [from] }] : []), ...(to ? [{ sql: 't.starts_at < ?', params: [to] }] : [])];
}

/** Rules between the facts that planning needs; people by any reference become their rows. */
function checkPlanning(tx: Tx, values: Record<string, unknown>, before: Row | undefined): void {
  const windows = (values['windows'] ?? []) as { from: string; to: string }[];
  if (windows.some((window) => window.to <= window.from)) throw invalid('windows', 'end_before_start');
  const excluded = values['excluded_engineers'] as Ref[] | undefined;
  if (excluded) values['excluded_engineers'] = excluded.map((ref) => resolveRef(tx.db, REGISTRY, 'users', ref, { field: 'excluded_engineers' }));
  for (const field of ['crew_with', 'follows']) if (before && values[field] === before.id) throw invalid(field, 'not_itself');
}

/** Appointments: start and end are stored, a duration is only a way to say the end. */
export const appointments = createCrud<Appointment, Filters>('appointments', {
  derived: ['duration_minutes'],
  conditions: (filters, resolve, calendar) => [
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...equals('assigned_to', filters.assigned_to === undefined ? undefined : resolve('users', filters.assigned_to, 'assigned_to')),
    ...equals('ticket_id', filters.ticket_id === undefined ? undefined : resolve('tickets', filters.ticket_id, 'ticket_id')),
    ...oneOf('status', filters.status),
    ...during(filters, calendar),
  ],
  prepare: (tx, values, before) => {
    if (!before) values['status'] ??= 'scheduled';
    checkPlanning(tx, values, before);
    const plan = planInterval(values, before as { starts_at: string; ends_at: string } | undefined);
    if (!plan.ok) throw invalid(plan.field, plan.why);
    Object.assign(values, plan.values);
    if (!before && values['address'] === undefined && typeof values['client_id'] === 'string') {
      const client = tx.get('clients', values['client_id']);
      if (client) Object.assign(values, { address: client['address'], latitude: client['latitude'], longitude: client['longitude'] });
    }
  },
});
