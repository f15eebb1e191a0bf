import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import { sortKey } from '../../src-shared/kernel/search-text.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { contracts } from './tables.ts';

export const contractEntity: EntityDefinition = {
  name: 'contracts',
  table: contracts,
  label: 'title',
  texts: ['comment'],
  groups: { term: ['start_date', 'end_date'] },
  refs: { client_id: 'clients' },
  sortBy: (row) => sortKey(String(row['title'])),
  search: (row) => [row['title'], row['number'], row['support_level'], row['comment']] as (string | null)[],
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string,
};
