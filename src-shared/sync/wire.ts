import { z } from 'zod';
import { ORIGINS } from '../audit/model.ts';

/** Largest text of the ops of one changeset, in characters: an import of 500 rows stays well below. */
export const MAX_OPS_CHARACTERS = 8_000_000;
/** Changesets in one push and in one page. */
export const MAX_BATCH = 1_000;
/** Rows that a device asks for at a time. */
export const MAX_ROWS = 200;
/** Version of what travels. */
export const PROTOCOL = 1;

const HASH = /^[0-9a-f]{64}$/;
const MAX_ID = 64;

const whole = z.number().int().nonnegative();
const hash = z.string().regex(HASH);
const deviceId = z.string().min(1).max(MAX_ID);
const moment = z.tuple([whole, whole]);
const wireStamp = z.tuple([whole, whole, deviceId]);

/**
 * One local transaction as it travels. `ops` is the exact text that the hash covers, together with device, seq, actor, schema, stamp
 * and the hash of the changeset before it in its device's chain.
 */
const changeset = z.object({
  device: deviceId,
  seq: z.number().int().positive(),
  actor: z.string().max(MAX_ID).nullable(),
  schema: whole,
  stamp: moment,
  origin: z.enum(ORIGINS),
  import_id: z.string().max(MAX_ID).nullable(),
  /** The change that this one takes back, by its device and place in the chain. */
  undoes: z.tuple([deviceId, whole]).nullable(),
  ops: z.string().max(MAX_OPS_CHARACTERS),
  prev_hash: hash,
  hash,
  /** Sent only so that the chain has no holes: it was returned before and must not be applied. */
  void: z.boolean().optional(),
  /** Of another device's change: the link before it in that one's chain is known here too, and has been offered or placed before. */
  linked: z.boolean().optional(),
});
export type WireChangeset = z.infer<typeof changeset>;
const entry = changeset.extend({ position: z.number().int().positive(), effective: moment });
export type LogEntry = z.infer<typeof entry>;

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isMoment = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && isWhole(value[0]) && isWhole(value[1]);
const isId = (value: unknown): boolean => typeof value === 'string' && value.length > 0 && value.length <= MAX_ID;
const isIdOrNull = (value: unknown): boolean => value === null || (typeof value === 'string' && value.length <= MAX_ID);
const isHash = (value: unknown): boolean => typeof value === 'string' && HASH.test(value);
const CHANGESET_KEYS = 11;
const ENTRY_KEYS = 13;
const origins: ReadonlySet<unknown> = new Set(ORIGINS);

/** Whether it is a changeset of the usual kind, with `keys` keys: one that takes nothing back and says nothing of its way. */
function isUsual(value: unknown, keys: number): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== keys) return false;
  const { device, seq, actor, schema, stamp, origin, import_id, undoes, ops, prev_hash, hash: own } = value as Record<keyof WireChangeset, unknown>;
  return isId(device) && isWhole(seq) && seq > 0 && isIdOrNull(actor) && isWhole(schema) && isMoment(stamp) && origins.has(origin) && isIdOrNull(import_id) && undoes === null && typeof ops === 'string' && ops.length <= MAX_OPS_CHARACTERS && isHash(prev_hash) && isHash(own);
}
function isUsualEntry(value: unknown): boolean {
  if (!isUsual(value, ENTRY_KEYS)) return false;
  const { position, effective } = value as Record<keyof LogEntry, unknown>;
  return isWhole(position) && position > 0 && isMoment(effective);
}

/**
 * A schema that takes what `isUsual` knows as it is, and asks `schema` of everything else. Changes are read thousands at a time, often by a
 * program that has only just begun: zod then takes twenty times as long as it does later.
 */
const quickly = <T>(schema: z.ZodType<T>, isUsual: (value: unknown) => boolean) =>
  z.transform((value: unknown, context): T => {
    if (isUsual(value)) return value as T;
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    context.issues.push(...read.error.issues.map((issue) => ({ ...issue, code: 'custom' as const, input: value })));
    return z.NEVER;
  });

export const wireChangeset = quickly<WireChangeset>(changeset, (value) => isUsual(value, CHANGESET_KEYS));
/** A changeset in the common log. */
export const logEntry = quickly<LogEntry>(entry, isUsualEntry);

/** The hub's life, and where each earlier life was left: history up to `from` is common with it. */
export const epoch = z.object({ id: z.string(), lineage: z.array(z.object({ id: z.string(), from: whole })) });
export type Epoch = z.infer<typeof epoch>;

const wireHead = z.object({
  stamp: wireStamp,
  effective: z.object({ time: whole, counter: whole }),
  actor_id: z.string().nullable(),
  values: z.record(z.string(), z.unknown()),
  base: z.string().nullable(),
  seen: z.array(wireStamp).nullable(),
});

/** A row as the hub has it, with the heads of its groups; `row` is null where the hub has no such row. */
export const rowImage = z.object({
  entity: z.string(),
  id: z.string(),
  purged: z.boolean(),
  row: z.record(z.string(), z.unknown()).nullable(),
  stamp: wireStamp.nullable(),
  heads: z.array(z.object({ group: z.string(), heads: z.array(wireHead) })),
});
export type RowImage = z.infer<typeof rowImage>;

