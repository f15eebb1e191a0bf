import { join } from 'node:path';
import { iso } from '../../src-shared/kernel/clock.ts';
import type { House } from '../core/house.ts';
import { backup } from '../store/backup.ts';
import { hasWatches, isAskedHere, lookAfterSessions, refreshOwn, standsSomewhere } from '../remote-access/index.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { remind, untold } from './reminders.ts';

const DAY_MS = 86_400_000;
/** Answers to Idempotency-Keys are kept for this long. */
const KEYS_KEPT_MS = 7 * DAY_MS;
/** A draft that nobody has touched for this long is not coming back. */
const DRAFTS_KEPT_MS = 180 * DAY_MS;

/** Something that the program does by itself for each organisation. */
export interface Duty {
  name: string;
  /** Cron rule in the machine's own time. */
  rule: string;
  /** A machine that sleeps at the duty's hour makes up for it after the next start, once the last good run is older than this. */
  makeUpAfterMs?: number;
  /** Whether there is anything to do: where there is not, the timetable passes by without a word. */
  when?: (house: House, store: OrganizationStore) => boolean;
  /** That it failed is to be seen elsewhere all the time: nobody is told of it. */
  quiet?: boolean;
  run: (house: House, store: OrganizationStore) => Promise<void> | void;
}

/** Every duty of the program; a feature with work of its own adds a line here and its words to the messages. */
export const DUTIES: readonly Duty[] = [
  {
    name: 'backup',
    rule: '30 12 * * *',
    makeUpAfterMs: DAY_MS,
    run: async ({ config, clock }, store) => {
      await backup(store, join(config.dataDir, 'backups', store.id), clock);
    },
  },
  {
    name: 'forget_keys',
    rule: '15 * * * *',
    run: ({ clock }, store) => void store.local.run('DELETE FROM local_idempotency_keys WHERE created_at < ?', iso(clock.now() - KEYS_KEPT_MS)),
  },
  {
    name: 'forget_drafts',
    rule: '50 12 * * 0',
    makeUpAfterMs: 7 * DAY_MS,
    run: ({ clock }, store) => void store.local.run('DELETE FROM local_drafts WHERE updated_at < ?', iso(clock.now() - DRAFTS_KEPT_MS)),
  },
  {
    name: 'sweep_files',
    rule: '40 12 * * *',
    makeUpAfterMs: DAY_MS,
    run: ({ attachments }, store) => {
      const contents = attachments.of(store.id);
      contents.sweep();
      contents.sweepUnnamed();
    },
  },
  {
    name: 'sync_retry',
    rule: '*/10 * * * *',
    // The status corner says so, all day long where there is no network.
    quiet: true,
    // A hub that answers is kept up with by itself.
    when: ({ sync }, { id }) => {
      const hub = sync.hubOf(id);
      return hub !== null && !hub.closed_at && hub.offline === 0 && sync.linkOf(id)?.online !== true;
    },
    run: ({ sync }, { id }) => sync.exchangeNow(id),
  },
  { name: 'due_reminders', rule: '*/15 * * * *', when: (house, store) => house.notices.heard && untold(house, store).length > 0, run: remind },
  { name: 'remote_refresh', rule: '20 11 * * *', makeUpAfterMs: DAY_MS, when: standsSomewhere, run: refreshOwn },
  { name: 'remote_requests', rule: '* * * * *', when: isAskedHere, run: refreshOwn },
  { name: 'remote_sessions', rule: '* * * * *', when: (_house, store) => hasWatches(store), run: lookAfterSessions },
  { name: 'updates', rule: '20 * * * *', when: ({ updates }) => updates.able, run: ({ updates }, { id }) => updates.look(id, false) },
];
