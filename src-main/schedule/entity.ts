import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { engineers } from './tables.ts';

export const engineerEntity: EntityDefinition = {
  name: 'engineers',
  table: engineers,
  label: 'name',
  groups: { place: ['address', 'latitude', 'longitude'], lunch: ['lunch_from', 'lunch_to', 'lunch_minutes'] },
  once: [['user_id']],
  refs: { user_id: 'users' },
  policy: openPolicy,
};
