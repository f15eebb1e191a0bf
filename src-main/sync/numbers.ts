import type { Entity } from '../../src-shared/audit/model.ts';
import type { WireStamp } from '../../src-shared/sync/hlc.ts';
import type { LogEntry } from '../../src-shared/sync/wire.ts';
import { OP_KINDS, appendChangeset, nextInChain, type Op } from '../store/change-log.ts';
import { openNumbers } from '../store/counters.ts';
import type { EntityMeta, Row } from '../store/entity.ts';
import { SCHEMA } from '../store/migrate.ts';
import { stampOf } from './aliases.ts';
import type { Exchange } from './exchange.ts';
import { readOps } from './ops.ts';
import { numberIn } from './rows.ts';

const NUMBER_OP = `"k":"${OP_KINDS.number}"`;

interface Unnumbered {
  meta: EntityMeta;
  id: string;
  /** Of a row that never had a number: its creation. */
  created?: WireStamp;
}

/**
 * The authority's numbers for rows that came without one, in the order in which they came, as a changeset of its own. Where two rows
 * turn out to have one number (the hub was restored and gave it again) the one that got it later gets another. `missing`: not while a
 * device has more to send, that may bring the numbers along.
 */
export function giveNumbers(x: Exchange, wanted: { missing: boolean; twice: boolean }): void {
  const early = x.rows.early.unsaid();
  x.rows.keepNumbers();
  const rows = [...x.registry.values()].flatMap((meta) => [...(wanted.missing ? without(x, meta) : []), ...(wanted.twice && x.touched.entities.has(meta.name) ? again(x, meta) : [])]);
  if (early.length + rows.length === 0) return;
  const numbers = openNumbers(x.db);
  const place = nextInChain(x.db, x.now, x.own);
  const source = { localId: place.id, device: x.own.id, stamp: place.stamp, effective: place.stamp, actor: null };
  const given = early.flatMap(({ meta, id, no }): Op[] => {
    const row = x.rows.read(meta, id);
    if (!row) return [];
    x.rows.number(meta, id, no, source);
    return [firstNumber(meta, id, no, stampOf(x.rows.aliases, row))];
  });
  const others = rows.map(({ meta, id, created }): Op => {
    if (created) {
      const no = numbers.next(meta.name);
      x.rows.number(meta, id, no, source);
      return firstNumber(meta, id, no, created);
    }
    const row = x.rows.read(meta, id);
    const seen = row ? x.rows.heads.read(meta, row, 'no').map((head) => head.stamp) : [];
    const op: Op = { t: meta.name, i: id, k: OP_KINDS.number, g: { no: { v: { no: numbers.next(meta.name) }, s: seen } } };
    x.rows.apply(op, source, false);
    return op;
  });
  const ops = [...given, ...others];
  if (ops.length === 0) return;
  numbers.keep();
  x.lastId = null;
  appendChangeset(x.db, place, { deviceId: x.own.id, actorId: null, schema: SCHEMA, origin: 'sync', importId: null, undoes: null }, ops, ops.map(() => null));
}

const firstNumber = (meta: EntityMeta, id: string, no: number, created: WireStamp): Op => ({ t: meta.name, i: id, k: OP_KINDS.number, g: { no: { v: { no }, s: [created] } } });

/** Lets rows be made with the numbers that `giveNumbers` then writes down. Not where others may bring numbers along, that stand in the way of these. */
export function numberEarly(x: Exchange): void {
  const numbers = openNumbers(x.db);
  x.rows.early.from((meta) => numbers.next(meta.name));
}

/** The same on a copy that is about to read the numbers of rows out of the same entries. */
export function readNumbersEarly(x: Exchange, entries: readonly LogEntry[]): void {
  const numbers = new Map<string, { table: Entity; no: number }>();
  for (const { actor, ops } of entries) {
    if (actor !== null || !ops.includes(NUMBER_OP)) continue;
    for (const op of readOps(x.registry, ops) ?? []) {
      const no = numberIn(op);
      if (no !== null && !numbers.has(op.i)) numbers.set(op.i, { table: op.t, no });
    }
  }
  if (numbers.size === 0) return;
  x.rows.early.from((meta, id) => {
    const known = numbers.get(id);
    return known?.table === meta.name ? known.no : null;
  });
}

function without(x: Exchange, meta: EntityMeta): Unnumbered[] {
  const rows = x.db.all<Pick<Row, 'id' | 'stamp_time' | 'stamp_counter' | 'stamp_device'>>(`SELECT id, stamp_time, stamp_counter, stamp_device FROM ${meta.tableName} WHERE no IS NULL ORDER BY rid`);
  return rows.map((row) => ({ meta, id: row.id, created: stampOf(x.rows.aliases, row) }));
}

/** Rows whose number another one got before them. */
function again(x: Exchange, meta: EntityMeta): Unnumbered[] {
  return [...x.touched.ids].flatMap((id) => {
    const row = x.rows.read(meta, id);
    if (!row || row.no === null) return [];
    const twins = x.db.all<{ id: string }>(`SELECT id FROM ${meta.tableName} WHERE no = ?`, row.no);
    if (twins.length < 2) return [];
    const given = twins.map((twin) => ({ id: twin.id, at: givenAt(x, meta, twin.id) })).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    return given.slice(1).filter((twin) => twin.id === id || !x.touched.ids.has(twin.id)).map((twin) => ({ meta, id: twin.id }));
  });
}

function givenAt(x: Exchange, meta: EntityMeta, id: string): number {
  const row = x.rows.read(meta, id);
  return row ? Math.min(...x.rows.heads.read(meta, row, 'no').map((head) => head.effective.time)) : 0;
}
