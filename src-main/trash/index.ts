export { trashHandlers } from './handlers.ts';
