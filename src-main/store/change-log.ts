import { createHash } from 'node:crypto';
import type { Entity, Origin } from '../../src-shared/audit/model.ts';
import type { Db } from './sqlite.ts';

/** Hybrid logical clock: wall milliseconds, counter, device. On the wire the device is its id, on this copy its alias. */
export interface Stamp {
  time: number;
  counter: number;
  device: number;
}

/** A stamp as it travels. */
export type WireStamp = [time: number, counter: number, device: string];

/** One group of a row as it travels: its values, and the heads that the writer had before him. */
export interface GroupWrite {
  v: Record<string, unknown>;
  s: WireStamp[];
}

export const OP_KINDS = { create: 'c', update: 'u', delete: 'd', restore: 'r', purge: 'p' } as const;
export type OpKind = (typeof OP_KINDS)[keyof typeof OP_KINDS];

/** One row of a changeset. A creation carries all its values at once: nobody had any before it. */
export interface Op {
  t: Entity;
  i: string;
  k: OpKind;
  v?: Record<string, unknown>;
  g?: Record<string, GroupWrite>;
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

/** This device's alias on its own copy. */
export const OWN_DEVICE = 1;
const NO_HASH = Buffer.alloc(32);

interface Head {
  id: number;
  seq: number;
  stamp_time: number;
  stamp_counter: number;
  hash: Buffer;
}

/** The end of this device's chain, and the stamp that the next write gets. Call it inside the write's own transaction. */
export function nextInChain(db: Db, now: number): { id: number; seq: number; stamp: Stamp; prevHash: Buffer } {
  const head = db.get<Head>('SELECT id, seq, stamp_time, stamp_counter, hash FROM changesets WHERE device = 1 ORDER BY seq DESC LIMIT 1');
  const newest = db.get<{ id: number; stamp_time: number; stamp_counter: number }>('SELECT id, stamp_time, stamp_counter FROM changesets ORDER BY id DESC LIMIT 1');
  const lastTime = Math.max(head?.stamp_time ?? 0, newest?.stamp_time ?? 0);
  const time = Math.max(now, lastTime);
  const lastCounter = Math.max(head?.stamp_time === time ? head.stamp_counter : -1, newest?.stamp_time === time ? newest.stamp_counter : -1);
  return {
    id: (newest?.id ?? 0) + 1,
    seq: (head?.seq ?? 0) + 1,
    stamp: { time, counter: lastCounter + 1, device: OWN_DEVICE },
    prevHash: head?.hash ?? NO_HASH,
  };
}

/** Hash of a changeset: its place in the chain, who, when, and every op to the letter. */
export function changesetHash(prevHash: Buffer, header: { device: string; seq: number; actor: string | null; schema: number; stamp: Stamp }, ops: string): Buffer {
  return createHash('sha256')
    .update(prevHash)
    .update(JSON.stringify([header.device, header.seq, header.actor, header.schema, header.stamp.time, header.stamp.counter]))
    .update(ops)
    .digest();
}

const INSERT = `INSERT INTO changesets (id, device, seq, stamp_time, stamp_counter, actor_id, schema, origin, import_id, undoes, ops, before, prev_hash, hash)
VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

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
