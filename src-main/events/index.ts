export { changesOf, eventsHandlers } from './handlers.ts';
