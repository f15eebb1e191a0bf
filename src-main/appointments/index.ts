export { appointmentsHandlers } from './handlers.ts';
export { appointments } from './service.ts';
