/** Order of writes: wall milliseconds, counter, device. */
export interface Moment {
  time: number;
  counter: number;
}

/** A stamp as it travels: the identity of a changeset, made once inside the user's write and never again. */
export type WireStamp = [time: number, counter: number, device: string];

/** How far ahead of its receipt a stamp may count, in milliseconds: a clock that runs days ahead does not win for days. */
export const MAX_AHEAD_MS = 5 * 60_000;
/** Counters from here on mark stamps made after this device's clock was set back; with the sequence number added they never repeat. */
export const AFTER_SETBACK = 1_000_000;

export function compareMoments(a: Moment, b: Moment): number {
  return a.time - b.time || a.counter - b.counter;
}

export function laterOf(a: Moment, b: Moment): Moment {
  return compareMoments(a, b) >= 0 ? a : b;
}

/** Total order of stamps; the device decides only between writes of one millisecond and counter. */
export function compareStamps(a: WireStamp, b: WireStamp): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
}

export const sameStamp = (a: WireStamp, b: WireStamp): boolean => a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

/**
 * The stamp of the next write: not before anything that this copy has seen. `madeUpTo` is the latest time that this device ever put
 * into a stamp; below it (its clock ran ahead and was corrected) the sequence number keeps the stamp unlike all earlier ones.
 */
export function nextMoment(now: number, seen: Moment, madeUpTo: number, seq: number): Moment {
  const time = Math.max(now, seen.time);
  const counter = seen.time === time ? seen.counter + 1 : 0;
  return { time, counter: time <= madeUpTo ? Math.max(counter, AFTER_SETBACK + seq) : counter };
}

/**
 * What the authority writes into the log: the stamp, but never more than five minutes after its receipt. `last` is the moment that was
 * given out before; changesets that are held back keep the order of their arrival.
 */
export function effectiveMoment(stamp: Moment, receivedAt: number, last: Moment): Moment {
  const limit = receivedAt + MAX_AHEAD_MS;
  if (stamp.time <= limit) return stamp;
  return { time: limit, counter: last.time === limit ? Math.max(last.counter + 1, stamp.counter) : stamp.counter };
}
