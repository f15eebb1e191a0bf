import { compareMoments, compareStamps, sameStamp, type Moment, type WireStamp } from './hlc.ts';
import { mergeText } from './text-merge.ts';

/** One value of a column group that nobody who had seen it has replaced. */
export interface Head {
  /** Who wrote it: the stamp of its changeset, by which others say that they have seen it. */
  stamp: WireStamp;
  /** Where it stands in time, see `effectiveMoment`. */
  effective: Moment;
  actor_id: string | null;
  values: Record<string, unknown>;
  /** Of a long text: what it was before this write; null elsewhere. */
  base: string | null;
  /** Of a deletion: the heads of the row's other groups that its author had before him. */
  seen?: WireStamp[] | null;
}

/** Order of display: the latest effective moment, then the stamp. */
export function compareHeads(a: Head, b: Head): number {
  return compareMoments(a.effective, b.effective) || compareStamps(a.stamp, b.stamp);
}

/** The heads that a writer had not seen; beside these his value stays. */
export const unseenHeads = (heads: readonly Head[], seen: readonly WireStamp[]): Head[] => heads.filter((head) => !seen.some((stamp) => sameStamp(stamp, head.stamp)));

/**
 * The register after a write: it replaces exactly the heads that its writer had seen. Commutative and idempotent. `late`: somebody who had
 * seen the write has replaced it before it came; then nothing of it is left but that what it had replaced goes.
 */
export function mergeHeads(heads: readonly Head[], incoming: Head, seen: readonly WireStamp[], late = false): Head[] {
  const left = unseenHeads(heads, seen);
  if (late && left.length > 0) return left;
  return left.some((head) => sameStamp(head.stamp, incoming.stamp)) ? left : [...left, incoming].sort(compareHeads);
}

/**
 * The values to show: those of the latest head, or the texts merged where their edits do not overlap. A number is given once: of two
 * the `first` stays.
 */
export function shownValues(heads: readonly Head[], order: 'latest' | 'first' = 'latest'): Record<string, unknown> {
  if (order === 'first') return heads.reduce((best, head) => (compareHeads(head, best) < 0 ? head : best)).values;
  const latest = heads.reduce((best, head) => (compareHeads(head, best) > 0 ? head : best));
  const merged = mergedText(heads);
  return merged === null ? latest.values : { [Object.keys(latest.values)[0] as string]: merged };
}

/** One text of all heads, where every one changed the same text at another place; null where that is not so. */
export function mergedText(heads: readonly Head[]): string | null {
  if (heads.length < 2) return null;
  const ordered = [...heads].sort(compareHeads);
  const base = ordered[0]?.base ?? null;
  if (base === null || ordered.some((head) => head.base !== base)) return null;
  let merged: string | null = base;
  let first = true;
  for (const head of ordered) {
    const [text] = Object.values(head.values);
    if (typeof text !== 'string') return null;
    merged = first ? text : mergeText(base, merged, text);
    first = false;
    if (merged === null) return null;
  }
  return merged;
}

/** Whether a person has to choose: several heads that say different things and cannot be read together. */
export function isConflict(heads: readonly Head[]): boolean {
  if (heads.length < 2) return false;
  const [first] = heads;
  const text = JSON.stringify(first?.values);
  return heads.some((head) => JSON.stringify(head.values) !== text) && mergedText(heads) === null;
}
