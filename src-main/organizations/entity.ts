import { organizationPolicy } from '../../src-shared/organizations/rules.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { organization } from './tables.ts';

export const organizationEntity: EntityDefinition = { name: 'organization', table: organization, label: 'name', policy: organizationPolicy };
