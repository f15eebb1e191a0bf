import { Temporal } from 'temporal-polyfill';

/** Russian order, as in exports: `05.03.2024`, `05.03.2024 14:07`, `05.03.2024 14:07:59`. */
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const ISO_LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  timed: boolean;
}

function readLocal(text: string): LocalTime | null {
  const dotted = DOTTED.exec(text);
  const parts = dotted ? [dotted[3], dotted[2], dotted[1], ...dotted.slice(4)] : ISO_LOCAL.exec(text)?.slice(1);
  if (!parts) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (year < 1900 || month < 1 || month > 12 || day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return null;
  return { year, month, day, hour, minute, second, timed: parts[3] !== undefined };
}

const DAY_MS = 86_400_000;
const MAX_KNOWN_DAYS = 20_000;
/** How far the wall clock of a zone is ahead on a day, in milliseconds; null for days on which clocks change. */
const knownDays = new Map<string, number | null>();

/** Large files name the same days again and again, and asking the zone is slow. */
function offsetOn({ year, month, day }: LocalTime, zone: string): number | null {
  const key = `${zone} ${year}-${month}-${day}`;
  const known = knownDays.get(key);
  if (known !== undefined) return known;
  if (knownDays.size >= MAX_KNOWN_DAYS) knownDays.clear();
  const date = Temporal.PlainDate.from({ year, month, day });
  const [starts, ends] = [date, date.add({ days: 1 })].map((one) => one.toZonedDateTime(zone).epochMilliseconds) as [number, number];
  const offset = ends - starts === DAY_MS ? Date.UTC(year, month - 1, day) - starts : null;
  knownDays.set(key, offset);
  return offset;
}

const clean = (text: string): string => text.normalize('NFKC').replace(/^'/, '').trim();

/** Whether a name is a time zone of the IANA database that this program knows. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a moment: Russian or ISO order without a zone means the wall clock of `zone` (an IANA name), ISO with a zone speaks for
 * itself, a bare date is the beginning of its day. Answers UTC ISO 8601 with milliseconds, or null for what is no moment.
 * A wall time that a clock change skips moves forward, one that happens twice is the earlier.
 */
export function parseTimestamp(text: string, zone: string): string | null {
  const body = clean(text);
  if (ISO_INSTANT.test(body)) {
    const time = Date.parse(body.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  }
  const local = readLocal(body);
  if (!local) return null;
  const { timed, ...fields } = local;
  const offset = offsetOn(local, zone);
  if (offset !== null) return new Date(Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second) - offset).toISOString();
  if (!timed) return new Date(Temporal.PlainDate.from(fields).toZonedDateTime(zone).epochMilliseconds).toISOString();
  return new Date(Temporal.PlainDateTime.from(fields).toZonedDateTime(zone).epochMilliseconds).toISOString();
}

/** How far the wall clock of a zone is ahead at a moment, in milliseconds; asked once for each day without a clock change. */
function offsetAt(ms: number, zone: string): number {
  const day = Math.floor(ms / DAY_MS);
  const key = `${zone} ${day}`;
  const known = knownDays.get(key);
  if (known !== undefined && known !== null) return known;
  const at = (moment: number): number => Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
  if (known === null) return at(ms);
  if (knownDays.size >= MAX_KNOWN_DAYS) knownDays.clear();
  const [starts, ends] = [at(day * DAY_MS), at((day + 1) * DAY_MS)];
  knownDays.set(key, starts === ends ? starts : null);
  return starts === ends ? starts : at(ms);
}

/** A UTC moment as the wall clock of an IANA zone shows it: `05.03.2024 14:07:59` in Russian, `2024-03-05 14:07:59` in English. */
export function formatMoment(moment: string, zone: string, language: 'ru' | 'en'): string {
  const ms = Date.parse(moment);
  if (Number.isNaN(ms)) return moment;
  const local = new Date(ms + offsetAt(ms, zone)).toISOString();
  return `${formatDay(local, language)} ${local.slice(11, 19)}`;
}

/** A date `YYYY-MM-DD` (what stands behind it is left out): `05.03.2024` in Russian, unchanged in English. */
export function formatDay(date: string, language: 'ru' | 'en'): string {
  return language === 'ru' ? `${date.slice(8, 10)}.${date.slice(5, 7)}.${date.slice(0, 4)}` : date.slice(0, 10);
}

/** Reads a date without a time (`05.03.2024`, `2024-03-05`; a time behind it is left out) as `YYYY-MM-DD`, or null. */
export function parseDay(text: string): string | null {
  const local = readLocal(clean(text));
  return local ? `${local.year}-${String(local.month).padStart(2, '0')}-${String(local.day).padStart(2, '0')}` : null;
}
