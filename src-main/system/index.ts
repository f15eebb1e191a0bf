export { systemHandlers } from './handlers.ts';
export { checkChain } from './doctor.ts';
