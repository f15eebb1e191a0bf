import type { PullMode, PushMode } from './traffic.ts';

/** How often what happens, in one step of a run. */
const FIRST_ACTIONS = {
  edit: 60, hubEdit: 12, push: 24, pull: 24, late: 6, resend: 3, crash: 4, full: 2, clock: 4, time: 14, backup: 2, restore: 2, clone: 0.6, hubBackup: 1.5, hubRestore: 0.8, hubSilentRestore: 0.5, compact: 0.6, rights: 2, poison: 1.5, upgrade: 1.5, purge: 1, snapshotStart: 0.4,
} as const;
const SECOND_ACTIONS = { ...FIRST_ACTIONS, bundle: 4 } as const;
/** Machines that are put back and copied far more often than in life: that is where faults were found. */
const ACTIONS = {
  ...SECOND_ACTIONS,
  restore: 3, clone: 1.5, hubBackup: 3, hubRestore: 1.5, hubSilentRestore: 1.5, compact: 1, snapshotStart: 1, bundle: 5, upgrade: 2,
  oldBundle: 1.5, gap: 2, tamper: 2, hubCrash: 2, same: 4, month: 0.5, backlog: 0.4,
} as const;
export type Action = keyof typeof ACTIONS;

/**
 * What a seed says depends on all that can happen: mixes stay as they were when a seed was found with them. From the third on, runs
 * also have the words, numbers, clocks and older versions that `rich` stands for; from the fourth on some have files on their rows, from the
 * fifth on some have articles, which take files too.
 */
export const MIXES: Readonly<Record<1 | 2 | 3 | 4 | 5, { actions: Readonly<Partial<Record<Action, number>>>; rich: boolean; files: boolean; articles: boolean }>> = {
  1: { actions: FIRST_ACTIONS, rich: false, files: false, articles: false },
  2: { actions: SECOND_ACTIONS, rich: false, files: false, articles: false },
  3: { actions: ACTIONS, rich: true, files: false, articles: false },
  4: { actions: ACTIONS, rich: true, files: true, articles: false },
  5: { actions: ACTIONS, rich: true, files: true, articles: true },
};
export type MixNumber = keyof typeof MIXES;
export const LATEST_MIX: MixNumber = 5;

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Milliseconds by which time goes on at once. */
export const LEAPS = [1, 1000, 60_000, HOUR, DAY];
export const SKEWS = [0, 0, 3 * DAY, -3 * DAY, 40 * 60_000, -60_000, 400 * DAY];
/** With the hours of a wrong time zone, a clock of the year 2070, and one that an empty battery has put back. */
export const RICH_SKEWS = [...SKEWS, 3 * HOUR, -3 * HOUR, 16_000 * DAY, -9_000 * DAY];
export const PUSHES: Record<PushMode, number> = { ok: 60, lost: 8, cut: 14, late: 12, twice: 6 };
export const PULLS: Partial<Record<PullMode, number>> = { ok: 70, late: 15, twice: 15 };
export const RICH_PULLS: Partial<Record<PullMode, number>> = { ...PULLS, cut: 15 };
