import { z } from 'zod';
import { command, flag, query, text } from '../kernel/contract.ts';
import { BLOCKERS, CHECK_OUTCOMES } from './model.ts';

const tags = ['updates'];

/** Why this program does not update itself. */
export const UNABLE = ['no_key', 'not_installed'] as const;
/** `ready`: downloaded and checked, waits for the person or the program's end. */
export const STAGES = ['idle', 'downloading', 'ready', 'installing'] as const;

const notes = z.object({ ru: z.string(), en: z.string() }).nullable();

const updatesState = z.object({
  version: z.string(),
  /** Null where it does. */
  unable: z.enum(UNABLE).nullable(),
  automatic: z.boolean(),
  /** The hub's address; this program's own where it serves the folder; null without either. */
  source: z.string().nullable(),
  last_check: z.object({ at: z.string(), outcome: z.enum(CHECK_OUTCOMES), version: z.string().nullable(), message: z.string() }).nullable(),
  stage: z.enum(STAGES),
  /** The version that is being fetched or waits. */
  found: z.object({ version: z.string(), notes, size: z.number().int(), received: z.number().int() }).nullable(),
  /** Whether it is installed when the program ends. */
  at_quit: z.boolean(),
  /** What an installation would interrupt now. */
  busy: z.array(z.object({ kind: z.enum(BLOCKERS), count: z.number().int() })),
  last_install: z.object({ from: z.string(), to: z.string(), at: z.string(), installed: z.boolean(), message: z.string() }).nullable(),
});
export type UpdatesState = z.infer<typeof updatesState>;

const served = z.object({
  folder: z.string().nullable(),
  /** Set when the program was started (`--updates`, `POLEVIK_UPDATES`); the page cannot change it then. */
  fixed: z.boolean(),
  feeds: z.array(z.object({ feed: z.string(), version: z.string(), percent: z.number().int(), minimum: z.string().nullable(), signed_at: z.string(), expires_at: z.string(), expired: z.boolean(), size: z.number().int(), notes })),
  /** What is not served, with the reason in the caller's language. */
  problems: z.array(z.object({ file: z.string(), message: z.string() })),
  devices: z.array(z.object({ id: z.string(), name: z.string(), user_name: z.string().nullable(), version: z.string(), seen_at: z.string().nullable(), current: z.boolean() })),
});
export type Served = z.infer<typeof served>;

/** Updates of the program on this device, and those that a hub hands out. */
export const updatesContract = {
  state: query('self').route({ method: 'GET', path: '/updates', tags, summary: 'The program’s version and what is known of a newer one' }).output(updatesState),
  check: command('self', { timeout: 180_000 }).route({ method: 'POST', path: '/updates/check', tags, summary: 'Look for a newer version now, at this device only' }).output(updatesState),
  settings: command('self').route({ method: 'PUT', path: '/updates', tags, summary: 'Look for newer versions by itself or not, at this device only' }).input(z.object({ automatic: flag })).output(updatesState),
  install: command('self', { timeout: 600_000 })
    .route({ method: 'POST', path: '/updates/install', tags, summary: 'Install the version that waits: restart now, when the program ends, or not yet; at this device only' })
    .input(z.object({ when: z.enum(['now', 'at_quit', 'later']) }))
    .output(updatesState),
  served: query('organization.manage').route({ method: 'GET', path: '/updates/served', tags, summary: 'What this installation serves as a hub, and which device has which version' }).output(served),
  serve: command('organization.manage')
    .route({ method: 'PUT', path: '/updates/served', tags, summary: 'The folder to serve updates from, or none; at this device only' })
    .input(z.object({ folder: text(1_000).nullable() }))
    .output(served),
};
