import { addDays, dateAt, startOfDay } from '../../src-shared/kernel/days.ts';
import type { Condition } from '../store/select.ts';
import type { Db } from '../store/sqlite.ts';
import type { Period } from './conditions.ts';

const DEFAULT_ZONE = 'UTC';

/** The zone in which the organisation's days begin. */
export function zoneOf(db: Db): string {
  return db.get<{ time_zone: string }>('SELECT time_zone FROM organization LIMIT 1')?.time_zone ?? DEFAULT_ZONE;
}

/** One moment as the organisation's calendar has it. Moments are UTC ISO, dates YYYY-MM-DD; every `ends` is exclusive. */
export interface Calendar {
  zone: string;
  now: string;
  today: string;
  todayStarts: string;
  todayEnds: string;
  /** Date and moment at which the seventh day after today is over. */
  weekEndDate: string;
  weekEnds: string;
}

export function calendarAt(db: Db, now: string): Calendar {
  const zone = zoneOf(db);
  const today = dateAt(now, zone);
  const weekEndDate = addDays(today, 8);
  return { zone, now, today, todayStarts: startOfDay(today, zone), todayEnds: startOfDay(addDays(today, 1), zone), weekEndDate, weekEnds: startOfDay(weekEndDate, zone) };
}

/**
 * A due date that has passed. A moment is late as soon as it is over, a bare date only when its day is over where the organisation is.
 * @param column as it stands in the statement (`t.due_date`).
 */
export function overdue(column: string, calendar: Calendar): Condition {
  return { sql: `${column} < ? AND (length(${column}) > 10 OR ${column} < ?)`, params: [calendar.now, calendar.today] };
}

/** A due date within days: bare dates by the date, moments by the moments at which those days begin and end. */
export function dueWithin(column: string, from: { date: string; moment: string }, to: { date: string; moment: string }): Condition {
  const least = from.moment < from.date ? from.moment : from.date;
  const most = to.moment > to.date ? to.moment : to.date;
  return {
    sql: `${column} >= ? AND ${column} < ? AND CASE WHEN length(${column}) > 10 THEN ${column} >= ? AND ${column} < ? ELSE ${column} >= ? AND ${column} < ? END`,
    params: [least, most, from.moment, to.moment, from.date, to.date],
  };
}

/** End of a period of dates, exclusive: the day after a bare date, which is meant as a whole; a moment as it is. */
export const endOf = (to: string): string => (to.length > 10 ? to : addDays(to, 1));

/** What a person asks for as moments: bare dates are days of the zone, the last one included. */
export function momentsOf({ from, to }: Period, zone: () => string): Period {
  const moment = (text: string): string => (text.length > 10 ? new Date(text).toISOString() : startOfDay(text, zone()));
  return { from: from && moment(from), to: to && moment(endOf(to)) };
}

/** A period as milliseconds, `to` exclusive; bare dates are the organisation's days, the last one included. */
export function periodOf(db: Db, period: Period): { from: number; to: number } {
  const { from, to } = momentsOf(period, () => zoneOf(db));
  return { from: from ? Date.parse(from) : 0, to: to ? Date.parse(to) : Number.MAX_SAFE_INTEGER };
}
