export { exportsHandlers } from './handlers.ts';
export { removeOldExports } from './service.ts';
