import { compare, valid } from 'semver';
import type { Blocker, CheckOutcome, Statement } from './model.ts';

/** What a verified feed is held against. */
export interface JudgeFacts {
  /** The version that runs. */
  version: string;
  /** The newest statement that was ever believed here, of the same feed. */
  highest: { sequence: number; digest: string } | null;
  /** Digest of the statement at hand. */
  digest: string;
  /** Where this installation stands among all for this version, 0 ≤ bucket < 100. */
  bucket: number;
  /** Milliseconds since 1970. */
  now: number;
}

export type Judgement = Extract<CheckOutcome, 'offer' | 'current' | 'staged' | 'too_old' | 'expired' | 'older_feed'>;

/**
 * Whether a feed with a good signature is an update. An earlier statement than one already seen (roll-back), or another one under the
 * same number, is none; one past its day is none either, since a hub that is kept from the news would show it for ever (freeze).
 */
export function judge(found: Pick<Statement, 'sequence' | 'expires_at' | 'version' | 'minimum' | 'percent'>, facts: JudgeFacts): Judgement {
  const { highest } = facts;
  if (highest && (found.sequence < highest.sequence || (found.sequence === highest.sequence && facts.digest !== highest.digest))) return 'older_feed';
  if (Date.parse(found.expires_at) <= facts.now) return 'expired';
  if (compare(found.version, facts.version) <= 0) return 'current';
  if (found.minimum !== null && compare(facts.version, found.minimum) < 0) return 'too_old';
  return facts.bucket < found.percent ? 'offer' : 'staged';
}

/** Whether version `a` comes after version `b` (Semantic Versioning 2.0, 11); no for what is no version. */
export const isNewer = (a: string, b: string): boolean => valid(a) !== null && valid(b) !== null && compare(a, b) > 0;

/** A place among a hundred from a digest in hex: its first 32 bits as a fraction. */
export const bucketOf = (digest: string): number => (Number.parseInt(digest.slice(0, 8), 16) / 2 ** 32) * 100;

const MINUTE = 60_000;
const FIRST_WAIT = 15 * MINUTE;
const LONGEST_WAIT = 24 * 60 * MINUTE;
/** A source that answered is asked again after this; less than the hour of the timetable, so that none of its turns is lost. */
export const CHECK_EVERY_MS = 50 * MINUTE;

/** How long to wait after so many failures in a row, in milliseconds: a quarter of an hour, doubled each time, a day at most. */
export const waitAfter = (failures: number): number => (failures <= 0 ? CHECK_EVERY_MS : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures - 1, 20)));

/** Outcomes after which the next attempt waits longer. */
const FAILURES: ReadonlySet<CheckOutcome> = new Set<CheckOutcome>(['unreachable', 'feed_refused', 'download_failed', 'wrong_file', 'disk_full', 'install_failed']);
export const isFailure = (outcome: CheckOutcome): boolean => FAILURES.has(outcome);

/** A draft that nobody has touched for this long is forgotten text rather than work; it survives an update as it survives any restart. */
export const DRAFT_IS_WORK_MS = 12 * 60 * MINUTE;

/** Something that an update would interrupt, and how much of it there is. */
export interface Busy {
  kind: Blocker;
  count: number;
}

/** Nothing is installed in the middle of work. */
export const mayInstall = (busy: readonly Busy[]): boolean => busy.every(({ count }) => count === 0);

/** What an attempt to install has come to, told by the version that runs after it: the new one has come up, or the old one still runs. */
export const endOfInstall = (attempt: { to: string }, version: string): 'installed' | 'not_installed' => (isNewer(attempt.to, version) ? 'not_installed' : 'installed');
