import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Which jobs a person has switched off on this device. */
export const jobSwitches = sqliteTable('local_job_switches', { name: text().primaryKey(), enabled: integer().notNull() });

/** What ran on this device, and how it ended; the last runs of each job. */
export const jobRuns = sqliteTable(
  'local_job_runs',
  {
    id: integer().primaryKey(),
    name: text().notNull(),
    started_at: text().notNull(),
    ended_at: text(),
    outcome: text().notNull(),
    error_code: text(),
    error: text(),
    /** Who asked for it; null for the timetable. */
    started_by: text(),
  },
  (t) => [index('job_runs_by_name').on(t.name, t.id)],
);
