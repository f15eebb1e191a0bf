import { z } from 'zod';
import { command, flag, query, requiredText } from '../kernel/contract.ts';

const tags = ['jobs'];
const name = requiredText(100);

/** `interrupted`: the program ended before the job did. */
const OUTCOMES = ['running', 'done', 'failed', 'interrupted'] as const;

const jobRun = z.object({
  id: z.number().int(),
  name: z.string(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  /** Why it failed, in the caller's language as far as the reason has a sentence. */
  error: z.string().nullable(),
  /** Null when the timetable started it. */
  started_by: z.string().nullable(),
  started_by_name: z.string().nullable(),
});
export type JobRun = z.infer<typeof jobRun>;

const job = z.object({
  name: z.string(),
  /** Cron rule in the machine's own time. */
  rule: z.string(),
  enabled: z.boolean(),
  running: z.boolean(),
  last_run: jobRun.nullable(),
  /** Null while it is switched off, or while the program does not stay open (on the command line). */
  next_run_at: z.string().nullable(),
});
export type Job = z.infer<typeof job>;

/** What the program does by itself on this device, at its hours. */
export const jobsContract = {
  list: query('system.manage').route({ method: 'GET', path: '/jobs', tags, summary: 'Jobs of this device: rule, last run, next run' }).output(z.object({ items: z.array(job) })),
  runs: query('system.manage').route({ method: 'GET', path: '/jobs/{name}/runs', tags, summary: 'The last runs of a job, newest first' }).input(z.object({ name })).output(z.object({ items: z.array(jobRun) })),
  run: command('system.manage', { timeout: 600_000 }).route({ method: 'POST', path: '/jobs/{name}/run', tags, summary: 'Run a job now and wait for its end' }).input(z.object({ name })).output(jobRun),
  update: command('system.manage').route({ method: 'PUT', path: '/jobs/{name}', tags, summary: 'Switch a job on or off' }).input(z.object({ name, enabled: flag })).output(job),
};
