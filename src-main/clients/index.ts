export { clientsHandlers } from './handlers.ts';
export { clients } from './service.ts';
