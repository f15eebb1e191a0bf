export { notesHandlers } from './handlers.ts';
export { notes } from './service.ts';