/** Why a changeset was not accepted; the sentence stands under `errors.` in the messages. */
export const RETURN_REASONS = ['no_member', 'member_inactive', 'not_permitted', 'row_missing', 'row_purged', 'row_exists', 'not_authority', 'forked', 'void', 'failed'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/** The changeset that a verdict speaks of; a copy that was put back meanwhile may have another one in that place. */
const place = { device: deviceId, seq: z.number().int().positive(), hash };
export const verdict = z.discriminatedUnion('verdict', [
  z.object({ ...place, verdict: z.literal('accepted'), position: z.number().int().positive(), effective: moment, duplicate: z.boolean() }),
  /** Not accepted: the rows that it touched as they stand at the hub at `position`, where `place_hash` stands. `why` is the policy's own reason. */
  z.object({ ...place, verdict: z.enum(['returned', 'set_aside']), reason: z.enum(RETURN_REASONS), why: z.string().nullable(), rows: z.array(rowImage), position: whole, place_hash: hash.nullish() }),
  /** Understood by a newer version only; kept at the hub until it has been upgraded. */
  z.object({ ...place, verdict: z.literal('parked') }),
  /** The chain has a hole: send from here. Nothing behind it was looked at. */
  z.object({ ...place, verdict: z.literal('expected') }),
  /** Another history stands under this device's name: it must take a new one. */
  z.object({ ...place, verdict: z.literal('forked') }),
]);
export type SyncVerdict = z.infer<typeof verdict>;

/** Place of the last position that a copy has applied, with the hash of what stands there: proof that both speak of the same log. */
const cursor = z.object({ position: whole, hash: hash.nullable() });
export type LogPlace = z.infer<typeof cursor>;

/** A member's installation in the hub's words, for those who meet it without the hub; `body` is the exact text that was signed. */
export const certificate = z.object({ body: z.string().max(20_000), signature: z.string().max(200) });
export type Certificate = z.infer<typeof certificate>;
export const certificateBody = z.object({ organization: z.string(), key: z.string(), actors: z.array(z.string()), devices: z.array(z.string()), issued_at: z.string(), until: z.string() });

/** A change that goes from hand to hand, signed by the installation that wrote it. */
export const signedChange = z.object({ change: wireChangeset, key: z.string().max(200), signature: z.string().max(200) });
export type SignedChange = z.infer<typeof signedChange>;

/** The hub's signature under consecutive entries of its log, by their hashes and effective moments (base64); `epoch` is its life as it was signed. */
export const seal = z.object({ epoch: z.string().max(100_000), since: whole, entries: z.string(), signature: z.string().max(200) });
export type Seal = z.infer<typeof seal>;

/** Why a device may bring changes of others. `seals`: parts of the log that the hub itself once signed; `signed`: the word of the device that wrote a change. */
export const pushProofs = z.object({
  seals: z.array(seal),
  signed: z.array(z.object({ device: deviceId, seq: z.number().int().positive(), hash, key: z.string().max(200), signature: z.string().max(200) })),
});
export type PushProofs = z.infer<typeof pushProofs>;

/** `newest`: the highest place in the log that the device knows of, behind its cursor for what it has pushed itself. `more`: others wait behind these. `brief`: an answer that leaves out its verdicts is understood. */
export const pushRequest = z.object({ protocol: whole, organization: z.string(), device: deviceId, epoch: z.string().nullable(), cursor, newest: cursor, changesets: z.array(wireChangeset).max(MAX_BATCH), more: z.boolean(), proofs: pushProofs.optional(), brief: z.boolean().optional() });
export type PushRequest = z.infer<typeof pushRequest>;

/**
 * `now` is the hub's clock in milliseconds, for the device to measure its own by. `follows`: where what was pushed now stands in the log
 * without a gap, what the hub itself wrote right behind it (numbers); the device has read the log so far then. `seal`: the hub's
 * signature under both. `placed`: where the first of what was pushed stands now, in place of verdicts that say of all of it no more than
 * that it stands behind one another from there on, each at its own time.
 */
export const pushReply = z.object({ epoch, now: whole, head: whole, verdicts: z.array(verdict), follows: z.array(logEntry).optional(), placed: z.number().int().positive().optional(), seal: z.string().max(200).nullish() });
export type PushReply = z.infer<typeof pushReply>;

const placeInChain = z.object({ device: deviceId, seq: z.number().int().positive(), hash });

/** `parked`: own changesets that wait at the hub for its upgrade. `state`: the device's own state hash, where nothing waits. `rows`: rows that it wants as they stand at the hub. */
export const pullRequest = z.object({ protocol: whole, organization: z.string(), device: deviceId, epoch: z.string().nullable(), cursor, newest: cursor, state: z.string().nullable(), rows: z.array(z.object({ entity: z.string().max(64), id: deviceId })).max(MAX_ROWS), parked: z.array(placeInChain).max(MAX_ROWS) });
export type PullRequest = z.infer<typeof pullRequest>;

/** `snapshot_required`: the log no longer reaches back to the cursor. `state` is the hub's own state hash, where the page ends at the head; `rows` are at `head`, where `head_hash` stands. `verdicts`: parked changesets that the hub has refused meanwhile. `seal`: the hub’s signature under the entries. */
export const pullPage = z.object({ epoch, now: whole, since: whole, head: whole, head_hash: hash.nullish(), floor: whole, snapshot_required: z.boolean(), state: z.string().nullable(), entries: z.array(logEntry), rows: z.array(rowImage), verdicts: z.array(verdict), seal: z.string().max(200).nullish() });
export type PullPage = z.infer<typeof pullPage>;
