import { sortKey } from '../../src-shared/kernel/search-text.ts';
import { userPolicy } from '../../src-shared/users/rules.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { users } from './tables.ts';

export const userEntity: EntityDefinition = {
  name: 'users',
  table: users,
  label: 'full_name',
  once: [['email']],
  refs: { branch_id: 'branches' },
  sortBy: (row) => sortKey(String(row['full_name'])),
  search: (row) => [row['full_name'], row['email'], row['phone']] as (string | null)[],
  policy: userPolicy,
};
