import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { appointments } from './tables.ts';

const MINUTE = 60_000;

export const appointmentEntity: EntityDefinition = {
  name: 'appointments',
  table: appointments,
  label: 'title',
  groups: { place: ['address', 'latitude', 'longitude'] },
  refs: { client_id: 'clients', assigned_to: 'users', ticket_id: 'tickets' },
  search: (row) => [row['title'], row['address'], row['comment']] as (string | null)[],
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string,
  present: (answer) => {
    answer['duration_minutes'] = Math.round((Date.parse(answer['ends_at'] as string) - Date.parse(answer['starts_at'] as string)) / MINUTE);
  },
};
