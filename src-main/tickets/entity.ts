import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import { wordOf, type EntityDefinition } from '../store/entity.ts';
import { tickets } from './tables.ts';

export const ticketEntity: EntityDefinition = {
  name: 'tickets',
  table: tickets,
  label: 'subject',
  texts: ['description'],
  groups: { state: ['status', 'resolved_at', 'closed_at'] },
  refs: { client_id: 'clients', assigned_to: 'users', asset_id: 'assets', contract_id: 'contracts' },
  ties: { priority: 'created_at' },
  search: (row) => [row['subject'], row['description']] as (string | null)[],
  policy: openPolicy,
  children: [{ entity: 'notes', column: 'ticket_id' }],
  clientOf: (row) => row['client_id'] as string,
  shown: () => ({ priority: wordOf('t.priority', PRIORITIES) }),
};
