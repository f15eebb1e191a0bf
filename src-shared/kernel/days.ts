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
