import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import { sortKey } from '../../src-shared/kernel/search-text.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { contacts } from './tables.ts';

export const contactEntity: EntityDefinition = {
  name: 'contacts',
  table: contacts,
  label: 'full_name',
  texts: ['comment'],
  refs: { client_id: 'clients', company_id: 'companies' },
  sortBy: (row) => sortKey(String(row['full_name'])),
  search: (row) => [row['full_name'], row['position'], row['phone'], ...(row['phones'] as string[]), row['email'], row['comment']] as (string | null)[],
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string | null,
};
