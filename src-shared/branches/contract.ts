import { crud } from '../kernel/crud.ts';
import { branch, branchFilters, branchInput } from './model.ts';

export const branchesContract = crud({ path: '/branches', title: 'Branches', row: branch, create: branchInput, filters: branchFilters, read: 'base.read', write: 'organization.manage', remove: 'organization.manage' });
