import schedule, { type Job as Timer } from 'node-schedule';
import type { Job, JobRun } from '../../src-shared/jobs/contract.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { House } from '../core/house.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { DUTIES, type Duty } from './duties.ts';
import { beginRun, closeInterrupted, endRun, isEnabled, lastGood, lastRuns, setEnabled } from './runs.ts';

/** What was missed is made up for when the start is over and nobody waits for it. */
const SETTLED_MS = 5 * 60_000;

/** The one registry of what the program does by itself, for each organisation on this device. */
export interface Jobs {
  /** Puts the duties on their rules, until `stop`. */
  start(): void;
  list(store: OrganizationStore, language: 'ru' | 'en'): Job[];
  /** The last runs, newest first. @throws AppError NOT_FOUND `job_unknown` */
  runs(store: OrganizationStore, name: string, language: 'ru' | 'en'): JobRun[];
  /**
   * Runs one duty at once and answers how it ended; a failure is an answer too. `by` is the person who asked, null for the timetable.
   * @throws AppError NOT_FOUND `job_unknown`; CONFLICT `job_running`, `job_stopping`
   */
  run(store: OrganizationStore, name: string, by: string | null, language?: 'ru' | 'en'): Promise<JobRun>;
  /** How many are at work, over all organisations. */
  running(): number;
  /** Calls the listener whenever a job that the timetable started has failed, unless that is to be seen elsewhere; those that a person starts are answered to him. */
  onFailed(listener: (name: string) => void): void;
  /** @throws AppError NOT_FOUND `job_unknown` */
  setEnabled(store: OrganizationStore, name: string, enabled: boolean): void;
  /** Ends the timetable and waits for what is running. */
  stop(): Promise<void>;
}

export function createJobs(house: House, duties: readonly Duty[] = DUTIES): Jobs {
  const timers = new Map<string, Timer>();
  const makingUp: Timer[] = [];
  const running = new Map<string, Promise<JobRun>>();
  /** Files whose runs of a former life have been looked through. */
  const seen = new Set<string>();
  const listeners: ((name: string) => void)[] = [];
  let stopping = false;

  const now = (): string => iso(house.clock.now());
  const stores = (): OrganizationStore[] => house.organizations.list().map(({ id }) => known(house.organizations.open(id)));
  const keyOf = (store: OrganizationStore, name: string): string => `${store.id}/${name}`;

  function known(store: OrganizationStore): OrganizationStore {
    if (!seen.has(store.id)) closeInterrupted(store);
    seen.add(store.id);
    return store;
  }
  function dutyOf(name: string): Duty {
    const duty = duties.find((one) => one.name === name);
    if (!duty) throw new AppError('NOT_FOUND', { field: 'name', detail: 'job_unknown', params: { name } });
    return duty;
  }

  async function perform(duty: Duty, store: OrganizationStore, by: string | null, language: 'ru' | 'en'): Promise<JobRun> {
    const id = beginRun(known(store), duty.name, now(), by);
    try {
      await duty.run(house, store);
      endRun(store, id, now());
    } catch (error) {
      // What a quiet one cannot reach is no news, every ten minutes of a day without network.
      const usual = duty.quiet === true && error instanceof AppError && error.code === 'STORE_UNAVAILABLE';
      house.log[usual ? 'debug' : 'error']({ err: error, job: duty.name }, 'job failed');
      endRun(store, id, now(), error ?? new Error('unknown'));
    }
    const run = lastRuns(store.read, duty.name, language).find((one) => one.id === id);
    if (!run) throw new AppError('INTERNAL');
    return run;
  }

  async function run(store: OrganizationStore, name: string, by: string | null, language: 'ru' | 'en' = 'ru'): Promise<JobRun> {
    const duty = dutyOf(name);
    const key = keyOf(store, name);
    if (stopping) throw new AppError('CONFLICT', { detail: 'job_stopping' });
    if (running.has(key)) throw new AppError('CONFLICT', { detail: 'job_running' });
    const work = perform(duty, store, by, language);
    running.set(key, work);
    try {
      return await work;
    } finally {
      running.delete(key);
    }
  }

  /** The timetable's own start: for every organisation where the duty is on and not running already. */
  async function onTime(duty: Duty, wanted: (store: OrganizationStore) => boolean = () => true): Promise<void> {
    for (const store of stopping ? [] : stores()) {
      if (stopping || running.has(keyOf(store, duty.name)) || !isEnabled(store.read, duty.name) || !wanted(store) || duty.when?.(house, store) === false) continue;
      const { outcome } = await run(store, duty.name, null);
      if (outcome === 'failed' && !duty.quiet) for (const listener of listeners) listener(duty.name);
    }
  }
  const logged = (work: Promise<void>, name: string): Promise<void> => work.catch((error: unknown) => house.log.error({ err: error, job: name }, 'job could not be started'));

  function isMissed(duty: Duty, store: OrganizationStore): boolean {
    const last = lastGood(store.read, duty.name);
    return last === null || Date.parse(last) < house.clock.now() - (duty.makeUpAfterMs ?? 0);
  }

  function viewOf(duty: Duty, store: OrganizationStore, language: 'ru' | 'en'): Job {
    const enabled = isEnabled(store.read, duty.name);
    const next = timers.get(duty.name)?.nextInvocation() as { getTime(): number } | null | undefined;
    return {
      name: duty.name,
      rule: duty.rule,
      enabled,
      running: running.has(keyOf(store, duty.name)),
      last_run: lastRuns(known(store).read, duty.name, language, 1)[0] ?? null,
      next_run_at: enabled && next ? iso(next.getTime()) : null,
    };
  }

  return {
    start: () => {
      for (const duty of duties) {
        timers.set(duty.name, schedule.scheduleJob(duty.rule, () => logged(onTime(duty), duty.name)));
        if (duty.makeUpAfterMs !== undefined) makingUp.push(schedule.scheduleJob(new Date(Date.now() + SETTLED_MS), () => logged(onTime(duty, (store) => isMissed(duty, store)), duty.name)));
      }
    },
    list: (store, language) => duties.map((duty) => viewOf(duty, store, language)),
    runs: (store, name, language) => lastRuns(known(store).read, dutyOf(name).name, language),
    run,
    running: () => running.size,
    onFailed: (listener) => void listeners.push(listener),
    setEnabled: (store, name, enabled) => setEnabled(store, dutyOf(name).name, enabled),
    stop: async () => {
      stopping = true;
      for (const timer of [...timers.values(), ...makingUp]) timer.cancel();
      timers.clear();
      await Promise.allSettled(running.values());
    },
  };
}
