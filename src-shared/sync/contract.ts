import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ENTITIES } from '../audit/model.ts';
import { command, flag, query, ref, requiredText, text } from '../kernel/contract.ts';
import { conflict, queuedChange, syncStatus } from './model.ts';

const tags = ['sync'];
const done = z.object({ done: z.boolean() });
const entity = z.enum(ENTITIES);
const change = z.object({ change_id: text(50).min(1) });

/** What the status corner says, of all the facts behind it. */
export const SYNC_STATES = ['alone', 'hub', 'synchronised', 'waiting', 'offline', 'attention'] as const;

export const syncState = syncStatus.extend({
  state: z.enum(SYNC_STATES),
  sharing: z.boolean(),
  /** Where the hub is reached, or the hub process of several on one log; the others are `hub_others`. */
  hub_url: z.string().nullable(),
  hub_others: z.array(z.string()),
  /** Of the certificate that this device believes, hex; null where there is no hub. */
  hub_fingerprint: z.string().nullable(),
  /** Files whose contents have still to go to the hub or to come from it. */
  files_waiting: z.number().int(),
  /** The "work offline" switch. */
  work_offline: z.boolean(),
  online: z.boolean(),
  busy: z.boolean(),
  offline_since: z.string().nullable(),
  /** Bytes of the snapshot, while the copy is taken anew from the hub. */
  receiving: z.object({ received: z.number().int(), size: z.number().int() }).nullable(),
  /** Why the last contact failed, in the caller's language. */
  trouble: z.string().nullable(),
});
export type SyncState = z.infer<typeof syncState>;

export const sharing = z.object({
  on: z.boolean(),
  port: z.number().int().nullable(),
  /** What a colleague types or opens in a browser. */
  urls: z.array(z.string()),
  fingerprint: z.string().nullable(),
});

export const pairedDevice = z.object({
  id: z.string(),
  name: z.string(),
  user_id: z.string(),
  user_name: z.string().nullable(),
  version: z.string(),
  paired_at: z.string(),
  seen_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  /** Changes of the common log that it has not fetched yet; null before its first contact. */
  lag: z.number().int().nullable(),
  last_contact: z.string().nullable(),
  /** Up to where it has fetched the common log. */
  position: z.number().int().nullable(),
  /** The log cannot be compacted beyond it. */
  holds_back: z.boolean(),
});
export type PairedDevice = z.infer<typeof pairedDevice>;

/** What an administrator has to know of this installation as a hub. */
export const hubState = z.object({
  version: z.string(),
  /** Whether this copy is the one that gives out numbers. */
  authority: z.boolean(),
  /** Rows that wait for their number. */
  unnumbered: z.number().int(),
  /** Lives of the common log, the present one first: when it began, and after which position. */
  lives: z.array(z.object({ id: z.string(), since: z.string().nullable(), from: z.number().int() })),
  log: z.object({
    head: z.number().int(),
    /** Up to here the log is blank: whoever is behind starts from a snapshot. */
    floor: z.number().int(),
    /** Up to here it could be compacted now. */
    reach: z.number().int(),
  }),
  last_compaction: z.object({ at: z.string(), blanked: z.number().int(), floor: z.number().int() }).nullable(),
});
export type HubState = z.infer<typeof hubState>;

export const bundleTaken = z.object({
  /** The machine that made it, and when. */
  made_by: z.string(),
  made_at: z.string(),
  /** Positions of the common log by which this copy has come forward. */
  read: z.number().int(),
  applied: z.number().int(),
  known: z.number().int(),
  /** Wait for the hub's order. */
  left: z.number().int(),
  /** Not accepted; their author is told at his next contact. */
  returned: z.number().int(),
});
export type BundleTakenReply = z.infer<typeof bundleTaken>;

const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
/** The first SHOWN changes, the oldest first, and how many there are. */
const queue = z.object({ items: z.array(queuedChange), total: z.number().int() });
const joining = z.object({
  stage: z.enum(['none', 'looking', 'pairing', 'preparing', 'receiving', 'building', 'done', 'failed']),
  /** Bytes of the snapshot. */
  received: z.number().int(),
  size: z.number().int().nullable(),
  /** Broken off after the code was spent: the same code goes on. */
  resumable: z.boolean(),
});

