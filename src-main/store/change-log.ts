import { hash as digest } from 'node:crypto';
import type { Entity, Origin } from '../../src-shared/audit/model.ts';
import { laterOf, nextMoment, type Moment, type WireStamp } from '../../src-shared/sync/hlc.ts';
import type { Db } from './sqlite.ts';

export type { WireStamp };

/** Hybrid logical clock: wall milliseconds, counter, device. On the wire the device is its id, on this copy its alias. */
export interface Stamp {
  time: number;
  counter: number;
  device: number;
}

/** One group of a row as it travels: its values, and the heads that the writer had before him. */
export interface GroupWrite {
  v: Record<string, unknown>;
  s: WireStamp[];
  /** Of a long text: what it was before. */
  b?: string;
}

export const OP_KINDS = { create: 'c', update: 'u', delete: 'd', restore: 'r', purge: 'p', number: 'n' } as const;
export type OpKind = (typeof OP_KINDS)[keyof typeof OP_KINDS];

/** One row of a changeset. A creation carries all its values at once: nobody had any before it. */
export interface Op {
  t: Entity;
  i: string;
  k: OpKind;
  v?: Record<string, unknown>;
  g?: Record<string, GroupWrite>;
  /** Of a deletion: the heads of the row's other groups that its author had before him. */
  h?: WireStamp[];
}

/** What this copy remembers beside an op: the values that it replaced. */
export type Before = Record<string, unknown> | null;

export interface Changeset {
  id: number;
  device: number;
  seq: number;
  stamp_time: number;
  stamp_counter: number;
  actor_id: string | null;
  schema: number;
  origin: Origin;
  import_id: string | null;
  undoes: number | null;
  ops: string;
  before: string;
  prev_hash: Buffer;
  hash: Buffer;
}

/** The device of a copy that nobody else has joined yet. */
const FIRST_ALIAS = 1;
const NO_HASH = Buffer.alloc(32);

/** Who this copy is among the devices, and how far its clock has come. Lives as long as the file is open. */
export interface OwnDevice {
  id: string;
  alias: number;
  /** Names that a hub wrote under before; it stays the authority that was named by one of them. */
  former: readonly string[];
  /** Milliseconds by which the hub's clock is ahead. */
  offset: number;
  /** The latest moment that came from other devices. */
  seen: Moment;
  /** The latest time that this device put into a stamp before its clock was found to run ahead; 0 otherwise. */
  madeUpTo: number;
}

