import { sortKey } from '../../src-shared/kernel/search-text.ts';
import { organizationPolicy } from '../../src-shared/organizations/rules.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { branches } from './tables.ts';

export const branchEntity: EntityDefinition = {
  name: 'branches',
  table: branches,
  label: 'name',
  refs: { director_id: 'users' },
  sortBy: (row) => sortKey(String(row['name'])),
  policy: organizationPolicy,
};
