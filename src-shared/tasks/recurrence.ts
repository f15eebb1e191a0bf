import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { readRule, writeRule, type Rule, type RuleVerdict } from './recurrence-rule.ts';

export type { Rule, RuleFault, RuleVerdict } from './recurrence-rule.ts';
export { describeRule, type Translate } from './recurrence-words.ts';

/** Rules are worked out on the wall clock, as if it were UTC: no occurrence is lost or doubled when clocks change. */
const WALL = 'UTC';
const MAX_ASKED = 1000;
/** A rule that has not occurred within this many years is taken never to occur. */
const HORIZON_YEARS = 200;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

type Wall = Temporal.PlainDateTime;

function engine(rule: Rule, start: Wall): RRuleTemporal<Temporal.ZonedDateTime> {
  const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);
  return new RRuleTemporal({
    temporal: Temporal,
    freq: rule.freq,
    interval: rule.interval,
    byDay: some(rule.byDay.map(({ day, nth }) => `${nth ?? ''}${day}`)),
    byMonthDay: some(rule.byMonthDay),
    byMonth: some(rule.byMonth),
    bySetPos: some(rule.bySetPos),
    wkst: rule.wkst,
    dtstart: start.toZonedDateTime(WALL),
  });
}

/** Occurrences strictly after a wall time, without COUNT and UNTIL; ends where the engine's own bounds or the horizon end it. */
function* following(rule: Rule, start: Wall, after: Wall, inclusive: boolean): Generator<Wall> {
  const steps = engine(rule, start);
  const horizon = Temporal.PlainDateTime.compare(after, start) > 0 ? after : start;
  const last = horizon.add({ years: HORIZON_YEARS });
  let from = after.toZonedDateTime(WALL);
  for (let open = inclusive; ; open = false) {
    let found: Temporal.ZonedDateTime | null = null;
    try {
      found = steps.next(from, open);
    } catch {
      // The engine gives up by throwing after ten thousand empty periods.
    }
    const wall = found?.toPlainDateTime();
    if (!found || !wall || Temporal.PlainDateTime.compare(wall, last) > 0) return;
    yield wall;
    from = found;
  }
}

/**
 * Checks a rule (RFC 5545 without DTSTART): daily to yearly with INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS,
 * WKST. A rule that can never occur, like the 31st of February, is refused; this takes at most a fraction of a second.
 */
export function parseRule(rrule: string): RuleVerdict {
  const verdict = readRule(rrule);
  if (!verdict.ok) return verdict;
  // From a leap year's first day on every day of the calendar is still to come.
  const start = new Temporal.PlainDateTime(2000, 1, 1);
  const occurs = following({ ...verdict.rule, interval: 1 }, start, start, true).next().done !== true;
  return occurs ? verdict : { ok: false, why: 'rrule_never' };
}

const isDate = (text: string): boolean => DATE.test(text);
const toWall = (text: string, zone: string): Wall => (isDate(text) ? Temporal.PlainDate.from(text).toPlainDateTime() : Temporal.Instant.from(text).toZonedDateTimeISO(zone).toPlainDateTime());
const fromWall = (wall: Wall, asDate: boolean, zone: string): string => (asDate ? wall.toPlainDate().toString() : new Date(wall.toZonedDateTime(zone).epochMilliseconds).toISOString());

/** The last wall time that UNTIL allows; a bare date allows its whole day. */
function lastWall(rule: Rule, asDate: boolean, zone: string): Wall | null {
  if (rule.until === null) return null;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2}))?/.exec(rule.until) ?? [];
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return Temporal.PlainDateTime.from(`${date}T23:59:59.999`);
  const written = `${date}T${hour}:${minute}:${second}`;
  const wall = rule.until.endsWith('Z') ? Temporal.Instant.from(`${written}Z`).toZonedDateTimeISO(zone).toPlainDateTime() : Temporal.PlainDateTime.from(written);
  return asDate ? wall.toPlainDate().toPlainDateTime('23:59:59') : wall;
}

/** All occurrences in order: the start itself always first, COUNT and UNTIL observed. */
function* occurrences(rule: Rule, start: string, zone: string, after: Wall | null): Generator<Wall> {
  const asDate = isDate(start);
  const first = toWall(start, zone);
  const last = lastWall(rule, asDate, zone);
  const within = (wall: Wall): boolean => last === null || Temporal.PlainDateTime.compare(wall, last) <= 0;
  const isAfter = (wall: Wall): boolean => after === null || Temporal.PlainDateTime.compare(wall, after) > 0;
  if (!within(first)) return;
  if (isAfter(first)) yield first;
  // Counted series are walked from their beginning, open ones jump to where they are asked for.
  const from = rule.count === null && after !== null && Temporal.PlainDateTime.compare(after, first) > 0 ? after : first;
  let made = 1;
  for (const wall of following(rule, first, from, false)) {
    if (!within(wall) || (rule.count !== null && made >= rule.count)) return;
    made++;
    if (isAfter(wall)) yield wall;
  }
}

/**
 * The next occurrences of a series. `start` is its first one, whether or not it fits the rule, and counts towards COUNT: a date
 * (`YYYY-MM-DD`) gives dates, an instant (ISO with zone) gives UTC instants at the same wall clock of `zone`. With `after`, those
 * strictly later. At most 1000; fewer where the series ends. An unreadable rule has none. Throws RangeError for an unknown zone
 * or an unreadable time.
 */
export function nextOccurrences(rrule: string, start: string, zone: string, count: number, after?: string): string[] {
  const verdict = readRule(rrule);
  if (!verdict.ok) return [];
  const asDate = isDate(start);
  let afterWall = after === undefined ? null : toWall(after, zone);
  // A whole day's task that is asked for after an instant of that day has had its turn.
  if (asDate) afterWall = afterWall?.toPlainDate().toPlainDateTime() ?? null;
  const found: string[] = [];
  if (count < 1) return found;
  for (const wall of occurrences(verdict.rule, start, zone, afterWall)) {
    found.push(fromWall(wall, asDate, zone));
    if (found.length >= Math.min(count, MAX_ASKED)) break;
  }
  return found;
}

/**
 * The rule of a series that ends before one of its occurrences (`date` or instant): what is left of a series when "this and
 * following" are taken out of it. COUNT becomes UNTIL; an earlier UNTIL stays. An unreadable rule comes back as it is.
 */
export function truncateBefore(rrule: string, date: string): string {
  const verdict = readRule(rrule);
  if (!verdict.ok) return rrule;
  const until = isDate(date)
    ? Temporal.PlainDate.from(date).subtract({ days: 1 }).toString().replaceAll('-', '')
    : `${new Date(Date.parse(date) - 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const { rule } = verdict;
  return writeRule({ ...rule, count: null, until: rule.until !== null && rule.until.slice(0, 8) < until.slice(0, 8) ? rule.until : until });
}

/**
 * The rule of the series that begins at one of the occurrences of another: the same, with COUNT less what has been before it.
 * An unreadable rule comes back as it is.
 */
export function continueFrom(rrule: string, start: string, zone: string, date: string): string {
  const verdict = readRule(rrule);
  if (!verdict.ok || verdict.rule.count === null) return rrule;
  const at = toWall(date, zone);
  let before = 0;
  for (const wall of occurrences(verdict.rule, start, zone, null)) {
    if (Temporal.PlainDateTime.compare(wall, at) >= 0) break;
    before++;
  }
  return writeRule({ ...verdict.rule, count: Math.max(1, verdict.rule.count - before) });
}
