export { solveSolomon } from './solver/plain/solve-solomon.ts';
