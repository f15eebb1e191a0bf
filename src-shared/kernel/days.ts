import { Temporal } from 'temporal-polyfill';

/** The calendar date (YYYY-MM-DD) that a UTC moment falls on in an IANA zone. @throws RangeError for an unknown zone. */
export function dateAt(moment: string, zone: string): string {
  return Temporal.Instant.from(moment).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The UTC moment, with milliseconds, at which a calendar date begins in an IANA zone. */
export function startOfDay(date: string, zone: string): string {
  const start = Temporal.PlainDate.from(date).toZonedDateTime(zone);
  return new Date(start.epochMilliseconds).toISOString();
}

/** The calendar date that is `days` days later. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The UTC moment at which a clock in an IANA zone shows a time (HH:MM) on a date; one that a change of clocks skips is the moment after it. */
export function momentAt(date: string, time: string, zone: string): string {
  const moment = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
  return new Date(moment.epochMilliseconds).toISOString();
}

/** 1 for Monday … 7 for Sunday. */
export const weekdayOf = (date: string): number => Temporal.PlainDate.from(date).dayOfWeek;
