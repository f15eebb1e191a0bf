import { laterOf } from '../../src-shared/sync/hlc.ts';
import type { RowImage } from '../../src-shared/sync/wire.ts';
import type { Op } from '../store/change-log.ts';
import type { EntityMeta, Registry, Row } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';
import { stampOf } from './aliases.ts';
import type { Exchange } from './exchange.ts';
import { effectiveOf, numberFact, readEpoch, SELECT_CHANGES, STATES, type StoredChange } from './log.ts';
import { readOps, rowIdsOf } from './ops.ts';
import { RowTrouble } from './rows.ts';

/** System columns of a row that are the same on every copy. */
const SHARED = ['no', 'created_at', 'updated_at', 'created_by', 'updated_by', 'deleted_at'] as const;
const sharedColumns = (meta: EntityMeta): readonly string[] => [...SHARED, ...meta.dataColumns];

/** The rows that a changeset touches, as they stand on this copy. */
export function imagesOf(x: Exchange, text: string): RowImage[] {
  const rows = new Map(opsOf(x, text).map((op) => [`${op.t}/${op.i}`, { entity: op.t, id: op.i }]));
  return [...rows.values()].flatMap(({ entity, id }) => imageOf(x, entity, id) ?? []);
}

/** What this version understands of a changeset; nothing of one that is no changeset. */
function opsOf(x: Exchange, text: string): readonly Op[] {
  try {
    return readOps(x.registry, text) ?? [];
  } catch (error) {
    if (error instanceof RowTrouble) return [];
    throw error;
  }
}

/** A row as it stands on this copy; null for a table that this version does not know. */
export function imageOf(x: Exchange, entity: string, id: string): RowImage | null {
  const meta = (x.registry as ReadonlyMap<string, EntityMeta>).get(entity);
  if (!meta) return null;
  const row = x.rows.read(meta, id);
  if (!row) return { entity, id, purged: x.rows.isPurged(meta, id), row: null, stamp: null, heads: [] };
  const heads = x.rows.heads.all(meta, row).map(({ group, heads: list }) => ({ group, heads: list.map((head) => ({ ...head, seen: head.seen ?? null })) }));
  return { entity, id, purged: false, row: Object.fromEntries(sharedColumns(meta).map((column) => [column, row[column]])), stamp: stampOf(x.rows.aliases, row), heads };
}

/**
 * Takes over the rows that can be taken over now; the others are asked for again. `asked`: they were asked for, and may have been away
 * meanwhile. @returns the rows that were
 */
export function installImages(x: Exchange, images: readonly RowImage[], position: number, asked = false): Set<string> {
  const taken = new Set<string>();
  const waiting = asked && images.length > 0 ? waitingByRow(x, new Set(images.map(({ id }) => id))) : null;
  for (const image of images) {
    // Rows that wait for this copy's upgrade take no image.
    if (x.parkedRows.has(image.id)) continue;
    if (isUnclear(x, image)) {
      doubtRow(x, image);
      continue;
    }
    installImage(x, image, position, waiting);
    taken.add(image.id);
  }
  return taken;
}

/** Whether the hub's row shows a write of the name and moment of one that waits here: it may be another copy's under this name, as the answer to ours will tell. */
function isUnclear(x: Exchange, image: RowImage): boolean {
  const own = [image.stamp, ...image.heads.flatMap(({ heads }) => heads.map((head) => head.stamp))].filter((stamp) => stamp?.[2] === x.own.id);
  return own.some((stamp) => stamp && x.db.get(`SELECT 1 FROM changesets WHERE id > ? AND device = ? AND position IS NULL AND state IS NULL AND stamp_time = ? AND stamp_counter = ? LIMIT 1`, numberFact(x.db, 'sync_sent'), x.own.alias, stamp[0], stamp[1]) !== undefined);
}

/** What waits and has been applied, by the rows of these that it writes to; found by what is written in it, since the history of a row ends where it was taken away. */
function waitingByRow(x: Exchange, ids: ReadonlySet<string>): Map<string, StoredChange[]> {
  const found = new Map<string, StoredChange[]>();
  for (const change of x.db.iterate<StoredChange>(`${SELECT_CHANGES} WHERE c.id > ? AND c.position IS NULL AND c.state IS NULL AND c.before <> '[]'`, numberFact(x.db, 'sync_sent'))) {
    for (const id of rowIdsOf(change.ops)) if (ids.has(id)) found.set(id, [...(found.get(id) ?? []), change]);
  }
  return found;
}

/**
 * Takes over a row as the hub has it at a position, and does again on it what this copy knows beyond: changes behind that position and
 * those that still wait. Log entries up to the position are in the image and will be passed over for this row. It is asked for again
 * where something that waits finds no row: what that was built on may come under another name, and the hub accept it after all.
 */
