import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import { sortKey } from '../../src-shared/kernel/search-text.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { assets } from './tables.ts';

export const assetEntity: EntityDefinition = {
  name: 'assets',
  table: assets,
  label: 'name',
  texts: ['comment'],
  refs: { client_id: 'clients' },
  sortBy: (row) => sortKey(String(row['name'])),
  search: (row) => [row['name'], row['type'], row['vendor'], row['model'], row['serial_number'], row['inventory_number'], row['location'], row['comment']] as (string | null)[],
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string,
};
