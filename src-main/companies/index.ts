export { companiesHandlers } from './handlers.ts';
export { companies, findDuplicates } from './service.ts';
