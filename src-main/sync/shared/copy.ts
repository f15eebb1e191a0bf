import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { Epoch, LogEntry } from '../../../src-shared/sync/wire.ts';
import { getFact, setFact } from '../../store/change-log.ts';
import type { Db } from '../../store/sqlite.ts';
import { applyChange, takeId, tentatively, type Exchange } from '../exchange.ts';
import { effectiveOf, findChange, hashAt, headOf, insertChange, keepRefused, numberFact, SELECT_CHANGES, STATES, toWire, type StoredChange } from '../log.ts';
import { rowIdsOf } from '../ops.ts';
import { RowTrouble } from '../rows.ts';
import type { Refused } from '../types.ts';
import type { Addition, LogReader, LogState, Parked } from './postgres.ts';

/** How many appends of the common log this copy has read. */
export const TICK = 'sync_log_tick';
const PARKED_HERE = `${SELECT_CHANGES} WHERE c.state = ${STATES.parked} AND c.position IS NULL ORDER BY c.id`;
const hashOf = (change: StoredChange): string => change.hash.toString('hex');

/** This copy and the log hold different things in one place: one of the two was put back to an older state and written on. */
const diverged = (): AppError => new AppError('CONFLICT', { detail: 'sync_log_diverged' });

/** The log was shortened since this copy has read it for the last time. */
const behind = (): AppError => new AppError('CONFLICT', { detail: 'sync_log_behind' });

/** What a copy was told of a log, all of it out of one and the same state of the log or a later one. */
export interface Told {
  entries: LogEntry[];
  refused: Refused[];
  parked: Parked[] | null;
  /** What the copy has read once this is in it; null while entries are left. */
  until: { tick: number; epoch: Epoch } | null;
}

/**
 * Reads what a copy lacks, a page at a time. @throws AppError CONFLICT `sync_log_diverged` where its last entry is not the log's, also where
 * the log is shorter than it was; `sync_log_behind` where what it lacks was taken out of the database
 */
export async function readBeyond(db: Db, log: LogReader, state: LogState): Promise<Told | null> {
  const head = headOf(db);
  const tick = numberFact(db, TICK);
  if (head === state.head && tick === state.tick && getFact(db, 'sync_epoch') === JSON.stringify(state.epoch)) return null;
  const from = Math.max(1, head);
  const entries = await log.entries(from);
  if (entries.some((entry, index) => entry.position !== from + index)) throw behind();
  if (head > 0 && entries.shift()?.hash !== hashAt(db, head)) throw diverged();
  if ((entries.at(-1)?.position ?? head) < state.head) return { entries, refused: [], parked: null, until: null };
  return { entries, refused: await log.refused(tick), parked: await log.parked(), until: { tick: state.tick, epoch: state.epoch } };
}

/**
 * Brings the copy forward by what it was told; entries were judged before they stood in the log. What it has read by itself meanwhile
 * stays as it is.
 */
export function follow(x: Exchange, { entries, refused, parked, until }: Told): void {
  for (const entry of entries) followEntry(x, entry);
  if (!until || until.tick < numberFact(x.db, TICK)) return;
  for (const one of refused) keepRefused(x.db, one);
  if (parked) followParked(x, parked);
  setFact(x.db, TICK, String(until.tick));
  setFact(x.db, 'sync_epoch', JSON.stringify(until.epoch));
}

function followEntry(x: Exchange, entry: LogEntry): void {
  const known = findChange(x.db, x.rows.aliases, entry.device, entry.seq);
  if (known?.position === entry.position) return;
  if (known && known.state !== STATES.parked) throw diverged();
  // It waited here for an upgrade, which another hub process had first.
  if (known) x.db.run('DELETE FROM changesets WHERE id = ?', known.id);
  x.lastId = null;
  if (entry.position !== headOf(x.db) + 1) throw diverged();
  const effective = { time: entry.effective[0], counter: entry.effective[1] };
  x.rows.aliases.of(entry.device);
  tentatively(
    x,
    () => void applyChange(x, entry, { position: entry.position, effective }),
    (error) => {
      throw error instanceof RowTrouble ? diverged() : error;
    },
  );
}

function followParked(x: Exchange, parked: readonly Parked[]): void {
  const here = new Map(x.db.all<StoredChange>(PARKED_HERE).map((change) => [hashOf(change), change]));
  for (const { change, effective } of parked) {
    if (here.delete(change.hash) || findChange(x.db, x.rows.aliases, change.device, change.seq)) continue;
    insertChange(x.db, x.rows.aliases, takeId(x), change, { before: [], position: null, effective: { time: effective[0], counter: effective[1] }, state: STATES.parked });
    for (const row of rowIdsOf(change.ops)) x.parkedRows.add(row);
  }
  for (const { id } of here.values()) x.db.run('DELETE FROM changesets WHERE id = ?', id);
  x.lastId = null;
}

/** Where a copy stands before something is judged, to tell afterwards what that has added. */
export interface Mark {
  head: number;
  parked: Map<string, Parked>;
  epoch: string | null;
}

const parkedHere = (db: Db): Map<string, Parked> =>
  new Map(
    db.all<StoredChange>(PARKED_HERE).map((change) => {
      const { time, counter } = effectiveOf(change);
      return [hashOf(change), { change: toWire(change), effective: [time, counter] }];
    }),
  );

export const markOf = (db: Db): Mark => ({ head: headOf(db), parked: parkedHere(db), epoch: getFact(db, 'sync_epoch') });

/** What stands in the copy beyond the mark and has to stand in the log; null where that is nothing. Remembers the append as read. */
export function addedSince(x: Exchange, mark: Mark, tick: number): Addition | null {
  const parked = parkedHere(x.db);
  const epoch = getFact(x.db, 'sync_epoch');
  const addition: Addition = {
    entries: entriesBeyond(x.db, mark.head),
    refused: x.refused,
    parked: [...parked].filter(([hash]) => !mark.parked.has(hash)).map(([, one]) => one),
    unparked: [...mark.parked.keys()].filter((hash) => !parked.has(hash)),
    epoch: epoch === mark.epoch || epoch === null ? null : (JSON.parse(epoch) as Epoch),
  };
  if (addition.entries.length + addition.refused.length + addition.parked.length + addition.unparked.length === 0 && !addition.epoch) return null;
  setFact(x.db, TICK, String(tick + 1));
  return addition;
}

/** Everything of the log that the copy has from a position on, to be given to a log that lacks it. */
export const entriesBeyond = (db: Db, position: number, limit = -1): LogEntry[] =>
  db.all<StoredChange>(`${SELECT_CHANGES} WHERE c.position > ? ORDER BY c.position LIMIT ?`, position, limit).map((change) => {
    const { time, counter } = effectiveOf(change);
    return { ...toWire(change), position: change.position as number, effective: [time, counter] };
  });

const allRefused = (db: Db): Refused[] =>
  db.all<Omit<Refused, 'change'> & { changeset: string }>('SELECT kind, reason, why, at, changeset FROM local_sync_refused').map(({ changeset, ...one }) => ({ ...one, change: JSON.parse(changeset) as Refused['change'] }));

/** Verdicts without a place and what waits for an upgrade, all that the copy knows of. */
export const allBeside = (db: Db): Pick<Addition, 'refused' | 'parked'> => ({ refused: allRefused(db), parked: [...parkedHere(db).values()] });
