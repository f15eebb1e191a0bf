import schedule, { type Job } from 'node-schedule';
import { join } from 'node:path';
import { iso } from '../../src-shared/kernel/clock.ts';
import type { House } from '../core/house.ts';
import { backup } from '../store/backup.ts';

/** Answers to Idempotency-Keys are kept for this long. */
const KEYS_KEPT_MS = 7 * 86_400_000;

interface Duty {
  name: string;
  /** Cron rule in the machine's own time. */
  rule: string;
  run: (house: House) => Promise<void>;
}

/** What the program does by itself, at its hours. */
const DUTIES: readonly Duty[] = [
  {
    name: 'backup',
    rule: '30 12 * * *',
    run: async ({ organizations, config, clock }) => {
      for (const { id } of organizations.list()) await backup(organizations.open(id), join(config.dataDir, 'backups', id), clock);
    },
  },
  {
    name: 'forget_keys',
    rule: '15 * * * *',
    run: async ({ organizations, clock }) => {
      const before = iso(clock.now() - KEYS_KEPT_MS);
      for (const { id } of organizations.list()) organizations.open(id).local.run('DELETE FROM local_idempotency_keys WHERE created_at < ?', before);
    },
  },
];

/** The program's own duties, on their rules until they are stopped. */
export interface Jobs {
  /** Runs one duty at once. @throws Error when there is none of that name */
  runNow(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Puts the duties on their rules; a failure is logged and leaves the others alone. */
export function startJobs(house: House): Jobs {
  const runNow = async (name: string): Promise<void> => {
    const duty = DUTIES.find((one) => one.name === name);
    if (!duty) throw new Error(`no duty ${name}`);
    await duty.run(house);
  };
  const jobs: Job[] = DUTIES.map(({ name, rule }) => schedule.scheduleJob(name, rule, () => runNow(name).catch((error: unknown) => house.log.error({ err: error, duty: name }, 'duty failed'))));
  return {
    runNow,
    stop: async () => {
      for (const job of jobs) job.cancel();
      await schedule.gracefulShutdown();
    },
  };
}
