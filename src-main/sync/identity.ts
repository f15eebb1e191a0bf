import { v7 as uuidv7 } from 'uuid';
import type { WireStamp } from '../../src-shared/sync/hlc.ts';
import { changesetHash, getFact, nextInChain, setFact, appendChangeset, OP_KINDS, type Op } from '../store/change-log.ts';
import { metaOf } from '../store/entity.ts';
import { SCHEMA } from '../store/migrate.ts';
import type { Exchange } from './exchange.ts';
import { STATES } from './log.ts';
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
 * the same moments. `keepsAuthority`: a hub stays the one that gives out numbers.
 */
export function takeNewName(x: Exchange, fork: number, keepsAuthority = false): void {
  const old = { id: x.own.id, alias: x.own.alias };
  const id = uuidv7();
  const alias = x.rows.aliases.of(id);
  const links = x.db.all<Link>('SELECT id, stamp_time, stamp_counter, actor_id, schema, ops, state FROM changesets WHERE device = ? AND seq >= ? AND position IS NULL ORDER BY seq', old.alias, fork);
  const moved = new Set(links.map((link) => `${link.stamp_time} ${link.stamp_counter}`));
  const renamed = (stamp: WireStamp): WireStamp => (stamp[2] === old.id && moved.has(`${stamp[0]} ${stamp[1]}`) ? [stamp[0], stamp[1], id] : stamp);
  let previous: Buffer = Buffer.alloc(32);
  for (const [index, link] of links.entries()) {
    const ops = (JSON.parse(link.ops) as Op[]).map((op) => renameOp(op, renamed));
    renameRows(x, ops, link, old.alias, alias, renamed);
    const text = JSON.stringify(ops);
    const header = { device: id, seq: index + 1, actor: link.actor_id, schema: link.schema, stamp: { time: link.stamp_time, counter: link.stamp_counter, device: alias } };
    const hash = changesetHash(previous, header, text);
    const state = link.state === STATES.returned || link.state === STATES.setAside ? STATES.untold : link.state === STATES.parkedAtHub ? null : link.state;
    x.db.run('UPDATE changesets SET device = ?, seq = ?, ops = ?, prev_hash = ?, hash = ?, state = ? WHERE id = ?', alias, index + 1, text, previous, hash, state, link.id);
    previous = hash;
  }
  setFact(x.db, 'sync_former', JSON.stringify([...(JSON.parse(getFact(x.db, 'sync_former') ?? '[]') as string[]), old.id]));
  // No moment may be told twice under one name; the new one has only those that it took along.
  Object.assign(x.own, { id, alias });
  if (keepsAuthority) moveAuthority(x, old.id);
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
    x.db.run('UPDATE group_heads SET stamp_device = ? WHERE entity = ? AND row = ? AND stamp_time = ? AND stamp_counter = ? AND stamp_device = ?', to, meta.code, row.rid, link.stamp_time, link.stamp_counter, from);
    if (op.h) {
      for (const { group, heads } of x.rows.heads.all(meta, row)) {
        if (group !== 'deleted_at') continue;
        for (const head of heads) head.seen = head.seen?.map(renamed) ?? null;
        x.rows.heads.write(meta, row, group, heads);
      }
    }
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

/** The organisation's authority under its new name. */
function moveAuthority(x: Exchange, before: string): void {
  const organization = x.db.get<{ id: string; authority_device: string }>('SELECT id, authority_device FROM organization LIMIT 1');
  if (!organization || organization.authority_device !== before) return;
  const meta = metaOf(x.registry, 'organization');
  const row = x.rows.read(meta, organization.id);
  if (!row) return;
  const place = nextInChain(x.db, x.now, x.own);
  const group = meta.groupOf['authority_device'] as string;
  const op: Op = { t: 'organization', i: organization.id, k: OP_KINDS.update, g: { [group]: { v: { authority_device: x.own.id }, s: x.rows.heads.read(meta, row, group).map((head) => head.stamp) } } };
  const { before: replaced } = x.rows.apply(op, { localId: place.id, device: x.own.id, stamp: place.stamp, effective: place.stamp, actor: null }, false);
  appendChangeset(x.db, place, { deviceId: x.own.id, actorId: null, schema: SCHEMA, origin: 'system', importId: null, undoes: null }, [op], [replaced]);
}
