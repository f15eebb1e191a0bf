export { importsHandlers } from './handlers.ts';
