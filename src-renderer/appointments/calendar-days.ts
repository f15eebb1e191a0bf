const DAY = 86_400_000;

export type CalendarView = 'day' | 'week' | 'month';

export const startOfDay = (date: Date): Date => new Date(date.getFullYear(), date.getMonth(), date.getDate());
export const addDays = (date: Date, days: number): Date => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);

/** Monday of the week. */
export const startOfWeek = (date: Date): Date => addDays(startOfDay(date), -((date.getDay() + 6) % 7));

/** The days that a view shows: one, seven from Monday, or the whole weeks that a month touches. */
export function daysOf(view: CalendarView, anchor: Date): Date[] {
  if (view === 'day') return [startOfDay(anchor)];
  const first = view === 'week' ? startOfWeek(anchor) : startOfWeek(new Date(anchor.getFullYear(), anchor.getMonth(), 1));
  const last = view === 'week' ? addDays(first, 6) : addDays(startOfWeek(new Date(anchor.getFullYear(), anchor.getMonth() + 1, 0)), 6);
  return Array.from({ length: Math.round((last.getTime() - first.getTime()) / DAY) + 1 }, (_, index) => addDays(first, index));
}

export function stepOf(view: CalendarView, anchor: Date, by: number): Date {
  if (view === 'month') return new Date(anchor.getFullYear(), anchor.getMonth() + by, 1);
  return addDays(anchor, by * (view === 'week' ? 7 : 1));
}

interface Span {
  starts_at: string;
  ends_at: string;
}

export interface Placed<T> {
  item: T;
  /** Minutes from midnight, cut to the day. */
  from: number;
  to: number;
  lane: number;
  lanes: number;
}

/** Places what happens on one day into lanes, so that what overlaps stands side by side. */
export function placeDay<T extends Span>(items: readonly T[], day: Date): Placed<T>[] {
  const begin = day.getTime();
  const end = addDays(day, 1).getTime();
  const minutes = (time: number): number => Math.round((time - begin) / 60_000);
  const today = items
    .filter((item) => Date.parse(item.starts_at) < end && Date.parse(item.ends_at) > begin)
    .map((item) => ({ item, from: Math.max(0, minutes(Date.parse(item.starts_at))), to: Math.min(1440, minutes(Date.parse(item.ends_at))) }))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const placed: Placed<T>[] = [];
  let cluster: Placed<T>[] = [];
  let clusterEnd = -1;
  const close = (): void => {
    const lanes = Math.max(1, ...cluster.map((one) => one.lane + 1));
    for (const one of cluster) one.lanes = lanes;
    placed.push(...cluster);
    cluster = [];
  };
  for (const one of today) {
    if (one.from >= clusterEnd) close();
    const taken = new Set(cluster.filter((other) => other.to > one.from).map((other) => other.lane));
    let lane = 0;
    while (taken.has(lane)) lane++;
    cluster.push({ ...one, lane, lanes: 1 });
    clusterEnd = Math.max(clusterEnd, one.to);
  }
  close();
  return placed;
}