export const syncContract = {
  /** Of the copy that one sits at, whatever one's role has become. */
  status: query('self').route({ method: 'GET', path: '/sync/status', tags, summary: 'Whether this copy agrees with the others, and what stands in the way' }).output(syncState),
  watch: query('work.read').route({ method: 'GET', path: '/sync/watch', tags, summary: 'Server-sent events: the state of synchronisation has changed' }).output(eventIterator(z.object({ at: z.string() }))),
  now: command('work.read', { timeout: 600_000 }).route({ method: 'POST', path: '/sync/now', tags, summary: 'Exchange with the hub at once, at another of its addresses where one is named' }).input(z.object({ hub: text(200).optional() }).optional()).output(syncState),
  /** For a copy whose rows differ from the hub's though it has read everything. */
  takeAnew: command('work.read', { timeout: 3_600_000 }).route({ method: 'POST', path: '/sync/anew', tags, summary: 'Take this copy anew from the hub; what waits here stays' }).output(syncState),
  /** Whoever has lost the right to work here may still switch it off: nothing else would let the copy hear of the right again. */
  offline: command('self').route({ method: 'POST', path: '/sync/offline', tags, summary: 'Work offline until it is switched back' }).input(z.object({ offline: flag })).output(syncState),

  conflicts: query('work.read').route({ method: 'GET', path: '/sync/conflicts', tags, summary: 'What several people wrote without having seen each other' }).output(list(conflict).extend({ more: z.boolean() })),
  waiting: query('work.read').route({ method: 'GET', path: '/sync/waiting', tags, summary: 'Changes that the hub has not got yet' }).output(queue),
  returned: query('work.read').route({ method: 'GET', path: '/sync/returned', tags, summary: 'Changes that the hub did not accept, with the reason' }).output(queue),
  setAside: query('work.read').route({ method: 'GET', path: '/sync/set-aside', tags, summary: 'Changes that could not be applied; the others went on' }).output(queue),
  parked: query('work.read').route({ method: 'GET', path: '/sync/parked', tags, summary: 'Changes of a newer version, kept until this copy has been upgraded' }).output(queue),
  resolve: command('work.write')
    .route({ method: 'POST', path: '/sync/conflicts/resolve', tags, summary: 'Settle a conflict with the values that shall stand' })
    .input(z.object({ entity, row_id: text(50), group: text(100), values: z.record(z.string(), z.unknown()) }))
    .output(done),
  deleteAgain: command('work.write').route({ method: 'POST', path: '/sync/conflicts/delete-again', tags, summary: 'Keep a row in the trash, knowing what was edited meanwhile' }).input(z.object({ entity, row_id: text(50) })).output(done),
  sendAgain: command('work.write').route({ method: 'POST', path: '/sync/returned/{change_id}/send', tags, summary: 'Write the values of a returned change again, as a change of now' }).input(change).output(done),
  dismiss: command('work.write').route({ method: 'POST', path: '/sync/returned/{change_id}/dismiss', tags, summary: 'Take a returned change off the list; it stays in the history' }).input(change).output(done),

  applyAgain: command('work.write').route({ method: 'POST', path: '/sync/set-aside/apply', tags, summary: 'Try again to apply what others wrote and this copy had to set aside, in its order' }).output(z.object({ applied: z.number().int(), left: z.number().int() })),

  exportBundle: query('work.write', { timeout: 600_000 })
    .route({ method: 'GET', path: '/sync/bundle', tags, summary: 'A signed file with what this copy knows, for a colleague’s copy or the hub that cannot be reached' })
    .input(z.object({ since: z.coerce.number().int().nonnegative().optional() }))
    .output(z.file()),
  importBundle: command('work.write', { timeout: 600_000 })
    .route({ method: 'POST', path: '/sync/bundle', tags, summary: 'Take in a colleague’s file: everything in it is checked before anything is applied' })
    .input(z.object({ file: z.file() }))
    .output(bundleTaken),

  sharing: query('organization.manage').route({ method: 'GET', path: '/sync/sharing', tags, summary: 'Whether and where this installation serves others as their hub' }).output(sharing),
  share: command('organization.manage').route({ method: 'POST', path: '/sync/sharing', tags, summary: 'Share on the LAN, or no longer' }).input(z.object({ on: flag })).output(sharing),
  createCode: command('organization.manage')
    .route({ method: 'POST', path: '/sync/codes', tags, summary: 'A pairing code for one member and one installation', successStatus: 201 })
    .input(z.object({ user_id: ref }))
    .output(z.object({ code: z.string(), expires_at: z.string(), link: z.string(), qr_svg: z.string() })),
  hub: query('organization.manage').route({ method: 'GET', path: '/sync/hub', tags, summary: 'The common log of this hub: its lives, its length, what compaction would do' }).output(hubState),
  devices: query('organization.manage').route({ method: 'GET', path: '/sync/devices', tags, summary: 'Installations that were paired' }).output(list(pairedDevice)),
  revoke: command('organization.manage').route({ method: 'DELETE', path: '/sync/devices/{id}', tags, summary: 'Cut an installation off at once; it closes its copy at its next contact' }).input(z.object({ id: text(50) })).output(done),
  compact: command('system.manage').route({ method: 'POST', path: '/sync/compact', tags, summary: 'Blank the log up to what every device has; later ones start from a snapshot' }).output(z.object({ blanked: z.number().int(), floor: z.number().int() })),
  newEpoch: command('system.manage').route({ method: 'POST', path: '/sync/epoch', tags, summary: 'After a restore from backup: devices offer again what was lost' }).output(z.object({ epoch: z.string() })),

  hubs: query('public', { timeout: 15_000 })
    .route({ method: 'GET', path: '/sync/hubs', tags, summary: 'Hubs that are heard on the network' })
    .output(list(z.object({ name: z.string(), url: z.string() }))),
  join: command('public', { timeout: 3_600_000 })
    .route({ method: 'POST', path: '/sync/join', tags, summary: 'Join a colleague’s organisation by a pairing code', successStatus: 201 })
    .input(z.object({ hub: text(200).optional(), code: requiredText(60), password: z.string().min(1).max(200) }))
    .output(z.object({ organization: z.object({ id: z.string(), name: z.string() }), member: z.object({ id: z.string(), email: z.string(), full_name: z.string() }) })),
  joining: query('public').route({ method: 'GET', path: '/sync/joining', tags, summary: 'How far a joining has come' }).output(joining),
};
