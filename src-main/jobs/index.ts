export { createJobs, type Jobs } from './jobs.ts';
export { jobsHandlers } from './handlers.ts';
