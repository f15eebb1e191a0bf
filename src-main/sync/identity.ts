import { createHmac, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { laterOf, type WireStamp } from '../../src-shared/sync/hlc.ts';
import { changesetHash, getFact, setFact, OP_KINDS, type Op } from '../store/change-log.ts';
import { metaOf } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';
import type { Exchange } from './exchange.ts';
import { effectiveOf, isNotAccepted, numberFact, SELECT_CHANGES, STATES, type StoredChange } from './log.ts';
import { readOps } from './ops.ts';
import { RowTrouble } from './rows.ts';

interface Link {
  id: number;
  stamp_time: number;
  stamp_counter: number;
  actor_id: string | null;
  schema: number;
  ops: string;
  state: number | null;
}

/**
 * From now on this copy writes under a new name, since another one (a clone, or this one before it was put back to a backup) wrote
 * under the old. What nobody has seen yet, from `fork` on in the chain, becomes the beginning of the new chain: the same changes with
 * the same moments.
 */
export function takeNewName(x: Exchange, fork: number): void {
  rememberOwnMoments(x);
  const old = { id: x.own.id, alias: x.own.alias };
  const id = uuidv7();
  const alias = x.rows.aliases.of(id);
  const links = x.db.all<Link>('SELECT id, stamp_time, stamp_counter, actor_id, schema, ops, state FROM changesets WHERE device = ? AND seq >= ? AND position IS NULL ORDER BY seq', old.alias, fork);
  const moved = new Set(links.map((link) => `${link.stamp_time} ${link.stamp_counter}`));
  const renamed = (stamp: WireStamp): WireStamp => (stamp[2] === old.id && moved.has(`${stamp[0]} ${stamp[1]}`) ? [stamp[0], stamp[1], id] : stamp);
  let previous: Buffer = Buffer.alloc(32);
  for (const [index, link] of links.entries()) {
    const ops = (JSON.parse(link.ops) as Op[]).map((op) => renameOp(op, renamed));
    // What was not accepted is in no row: a head of its moment there is the other copy's.
    if (!isNotAccepted(link.state)) renameRows(x, ops, link, old.alias, alias, renamed);
    const text = JSON.stringify(ops);
    const header = { device: id, seq: index + 1, actor: link.actor_id, schema: link.schema, stamp: { time: link.stamp_time, counter: link.stamp_counter, device: alias } };
    const hash = changesetHash(previous, header, text);
    const state = link.state === STATES.returned || link.state === STATES.setAside ? STATES.untold : link.state === STATES.parkedAtHub ? null : link.state;
    x.db.run('UPDATE changesets SET device = ?, seq = ?, ops = ?, prev_hash = ?, hash = ?, state = ? WHERE id = ?', alias, index + 1, text, previous, hash, state, link.id);
    previous = hash;
  }
  // What had been answered waits again, under the new name.
  const first = links.reduce((least, link) => Math.min(least, link.id), Number.POSITIVE_INFINITY);
  if (first <= numberFact(x.db, 'sync_sent')) setFact(x.db, 'sync_sent', String(first - 1));
  Object.assign(x.own, { id, alias });
}

/**
 * A hub's new name, which it knows again by a secret of its own even when it is put back to a state before it took the name. What it
 * wrote as the authority under an earlier name stays the authority's.
 */
export function takeHubName(x: Exchange): void {
  rememberOwnMoments(x);
  const former = [...x.own.former, x.own.id];
  setFact(x.db, 'sync_former', JSON.stringify(former));
  const id = signedName(hubSecret(x.db));
  Object.assign(x.own, { id, alias: x.rows.aliases.of(id), former });
}

/** A plain device's name for the file of a hub whose log has moved to another file: that one goes on under the old. */
export function takeDeviceName(x: Exchange): void {
  rememberOwnMoments(x);
  const id = uuidv7();
  Object.assign(x.own, { id, alias: x.rows.aliases.of(id), former: [] });
}

/** What was written under the name so far counts as seen: the chain of the next name would know nothing of it, and write before it. */
function rememberOwnMoments(x: Exchange): void {
  const last = x.db.get<StoredChange>(`${SELECT_CHANGES} WHERE c.device = ? ORDER BY c.seq DESC LIMIT 1`, x.own.alias);
  if (last) x.own.seen = laterOf(x.own.seen, effectiveOf(last));
}

/** Whether this hub once wrote under that name. */
export function isHubName(db: Db, id: string): boolean {
  const secret = getFact(db, 'sync_hub_secret');
  return secret !== null && id.slice(NAME_HEAD) === signatureOf(secret, id.slice(0, NAME_HEAD));
}

/** Characters of a name that come before its signature. */
const NAME_HEAD = 19;
const signatureOf = (secret: string, head: string): string => {
  const hex = createHmac('sha256', secret).update(head).digest('hex');
  return `8${hex.slice(0, 3)}-${hex.slice(3, 15)}`;
};
const signedName = (secret: string): string => {
  const head = uuidv7().slice(0, NAME_HEAD);
  return head + signatureOf(secret, head);
};

/** What a hub knows its own names by; made when it becomes one, it stays in the file and enters no snapshot. */
export function hubSecret(db: Db): string {
  const known = getFact(db, 'sync_hub_secret');
  if (known !== null) return known;
  const secret = randomBytes(32).toString('hex');
  setFact(db, 'sync_hub_secret', secret);
  return secret;
}

/** Also of what this version does not understand: whatever looks like a group. */
function renameOp(op: Op, renamed: (stamp: WireStamp) => WireStamp): Op {
  const stamps = (list: unknown): unknown => (Array.isArray(list) ? list.map((stamp) => (Array.isArray(stamp) && stamp.length === 3 ? renamed(stamp as WireStamp) : (stamp as unknown))) : list);
  const groups = Object.entries(op.g ?? {}).map(([group, write]) => [group, typeof write === 'object' && write !== null && 's' in write ? { ...write, s: stamps(write.s) } : write]);
  return { ...op, ...(op.g ? { g: Object.fromEntries(groups) as Op['g'] } : {}), ...(op.h ? { h: stamps(op.h) as WireStamp[] } : {}) };
}

/** Rows and heads of one changeset carry the new name too. */
function renameRows(x: Exchange, ops: readonly Op[], link: Link, from: number, to: number, renamed: (stamp: WireStamp) => WireStamp): void {
  for (const op of readable(x, ops)) {
    const meta = metaOf(x.registry, op.t);
    const row = x.rows.read(meta, op.i);
    if (!row) continue;
    if (op.k === OP_KINDS.create) x.db.run(`UPDATE ${meta.tableName} SET stamp_device = ? WHERE id = ? AND stamp_device = ? AND stamp_time = ? AND stamp_counter = ?`, to, op.i, from, link.stamp_time, link.stamp_counter);
    x.rows.reread(meta, op.i);
    // A creation may stand as a head in any group; another write only in its own, and the other copy's of the same moment elsewhere.
    const groups = op.k === OP_KINDS.create ? null : JSON.stringify(Object.keys(op.g ?? {}));
    x.db.run('UPDATE group_heads SET stamp_device = ? WHERE entity = ? AND row = ? AND stamp_time = ? AND stamp_counter = ? AND stamp_device = ? AND (? IS NULL OR "group" IN (SELECT value FROM json_each(?)))', to, meta.code, row.rid, link.stamp_time, link.stamp_counter, from, groups, groups);
    if (op.h) {
      for (const { group, heads } of x.rows.heads.all(meta, row)) {
        if (group !== 'deleted_at') continue;
        for (const head of heads) head.seen = head.seen?.map(renamed) ?? null;
        x.rows.heads.write(meta, row, group, heads);
      }
    }
    // Between writes of one moment the device decides: another name may put another one last.
    x.rows.settle(meta, op.i, Object.keys(op.g ?? {}), row.change);
  }
}

function readable(x: Exchange, ops: readonly Op[]): readonly Op[] {
  try {
    return readOps(x.registry, JSON.stringify(ops)) ?? [];
  } catch (error) {
    if (error instanceof RowTrouble) return [];
    throw error;
  }
}
