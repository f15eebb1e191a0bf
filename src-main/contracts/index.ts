export { contractsHandlers } from './handlers.ts';
export { contracts } from './service.ts';
