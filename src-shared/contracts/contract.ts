import { crud } from '../kernel/crud.ts';
import { contractFilters, contractInput, contractRow } from './model.ts';

export const contractsContract = crud({ path: '/contracts', title: 'Contracts', row: contractRow, create: contractInput, filters: contractFilters, read: 'base.read', write: 'base.write', remove: 'base.delete' });
