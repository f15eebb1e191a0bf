/** How often what happens, in one step of a run. */
export const FIRST_ACTIONS = {
  edit: 60, hubEdit: 12, push: 24, pull: 24, late: 6, resend: 3, crash: 4, full: 2, clock: 4, time: 14, backup: 2, restore: 2, clone: 0.6, hubBackup: 1.5, hubRestore: 0.8, hubSilentRestore: 0.5, compact: 0.6, rights: 2, poison: 1.5, upgrade: 1.5, purge: 1, snapshotStart: 0.4,
} as const;
/** The same with what was added later: a seed says the same only under the mix that it was found with. */
export const ACTIONS = { ...FIRST_ACTIONS, bundle: 4 } as const;
export type Action = keyof typeof ACTIONS;
/** Weights of actions by their names. */
export type Mix = Readonly<Record<string, number>>;
