export { branchesHandlers } from './handlers.ts';
export { branches } from './service.ts';
