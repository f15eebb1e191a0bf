export { usersHandlers } from './handlers.ts';
export { undoHooks } from './service.ts';
