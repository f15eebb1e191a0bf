export { findDuplicates } from './duplicates.ts';
export { companiesHandlers } from './handlers.ts';
export { companies } from './service.ts';
