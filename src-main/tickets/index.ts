export { ticketsHandlers } from './handlers.ts';
export { tickets } from './service.ts';
