import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { appointments } from './tables.ts';

export const appointmentEntity: EntityDefinition = {
  name: 'appointments',
  table: appointments,
  label: 'title',
  texts: ['comment'],
  groups: { place: ['address', 'latitude', 'longitude'] },
  refs: { client_id: 'clients', assigned_to: 'users', ticket_id: 'tickets', required_engineer: 'users', preferred_engineer: 'users', crew_with: 'appointments', follows: 'appointments' },
  listRefs: { excluded_engineers: 'users' },
  search: (row) => [row['title'], row['address'], row['comment']] as (string | null)[],
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string,
  shown: () => ({ duration_minutes: 'CAST(round((julianday(t.ends_at) - julianday(t.starts_at)) * 1440) AS INTEGER)' }),
};