/** Facts of this copy about itself; never replicated. */
export const getFact = (db: Db, key: string): string | null => db.get<{ value: string }>('SELECT value FROM local_facts WHERE key = ?', key)?.value ?? null;
export const setFact = (db: { run(sql: string, ...params: string[]): unknown }, key: string, value: string | null): void => {
  if (value === null) db.run('DELETE FROM local_facts WHERE key = ?', key);
  else db.run('INSERT INTO local_facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, value);
};

/** What this copy is to others: a hub, a device that has a hub, or neither. */
export const roleOf = (db: Db): 'hub' | 'device' | 'alone' => (getFact(db, 'sync_hub') !== null ? 'hub' : getFact(db, 'sync_epoch') !== null ? 'device' : 'alone');

/** What the file says of this copy. */
export function readOwnDevice(db: Db): OwnDevice | null {
  const alias = Number(getFact(db, 'own_alias') ?? FIRST_ALIAS);
  const known = db.get<{ id: string }>('SELECT id FROM devices WHERE alias = ?', alias);
  if (!known) return null;
  const [time = 0, counter = 0] = (getFact(db, 'clock_seen') ?? '').split(' ').map(Number);
  return { id: known.id, alias, former: JSON.parse(getFact(db, 'sync_former') ?? '[]') as string[], offset: Number(getFact(db, 'clock_offset') ?? 0), seen: { time, counter }, madeUpTo: Number(getFact(db, 'clock_made') ?? 0) };
}

interface Head {
  seq: number;
  stamp_time: number;
  stamp_counter: number;
  eff_time: number | null;
  eff_counter: number | null;
  hash: Buffer;
}

// With a bare parameter before ORDER BY, SQLite plans the statement anew at every call, for the sake of its value: four fifths of what it takes.
const END_OF_CHAIN = 'SELECT seq, stamp_time, stamp_counter, eff_time, eff_counter, hash FROM changesets WHERE device = +? ORDER BY seq DESC LIMIT 1';

/** The end of this device's chain, and the stamp that the next write gets. Call it inside the write's own transaction. */
export function nextInChain(db: Db, now: number, own: OwnDevice): { id: number; seq: number; stamp: Stamp; prevHash: Buffer } {
  const head = db.get<Head>(END_OF_CHAIN, own.alias);
  const newest = db.get<{ id: number }>('SELECT id FROM changesets ORDER BY id DESC LIMIT 1');
  const seq = (head?.seq ?? 0) + 1;
  const last = head ? { time: head.eff_time ?? head.stamp_time, counter: head.eff_counter ?? head.stamp_counter } : { time: 0, counter: -1 };
  const moment = nextMoment(now, laterOf(last, own.seen), own.madeUpTo, seq);
  return { id: (newest?.id ?? 0) + 1, seq, stamp: { ...moment, device: own.alias }, prevHash: head?.hash ?? NO_HASH };
}

/** Where the bytes of a changeset are put together for its hash. */
const scratch = Buffer.allocUnsafe(65_536);

/** Hash of a changeset: its place in the chain, who, when, and every op to the letter. */
export const changesetHash = (prevHash: Buffer, header: ChangesetHeader, ops: string): Buffer => digest('sha256', hashedBytes(prevHash, header, ops), 'buffer');

/** The same out of and into hexadecimal digits, as changesets travel. */
export const changesetHashHex = (prevHash: string, header: ChangesetHeader, ops: string): string => digest('sha256', hashedBytes(prevHash, header, ops), 'hex');

interface ChangesetHeader {
  device: string;
  seq: number;
  actor: string | null;
  schema: number;
  stamp: Pick<Stamp, 'time' | 'counter'>;
}

function hashedBytes(prevHash: Buffer | string, header: ChangesetHeader, ops: string): Buffer {
  const head = JSON.stringify([header.device, header.seq, header.actor, header.schema, header.stamp.time, header.stamp.counter]);
  const most = prevHash.length + 3 * (head.length + ops.length);
  const bytes = most <= scratch.length ? scratch : Buffer.allocUnsafe(most);
  let length = typeof prevHash === 'string' ? bytes.write(prevHash, 'hex') : prevHash.copy(bytes);
  length += bytes.write(head, length);
  length += bytes.write(ops, length);
  return bytes.subarray(0, length);
}

const INSERT = `INSERT INTO changesets (id, device, seq, stamp_time, stamp_counter, actor_id, schema, origin, import_id, undoes, ops, before, prev_hash, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Writes one changeset of this device at the end of its chain. */
export function appendChangeset(
  db: Db,
  place: { id: number; seq: number; stamp: Stamp; prevHash: Buffer },
  facts: { deviceId: string; actorId: string | null; schema: number; origin: Origin; importId: string | null; undoes: number | null },
  ops: Op[],
  before: Before[],
): void {
  const text = JSON.stringify(ops);
  const header = { device: facts.deviceId, seq: place.seq, actor: facts.actorId, schema: facts.schema, stamp: place.stamp };
  const hash = changesetHash(place.prevHash, header, text);
  db.run(
    INSERT,
    place.id,
    place.stamp.device,
    place.seq,
    place.stamp.time,
    place.stamp.counter,
    facts.actorId,
    facts.schema,
    facts.origin,
    facts.importId,
    facts.undoes,
    text,
    JSON.stringify(before),
    place.prevHash,
    hash,
  );
}
