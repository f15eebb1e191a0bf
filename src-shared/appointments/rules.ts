type Interval = { starts_at: string; ends_at: string };
type Plan = { ok: true; values: Partial<Interval> } | { ok: false; field: string; why: string };

const MINUTE = 60_000;

/**
 * Start and end of an appointment from what was given: a start with an end or a duration in minutes. A moved start keeps the length;
 * a duration alone moves the end. Consumes `duration_minutes`.
 */
export function planInterval(values: Record<string, unknown> & { duration_minutes?: unknown }, before: Interval | undefined): Plan {
  const starts = (values['starts_at'] ?? before?.starts_at) as string | undefined;
  const duration = values['duration_minutes'] as number | null | undefined;
  let ends = values['ends_at'] as string | null | undefined;
  if (!starts) return { ok: false, field: 'starts_at', why: 'required' };
  if (!ends && duration) ends = new Date(Date.parse(starts) + duration * MINUTE).toISOString();
  if (!ends && before) ends = values['starts_at'] ? new Date(Date.parse(starts) + Date.parse(before.ends_at) - Date.parse(before.starts_at)).toISOString() : before.ends_at;
  if (!ends) return { ok: false, field: 'duration_minutes', why: 'end_or_duration' };
  if (Date.parse(ends) <= Date.parse(starts)) return { ok: false, field: 'ends_at', why: 'end_before_start' };
  return { ok: true, values: { starts_at: starts, ends_at: ends } };
}
