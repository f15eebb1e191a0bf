import type { LogEntry, LogPlace } from '../../src-shared/sync/wire.ts';
import { getFact, setFact } from '../store/change-log.ts';
import type { Db } from '../store/sqlite.ts';
import type { Exchange } from './exchange.ts';
import { hashAt, headOf, numberFact, type KnownChange } from './log.ts';

/** A place in the log where the hub seems to have something else than this copy: it is named in the next request, for the hub to see whether it was put back. */
const DOUBTED = 'sync_doubted_place';
/** The furthest place from which rows were taken over: it is named too, since the log may be put back before this copy has read so far. */
const TAKEN_FROM = 'sync_taken_from';
const NOWHERE: LogPlace = { position: 0, hash: null };

export const placeAt = (db: Db, position: number): LogPlace => ({ position, hash: hashAt(db, position) });

export const doubtPlace = (db: Db, position: number | null): void => setFact(db, DOUBTED, position === null ? null : String(position));

/** In a new life of the hub both have served their purpose. */
export function forgetPlaces(db: Db): void {
  for (const fact of [DOUBTED, TAKEN_FROM]) setFact(db, fact, null);
}

/** Whether the log that an entry comes from has it, or its place, otherwise than this copy; the hub is asked then. */
export function isElsewhere(x: Exchange, { position, hash }: LogEntry, known?: KnownChange): boolean {
  const stands = hashAt(x.db, position);
  const doubted = stands !== null && stands !== hash ? position : known && known.position !== null && known.position !== position ? known.position : null;
  if (doubted !== null) doubtPlace(x.db, doubted);
  return doubted !== null;
}

/** The hub misses what it has once given a place: either it was put back, or its answer is an old one. @returns whether that is so */
export function doubtPlaced(x: Exchange, seq: number): boolean {
  const first = x.db.get<{ position: number | null }>('SELECT min(position) AS position FROM changesets WHERE device = ? AND seq >= ?', x.own.alias, seq)?.position ?? null;
  if (first !== null) doubtPlace(x.db, first);
  return first !== null;
}

function takenFrom(db: Db): LogPlace {
  const text = getFact(db, TAKEN_FROM);
  return text === null ? NOWHERE : (JSON.parse(text) as LogPlace);
}

/** Rows were taken over as they stood at a place; a hub of an older version does not say what stands there. */
export function noteTaken(db: Db, position: number, hash: string | null | undefined): void {
  if (hash && position > takenFrom(db).position) setFact(db, TAKEN_FROM, JSON.stringify({ position, hash }));
}

/** Whether this copy, which has read so far, has something else at the place from which rows were taken over. */
export function isTakenFromLost(db: Db, read: number): boolean {
  const { position, hash } = takenFrom(db);
  return position > 0 && position <= read && hashAt(db, position) !== hash;
}

/** The highest place in the log that this copy knows of, or one that the hub may not know. */
export function newestOf(db: Db): LogPlace {
  const doubted = numberFact(db, DOUBTED);
  if (doubted) return placeAt(db, doubted);
  const [taken, head] = [takenFrom(db), headOf(db)];
  return taken.position > head || isTakenFromLost(db, numberFact(db, 'sync_cursor')) ? taken : placeAt(db, head);
}
