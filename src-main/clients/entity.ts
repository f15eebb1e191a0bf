import type { Entity } from '../../src-shared/audit/model.ts';
import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import { sortKey } from '../../src-shared/kernel/search-text.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { clients } from './tables.ts';

export const clientEntity: EntityDefinition = {
  name: 'clients',
  table: clients,
  label: 'name',
  texts: ['comment'],
  groups: { place: ['address', 'latitude', 'longitude'], company: ['company_id', 'company_name'] },
  refs: { company_id: 'companies', responsible_id: 'users' },
  sortBy: (row) => sortKey(String(row['name'])),
  search: (row, names) => [row['name'], row['phone'], ...(row['phones'] as string[]), row['email'], row['address'], row['company_name'], names('companies', row['company_id']), row['comment']] as (string | null)[],
  policy: openPolicy,
  children: ['contacts', 'assets', 'contracts', 'notes', 'tickets', 'tasks', 'appointments', 'articles'].map((entity) => ({ entity: entity as Entity, column: 'client_id' })),
  clientOf: (row) => row.id,
};
