import type { Origin } from '../../src-shared/audit/model.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Moment } from '../../src-shared/sync/hlc.ts';
import type { Epoch, LogEntry, SyncVerdict, WireChangeset } from '../../src-shared/sync/wire.ts';
import { changesetHashHex, getFact, setFact, type Before } from '../store/change-log.ts';
import type { Db, SqlValue } from '../store/sqlite.ts';
import type { Aliases } from './aliases.ts';
import type { HubLog, Refused, SyncEvent } from './types.ts';

/**
 * What became of a changeset besides its position; null for one that waits or is in the log. `untold`: was returned, and a hub with a
 * new life does not know it. `parked`: only a newer version of this program understands it. `parkedAtHub`: the hub has it, and its page
 * or its verdict is still to come. `movedAside`: returned, and another change stands in its place in the chain.
 */
export const STATES = { returned: 1, setAside: 2, parkedAtHub: 3, untold: 4, parked: 5, movedAside: 6 } as const;

const NOT_ACCEPTED: ReadonlySet<number | null> = new Set([STATES.returned, STATES.setAside, STATES.untold]);
/** Whether the values of a change are in no row, since the hub did not accept it. */
export const isNotAccepted = (state: number | null): boolean => NOT_ACCEPTED.has(state);

/** Under which name a change is kept whose place in its device's chain is another one's. */
export const asideName = (device: string, hash: Buffer): string => `${device}~${hash.toString('hex').slice(0, 12)}`;

/** Of a change that waits: it could not be applied when this copy was started anew, so that it is in no row and nothing says what it replaced. */
export const UNAPPLIED = `position IS NULL AND before = '[]' AND ops <> '[]' AND (state IS NULL OR state = ${STATES.parkedAtHub})`;

/** A changeset as it is stored. */
export interface StoredChange {
  id: number;
  device: number;
  device_id: string;
  seq: number;
  stamp_time: number;
  stamp_counter: number;
  actor_id: string | null;
  schema: number;
  origin: Origin;
  import_id: string | null;
  undoes_device: string | null;
  undoes_seq: number | null;
  ops: string;
  prev_hash: Buffer;
  hash: Buffer;
  position: number | null;
  eff_time: number | null;
  eff_counter: number | null;
  state: number | null;
}

export const SELECT_CHANGES = `SELECT c.id, c.device, d.id AS device_id, c.seq, c.stamp_time, c.stamp_counter, c.actor_id, c.schema, c.origin, c.import_id, ud.id AS undoes_device, u.seq AS undoes_seq,
  c.ops, c.prev_hash, c.hash, c.position, c.eff_time, c.eff_counter, c.state
  FROM changesets c JOIN devices d ON d.alias = c.device LEFT JOIN changesets u ON u.id = c.undoes LEFT JOIN devices ud ON ud.alias = u.device`;

export function toWire(change: StoredChange): WireChangeset {
  return {
    device: change.device_id,
    seq: change.seq,
    actor: change.actor_id,
    schema: change.schema,
    stamp: [change.stamp_time, change.stamp_counter],
    origin: change.origin,
    import_id: change.import_id,
    undoes: change.undoes_device === null || change.undoes_seq === null ? null : [change.undoes_device, change.undoes_seq],
    ops: change.ops,
    prev_hash: change.prev_hash.toString('hex'),
    hash: change.hash.toString('hex'),
  };
}

export const effectiveOf = (change: Pick<StoredChange, 'stamp_time' | 'stamp_counter' | 'eff_time' | 'eff_counter'>): Moment => ({ time: change.eff_time ?? change.stamp_time, counter: change.eff_counter ?? change.stamp_counter });

/** Recomputes the hash. @throws AppError BAD_REQUEST `sync_tampered` */
export function verifyHash(change: WireChangeset): void {
  const [time, counter] = change.stamp;
  if (changesetHashHex(change.prev_hash, { device: change.device, seq: change.seq, actor: change.actor, schema: change.schema, stamp: { time, counter } }, change.ops) !== change.hash) throw new AppError('BAD_REQUEST', { detail: 'sync_tampered' });
}

export interface KnownChange {
  id: number;
  hash: Buffer;
  position: number | null;
  stamp_time: number;
  stamp_counter: number;
  eff_time: number | null;
  eff_counter: number | null;
  state: number | null;
  /** See `UNAPPLIED`. */
  unapplied: 0 | 1;
}