function installImage(x: Exchange, image: RowImage, position: number, waiting: Map<string, StoredChange[]> | null): void {
  const meta = (x.registry as ReadonlyMap<string, EntityMeta>).get(image.entity);
  if (!meta) return;
  const old = x.rows.read(meta, image.id);
  const later = changesBeyond(x, meta, image.id, { row: old, position, waiting: waiting && (waiting.get(image.id) ?? []) });
  if (old && !image.row) x.rows.forget(meta, old);
  if (image.purged) x.rows.purge(meta, image.id);
  else x.rows.unpurge(meta, image.id);
  if (image.row && image.stamp) {
    const row = { ...image.row, id: image.id, stamp_time: image.stamp[0], stamp_counter: image.stamp[1], stamp_device: x.rows.aliases.of(image.stamp[2]), change: x.db.get<{ id: number }>('SELECT max(id) AS id FROM changesets')?.id ?? 0 } as unknown as Row;
    x.rows.install(meta, row, image.heads);
    for (const { heads } of image.heads) for (const head of heads) x.own.seen = laterOf(x.own.seen, head.effective);
  }
  const left = later.filter((change) => !redo(x, change, image.id) && change.position === null);
  writeBase(x, meta, image.id, left.length > 0 ? LOST : position);
}

const writeBase = (x: Exchange, meta: EntityMeta, id: string, position: number): void => void x.db.run('INSERT INTO local_sync_bases (entity, id, position) VALUES (?, ?, ?) ON CONFLICT (entity, id) DO UPDATE SET position = excluded.position', meta.code, id, position);

/** What this copy knows of a row beyond a position of the hub's log, in its own order. `waiting`: what waits, where that was looked up already. */
function changesBeyond(x: Exchange, meta: EntityMeta, id: string, { row, position, waiting }: { row: Row | undefined; position: number; waiting: StoredChange[] | null }): StoredChange[] {
  const behind = x.db.all<StoredChange>(`${SELECT_CHANGES} WHERE c.position > ? AND c.state IS NULL AND instr(c.ops, ?) > 0`, position, id);
  return [...behind, ...(waiting ?? waitingOn(x, meta, id, row)), ...parkedOn(x, id)].sort((a, b) => a.id - b.id);
}

function waitingOn(x: Exchange, meta: EntityMeta, id: string, row: Row | undefined): StoredChange[] {
  const sent = numberFact(x.db, 'sync_sent');
  // The history of a row that is gone is found by what is written in it: what deleted it for good may wait itself.
  const changes = row
    ? x.db.all<StoredChange>(`${SELECT_CHANGES} WHERE c.id IN (SELECT changeset FROM change_rows WHERE entity = ? AND row = ? AND changeset > ?) AND c.position IS NULL AND c.state IS NULL`, meta.code, row.rid, sent)
    : x.db.all<StoredChange>(`${SELECT_CHANGES} WHERE c.id > ? AND c.position IS NULL AND c.state IS NULL AND c.before <> '[]' AND instr(c.ops, ?) > 0`, sent, id);
  // The history of a row does not name its numbers, which a device brings only to a hub that was put back.
  const restored = (readEpoch(x.db)?.lineage.length ?? 0) > 0;
  const numbers = row && restored ? x.db.all<StoredChange>(`${SELECT_CHANGES} WHERE c.id > ? AND c.position IS NULL AND c.state IS NULL AND c.before <> '[]' AND c.origin = 'sync' AND instr(c.ops, ?) > 0`, sent, id) : [];
  return [...changes, ...numbers];
}

const parkedOn = (x: Exchange, id: string): StoredChange[] => x.db.all<StoredChange>(`${SELECT_CHANGES} WHERE c.state = ? AND c.position IS NULL AND c.before <> '[]' AND instr(c.ops, ?) > 0`, STATES.parkedAtHub, id);

/** @returns whether it found what it was built on */
function redo(x: Exchange, change: StoredChange, id: string): boolean {
  let whole = true;
  const source = { localId: change.id, device: change.device_id, stamp: { time: change.stamp_time, counter: change.stamp_counter }, effective: effectiveOf(change), actor: change.actor_id };
  for (const op of opsOf(x, change.ops)) {
    if (op.i !== id) continue;
    try {
      x.rows.apply(op, source, false);
    } catch (error) {
      if (!(error instanceof RowTrouble)) throw error;
      whole = false;
    }
  }
  return whole;
}

/** Position of a base that is to be asked for again: what it was taken over from is lost or in doubt. */
const LOST = -1;

/** Rows as the hub had them behind a point hold what may be lost there: the present hub is asked for them. */
export function doubtBases(db: Db, from: number): void {
  db.run('UPDATE local_sync_bases SET position = ? WHERE position > ?', LOST, from);
}

/** Some rows of a changeset are to be asked for. */
export function doubtRows(x: Exchange, text: string, which: (id: string) => boolean): void {
  for (const { t, i } of opsOf(x, text)) {
    if (which(i)) doubtRow(x, { entity: t, id: i });
  }
}

/** A row is to be asked for. */
export function doubtRow(x: Exchange, { entity, id }: { entity: string; id: string }): void {
  const meta = (x.registry as ReadonlyMap<string, EntityMeta>).get(entity);
  if (meta) writeBase(x, meta, id, LOST);
}

/** Rows to ask the hub for. */
export function doubtedRows(db: Db, registry: Registry, limit: number): { entity: string; id: string }[] {
  const names = new Map([...registry.values()].map((meta) => [meta.code, meta.name]));
  return db.all<{ entity: number; id: string }>('SELECT entity, id FROM local_sync_bases WHERE position = ? LIMIT ?', LOST, limit).flatMap(({ entity, id }) => {
    const name = names.get(entity);
    return name ? [{ entity: name, id }] : [];
  });
}
