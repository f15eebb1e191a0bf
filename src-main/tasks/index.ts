export { tasksHandlers } from './handlers.ts';
export { tasks } from './service.ts';