const KNOWN = `position, stamp_time, stamp_counter, eff_time, eff_counter, state, (${UNAPPLIED}) AS unapplied FROM changesets WHERE device = ?`;
const SELECT_KNOWN = `SELECT id, hash, ${KNOWN} AND seq = ?`;
const SELECT_KNOWN_BETWEEN = `SELECT id, lower(hex(hash)) AS hash, ${KNOWN} AND seq BETWEEN ? AND ? ORDER BY seq`;

export function findChange(db: Db, aliases: Aliases, device: string, seq: number): KnownChange | undefined {
  const alias = aliases.known(device);
  if (alias === null) return undefined;
  return db.get<KnownChange>(SELECT_KNOWN, alias, seq);
}

/** Links of a device's chain, in their order, with their hashes as the wire spells them. */
export const knownBetween = (db: Db, alias: number, first: number, last: number): (Omit<KnownChange, 'hash'> & { hash: string })[] => db.all(SELECT_KNOWN_BETWEEN, alias, first, last);

const COLUMNS = 'id, device, seq, stamp_time, stamp_counter, actor_id, schema, origin, ops, before, prev_hash, hash, position';
const INSERT = `INSERT INTO changesets (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT_ALL = `INSERT INTO changesets (${COLUMNS}, import_id, undoes, eff_time, eff_counter, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Writes a changeset of another device into this copy's log. */
export function insertChange(db: Db, aliases: Aliases, id: number, change: WireChangeset, facts: { before: Before[]; position: number | null; effective: Moment; state: number | null }): void {
  const undoes = change.undoes && (findChange(db, aliases, change.undoes[0], change.undoes[1])?.id ?? null);
  const moved = facts.effective.time !== change.stamp[0] || facts.effective.counter !== change.stamp[1];
  const values: SqlValue[] = [
    id,
    aliases.of(change.device),
    change.seq,
    change.stamp[0],
    change.stamp[1],
    change.actor,
    change.schema,
    change.origin,
    change.ops,
    JSON.stringify(facts.before),
    Buffer.from(change.prev_hash, 'hex'),
    Buffer.from(change.hash, 'hex'),
    facts.position,
  ];
  // What hardly any change has is not even bound: each value takes a sixth of a microsecond.
  if (change.import_id === null && undoes === null && !moved && facts.state === null) db.run(INSERT, ...values);
  else db.run(INSERT_ALL, ...values, change.import_id, undoes, moved ? facts.effective.time : null, moved ? facts.effective.counter : null, facts.state);
}

/** Puts a changeset on the list of those that were returned or set aside; one that is on it stays as it was. */
export function listReturned(db: Db, id: number, { kind, reason, why, at }: { kind: string; reason: string; why: string | null; at: string }): void {
  db.run('INSERT OR IGNORE INTO local_sync_returned (changeset, kind, reason, why, at) VALUES (?, ?, ?, ?, ?)', id, kind, reason, why, at);
}

/** Remembers an answer without a place, so that the same changeset is answered the same again. */
export function keepRefused(db: Db, { change, kind, reason, why, at }: Refused): void {
  db.run(
    'INSERT OR REPLACE INTO local_sync_refused (device, seq, hash, kind, reason, why, changeset, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    change.device,
    change.seq,
    Buffer.from(change.hash, 'hex'),
    kind,
    reason,
    why,
    JSON.stringify(change),
    at,
  );
}

export const nextId = (db: Db): number => (db.get<{ id: number }>('SELECT id FROM changesets ORDER BY id DESC LIMIT 1')?.id ?? 0) + 1;

export const readEpoch = (db: Db): Epoch | null => {
  const text = getFact(db, 'sync_epoch');
  return text === null ? null : (JSON.parse(text) as Epoch);
};
export const numberFact = (db: Db, key: string): number => Number(getFact(db, key) ?? 0);

export function toEntry(change: StoredChange): LogEntry {
  const { time, counter } = effectiveOf(change);
  return { ...toWire(change), position: change.position as number, effective: [time, counter] };
}

/** The hub's log inside its own file: changesets with a position. Positions are given by `place`, inside the transaction that writes the rows. */
export function sqliteLog(read: Db): HubLog {
  return {
    head: () => headOf(read),
    read: (since, limit, characters) => fitting(read.iterate<StoredChange>(BEHIND, since, limit), limit, characters).changes.map(toEntry),
    places: (since, limit) => placesBehind(read, since, limit),
    hashAt: (position) => hashAt(read, position),
    floor: () => numberFact(read, 'sync_floor'),
    epoch: () => readEpoch(read) ?? { id: '', lineage: [] },
  };
}

const BEHIND = `${SELECT_CHANGES} WHERE c.position > ? ORDER BY c.position LIMIT ?`;
export const entriesBehind = (db: Db, since: number, limit: number): LogEntry[] => db.all<StoredChange>(BEHIND, since, limit).map(toEntry);

/** As many changes as one message carries, and one at the least: those of an import have half a megabyte each, and are not even to be read all at once. */
export function fitting(waiting: Iterable<StoredChange>, limit: number, characters = Number.POSITIVE_INFINITY): { changes: StoredChange[]; isMore: boolean } {
  const changes: StoredChange[] = [];
  let length = 0;
  for (const change of waiting) {
    length += change.ops.length;
    if (changes.length === limit || (changes.length > 0 && length > characters)) return { changes, isMore: true };
    changes.push(change);
  }
  return { changes, isMore: false };
}

function placesBehind(db: Db, since: number, limit: number): Pick<LogEntry, 'hash' | 'effective'>[] {
  const rows = db.all<Pick<StoredChange, 'hash' | 'stamp_time' | 'stamp_counter' | 'eff_time' | 'eff_counter'>>('SELECT hash, stamp_time, stamp_counter, eff_time, eff_counter FROM changesets WHERE position > ? ORDER BY position LIMIT ?', since, limit);
  return rows.map((row) => {
    const { time, counter } = effectiveOf(row);
    return { hash: row.hash.toString('hex'), effective: [time, counter] };
  });
}

/** The changesets that a push has just put into the log, as places without a gap; null where there are none, or others stand between. */
export function runOf(verdicts: readonly SyncVerdict[]): Extract<SyncVerdict, { verdict: 'accepted' }>[] | null {
  const run = verdicts.filter((verdict) => verdict.verdict === 'accepted');
  const [first] = run;
  return first && run.every((verdict, index) => !verdict.duplicate && verdict.position === first.position + index) ? run : null;
}

/** The same, where it is all of what was pushed. */
export function wholeRunOf(verdicts: readonly SyncVerdict[], pushed: readonly unknown[]): ReturnType<typeof runOf> {
  const run = runOf(verdicts);
  return run?.length === pushed.length ? run : null;
}

export const hashAt = (db: Db, position: number): string | null => db.get<{ hash: Buffer }>('SELECT hash FROM changesets WHERE position = ?', position)?.hash.toString('hex') ?? null;
export const headOf = (db: Db): number => db.get<{ head: number | null }>('SELECT max(position) AS head FROM changesets WHERE position IS NOT NULL')?.head ?? 0;

/** This hub's own changes that have no position yet, in their order. */
export const unpublished = (db: Db, ownAlias: number): { id: number }[] => db.all<{ id: number }>('SELECT id FROM changesets WHERE id > ? AND position IS NULL AND state IS NULL AND device = ? ORDER BY id', numberFact(db, 'sync_sent'), ownAlias);

/** Gives positions to this hub's own changes that have none yet, in their order. @returns the head */
export function publishOwn(db: Db, ownAlias: number): number {
  let head = headOf(db);
  const waiting = unpublished(db, ownAlias);
  for (const { id } of waiting) db.run('UPDATE changesets SET position = ? WHERE id = ?', ++head, id);
  // Behind all that others have brought, which would be looked through each time; not behind one without a place, whose number is free again once it is refused.
  const last = db.get<{ id: number; position: number | null }>('SELECT id, position FROM changesets ORDER BY id DESC LIMIT 1');
  if (last && last.position !== null && last.id > numberFact(db, 'sync_sent')) setFact(db, 'sync_sent', String(last.id));
  return head;
}

/** Where a copy's log stands, to be compared after something was done. */
export interface Stand {
  head: number;
  life: string | undefined;
}

export const standOf = (db: Db): Stand => ({ head: headOf(db), life: readEpoch(db)?.id });

/** What devices that are connected are to be told of since then. */
export function newsSince(db: Db, before: Stand): SyncEvent[] {
  const { head, life } = standOf(db);
  return [...(life === before.life ? [] : [{ type: 'life' } as const]), ...(head > before.head ? [{ type: 'log', position: head } as const] : [])];
}
