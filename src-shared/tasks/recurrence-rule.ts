export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];
/** RFC 5545 names, in the order of a week that begins on Monday. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface WeekdayInPeriod {
  day: Weekday;
  /** First (1) to fifth, or counted from the end (-1); null for every one. */
  nth: number | null;
}

/** A recurrence rule taken apart; empty lists where a part is not given. */
export interface Rule {
  freq: Frequency;
  interval: number;
  count: number | null;
  /** As written: `20261231`, `20261231T205959Z` (an instant) or `20261231T235959` (wall clock). */
  until: string | null;
  byDay: WeekdayInPeriod[];
  byMonthDay: number[];
  byMonth: number[];
  bySetPos: number[];
  wkst: Weekday;
}

/** `why` is a message key below `errors.`. */
export type RuleVerdict = { ok: true; rule: Rule } | { ok: false; why: RuleFault; params?: Record<string, string> };
export type RuleFault = 'rrule_empty' | 'rrule_part' | 'rrule_twice' | 'rrule_freq' | 'rrule_value' | 'rrule_count_until' | 'rrule_position' | 'rrule_never';

const MAX_INTERVAL = 999;
const MAX_COUNT = 1000;
const UNTIL = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z?)?$/;

class Refusal extends Error {
  readonly why: RuleFault;
  readonly part: string;
  constructor(why: RuleFault, part = '') {
    super(why);
    this.why = why;
    this.part = part;
  }
}

function whole(part: string, text: string, min: number, max: number): number {
  const value = /^[+-]?\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max) || value === 0) throw new Refusal('rrule_value', part);
  return value;
}

function wholes(part: string, text: string | undefined, min: number, max: number): number[] {
  if (text === undefined) return [];
  return [...new Set(text.split(',').map((value) => whole(part, value, min, max)))];
}

function weekday(part: string, text: string): Weekday {
  const found = WEEKDAYS.find((day) => day === text);
  if (!found) throw new Refusal('rrule_value', part);
  return found;
}

function weekdays(text: string | undefined, numbered: boolean): WeekdayInPeriod[] {
  if (text === undefined) return [];
  const days = text.split(',').map((value): WeekdayInPeriod => {
    const found = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(value);
    if (!found || (found[1] !== undefined && !numbered)) throw new Refusal('rrule_value', 'BYDAY');
    return { day: weekday('BYDAY', found[2] ?? ''), nth: found[1] === undefined ? null : whole('BYDAY', found[1], -5, 5) };
  });
  return days.filter((day, i) => days.findIndex((other) => other.day === day.day && other.nth === day.nth) === i);
}

function readUntil(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0'] = UNTIL.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (year === '' || date.getUTCMonth() !== Number(month) - 1 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) throw new Refusal('rrule_value', 'UNTIL');
  return text;
}

const PARTS = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS', 'WKST']);

function split(text: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const piece of text.split(';').filter((one) => one !== '')) {
    const [name = '', value = '', ...rest] = piece.split('=');
    if (!PARTS.has(name)) throw new Refusal('rrule_part', name);
    if (parts.has(name)) throw new Refusal('rrule_twice', name);
    if (value === '' || rest.length > 0) throw new Refusal('rrule_value', name);
    parts.set(name, value);
  }
  return parts;
}

function read(text: string): Rule {
  const parts = split(text);
  if (parts.size === 0) throw new Refusal('rrule_empty');
  const freq = FREQUENCIES.find((name) => name === parts.get('FREQ'));
  if (!freq) throw new Refusal('rrule_freq');
  const byMonth = wholes('BYMONTH', parts.get('BYMONTH'), 1, 12);
  const rule: Rule = {
    freq,
    interval: parts.has('INTERVAL') ? whole('INTERVAL', parts.get('INTERVAL') ?? '', 1, MAX_INTERVAL) : 1,
    count: parts.has('COUNT') ? whole('COUNT', parts.get('COUNT') ?? '', 1, MAX_COUNT) : null,
    until: readUntil(parts.get('UNTIL')),
    byDay: weekdays(parts.get('BYDAY'), freq === 'MONTHLY' || (freq === 'YEARLY' && byMonth.length > 0)),
    byMonthDay: wholes('BYMONTHDAY', parts.get('BYMONTHDAY'), -31, 31),
    byMonth,
    bySetPos: wholes('BYSETPOS', parts.get('BYSETPOS'), -366, 366),
    wkst: parts.has('WKST') ? weekday('WKST', parts.get('WKST') ?? '') : 'MO',
  };
  if (rule.count !== null && rule.until !== null) throw new Refusal('rrule_count_until');
  if (rule.freq === 'WEEKLY' && rule.byMonthDay.length > 0) throw new Refusal('rrule_value', 'BYMONTHDAY');
  if (rule.bySetPos.length > 0 && rule.byDay.length === 0 && rule.byMonthDay.length === 0 && rule.byMonth.length === 0) throw new Refusal('rrule_position');
  return rule;
}

/** Takes a rule apart without asking whether it ever occurs. */
export function readRule(rrule: string): RuleVerdict {
  try {
    return { ok: true, rule: read(rrule.trim().toUpperCase().replace(/^RRULE:/, '').replace(/\s+/g, '')) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.part ? { ok: false, why: error.why, params: { part: error.part } } : { ok: false, why: error.why };
  }
}

/** Writes a rule in one fixed order of parts; what is by default is left out. */
export function writeRule(rule: Rule): string {
  const parts = [`FREQ=${rule.freq}`];
  if (rule.interval !== 1) parts.push(`INTERVAL=${rule.interval}`);
  if (rule.byMonth.length > 0) parts.push(`BYMONTH=${rule.byMonth.join(',')}`);
  if (rule.byMonthDay.length > 0) parts.push(`BYMONTHDAY=${rule.byMonthDay.join(',')}`);
  if (rule.byDay.length > 0) parts.push(`BYDAY=${rule.byDay.map(({ day, nth }) => `${nth ?? ''}${day}`).join(',')}`);
  if (rule.bySetPos.length > 0) parts.push(`BYSETPOS=${rule.bySetPos.join(',')}`);
  if (rule.wkst !== 'MO') parts.push(`WKST=${rule.wkst}`);
  if (rule.count !== null) parts.push(`COUNT=${rule.count}`);
  if (rule.until !== null) parts.push(`UNTIL=${rule.until}`);
  return parts.join(';');
}
