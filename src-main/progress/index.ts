export { progressHandlers } from './handlers.ts';
