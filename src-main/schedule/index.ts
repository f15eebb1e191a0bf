export { engineersHandlers, scheduleHandlers } from './handlers.ts';
export { solveSolomon } from './solver/plain/solve-solomon.ts';
export { findFits, solve } from './solver/solve.ts';
export type * from './solver/problem.ts';
