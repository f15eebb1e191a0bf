export { contactsHandlers } from './handlers.ts';
export { contacts } from './service.ts';
