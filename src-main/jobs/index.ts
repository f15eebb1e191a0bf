export { DUTIES } from './duties.ts';
export { createJobs, type Jobs } from './jobs.ts';
export { jobsHandlers } from './handlers.ts';
