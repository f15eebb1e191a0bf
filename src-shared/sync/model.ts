import { z } from 'zod';
import { ENTITIES } from '../audit/model.ts';

const entity = z.enum(ENTITIES);

/** How many entries of a list are shown at a time; of more conflicts than that nobody counts how many. */
export const SHOWN = 200;

/** Rows that stand as ids in the values beside it, by the names they have on this copy. */
const names = z.record(z.string(), z.string());

/** One side of a conflict: the values, who wrote them and when. */
export const conflictSide = z.object({
  values: z.record(z.string(), z.unknown()),
  names,
  actor_id: z.string().nullable(),
  actor_name: z.string().nullable(),
  at: z.string(),
  /** Whether these are the values that the row shows now. */
  shown: z.boolean(),
});

const rowName = { entity, row_id: z.string(), row_no: z.number().int().nullable(), row_title: z.string().nullable() };

/**
 * What a person has to decide, derived from the rows on every copy alike. `values`: several said different things of one group;
 * `edited_in_trash`: a row was deleted by somebody who did not know of these edits; `parent_in_trash`: a living row hangs on a deleted
 * one; `twice`: rows that agree in what only one should have, such as a company's INN.
 */
export const conflict = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('values'), ...rowName, group: z.string(), sides: z.array(conflictSide) }),
  z.object({ kind: z.literal('edited_in_trash'), ...rowName, deleted_at: z.string(), edits: z.array(conflictSide.extend({ group: z.string() })) }),
  z.object({ kind: z.literal('parent_in_trash'), ...rowName, parent: z.object(rowName) }),
  z.object({ kind: z.literal('twice'), ...rowName, columns: z.array(z.string()), others: z.array(z.object(rowName)) }),
]);
export type Conflict = z.infer<typeof conflict>;

/** One changed row of a changeset in the queue, readable: fields with the values that were written. */
const queuedRow = z.object({
  ...rowName,
  action: z.enum(['create', 'update', 'delete', 'restore', 'purge', 'number']),
  /** Whether this copy has the row, be it in the trash. */
  exists: z.boolean(),
  values: z.record(z.string(), z.unknown()),
  /** What stood there before, as far as this copy knew it. */
  before: z.record(z.string(), z.unknown()),
  names,
  /** The row that a file or a note hangs on. */
  owner: z.object(rowName).nullable(),
});

/** A changeset that waits, was returned, was set aside or is parked. `seq` is the place in this device's chain. */
export const queuedChange = z.object({
  change_id: z.string(),
  device: z.string(),
  seq: z.number().int(),
  at: z.string(),
  actor_id: z.string().nullable(),
  actor_name: z.string().nullable(),
  rows: z.array(queuedRow),
  /** One of RETURN_REASONS, or what a newer hub has said. */
  reason: z.string().nullable(),
  /** One of REFUSALS, `malformed_` with the field, or a technical text. */
  why: z.string().nullable(),
  /** A later change put everything back. */
  undone: z.boolean(),
  /** It puts back an earlier change itself. */
  undoes: z.boolean(),
  /** It has its place in the common log: the others have it, and it is only here that it could not be applied or is not understood. */
  placed: z.boolean(),
});
export type QueuedChange = z.infer<typeof queuedChange>;

/** The truth behind the status corner. `synchronised` is said only when nothing waits, everything was read and both states are equal. */
export const syncStatus = z.object({
  device: z.string(),
  role: z.enum(['alone', 'hub', 'device']),
  epoch: z.string().nullable(),
  cursor: z.number().int(),
  head: z.number().int(),
  waiting: z.number().int(),
  /** Counted up to SHOWN; one more where there are more. */
  conflicts: z.number().int(),
  returned: z.number().int(),
  set_aside: z.number().int(),
  parked: z.number().int(),
  /** Milliseconds by which the hub's clock is ahead of this one's. */
  clock_offset: z.number().int(),
  last_contact: z.string().nullable(),
  /** Whether this copy's rows were found to differ from the hub's at the same position. */
  diverged: z.boolean(),
  synchronised: z.boolean(),
});
export type SyncStatus = z.infer<typeof syncStatus>;
