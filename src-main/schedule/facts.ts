import { addDays, dateAt, momentAt, startOfDay, weekdayOf } from '../../src-shared/kernel/days.ts';
import type { absence, part, ScheduleSettings, visitWindow, workShift } from '../../src-shared/schedule/model.ts';
import type { z } from 'zod';
import { zoneOf } from '../core/calendar.ts';
import type { Db } from '../store/sqlite.ts';
import type { Point, Roads } from '../../src-shared/schedule/travel.ts';
import { createGeocoder } from './places.ts';
import { knownRoads } from './roads.ts';
import { settingsOf } from './settings.ts';

type Part = z.infer<typeof part>;
type Visiting = z.infer<typeof visitWindow>;

/** An appointment as planning sees it; lists read, place found. */
export interface Visit {
  id: string;
  no: number | null;
  title: string;
  client_id: string;
  client_name: string | null;
  status: string;
  starts_at: string;
  ends_at: string;
  assigned_to: string | null;
  assigned_to_name: string | null;
  address: string | null;
  place: Point | null;
  priority: string | null;
  windows: Visiting[];
  deadline_at: string | null;
  skills: string[];
  parts: Part[];
  required_engineer: string | null;
  preferred_engineer: string | null;
  excluded_engineers: string[];
  crew_with: string | null;
  follows: string | null;
  optional: boolean;
  pinned: string;
  started_at: string | null;
  comment: string | null;
  phones: string[];
  /** The row's version: a plan is only written over what it was made from. */
  change: number;
}

/** A stretch of work of one engineer on one date; moments in UTC. */
export interface Shift {
  key: string;
  engineer: string;
  date: string;
  from: string;
  to: string;
  lunch: { from: string; to: string; minutes: number } | null;
  blocked: { from: string; to: string }[];
}

export interface Worker {
  id: string;
  name: string;
  base: Point | null;
  dayEnds: 'base' | 'last';
  overtimeMinutes: number;
  skills: string[];
  stock: Part[];
  travelPercent: number;
  costPercent: number;
  shifts: Shift[];
}

/** All that planning knows of some days. */
export interface Facts {
  zone: string;
  dates: string[];
  /** Moment from which times are counted. */
  zero: number;
  settings: ScheduleSettings;
  visits: Visit[];
  workers: Worker[];
  roads: Roads;
}

export interface FactsInput {
  from: string;
  to: string;
  /** Only these engineers (users). */
  engineers?: readonly string[] | undefined;
  workStarts?: string | undefined;
  workEnds?: string | undefined;
  /** Whoever was sent somewhere on a free day is shown at work for as long as that lasts. */
  freeDaysToo?: boolean;
}

interface VisitRow extends Omit<Visit, 'phones' | 'windows' | 'skills' | 'parts' | 'excluded_engineers' | 'place' | 'optional' | 'pinned'> {
  windows: string;
  skills: string;
  parts: string;
  excluded_engineers: string;
  optional: number | null;
  pinned: string | null;
  latitude: number | null;
  longitude: number | null;
  client_latitude: number | null;
  client_longitude: number | null;
  client_address: string | null;
  client_phone: string | null;
  client_phones: string | null;
}

const VISITS = `SELECT a.id, a.no, a.title, a.client_id, c.name AS client_name, a.status, a.starts_at, a.ends_at, a.assigned_to, u.full_name AS assigned_to_name, a.address, a.latitude, a.longitude, a.priority, a.windows,
  a.deadline_at, a.skills, a.parts, a.required_engineer, a.preferred_engineer, a.excluded_engineers, a.crew_with, a.follows, a.optional, a.pinned, a.started_at, a.comment, a.change,
  c.latitude AS client_latitude, c.longitude AS client_longitude, c.address AS client_address, c.phone AS client_phone, c.phones AS client_phones
  FROM appointments a LEFT JOIN clients c ON c.id = a.client_id LEFT JOIN users u ON u.id = a.assigned_to`;

const pointOf = (latitude: number | null, longitude: number | null): Point | null => (latitude === null || longitude === null ? null : { latitude, longitude });
const list = <T>(text: string): T[] => JSON.parse(text) as T[];

function toVisit(row: VisitRow, geocode: (address: string | null) => Point | null): Visit {
  const { latitude, longitude, client_latitude, client_longitude, client_address, client_phone, client_phones, ...rest } = row;
  const address = row.address ?? client_address;
  const atClient = row.address === null || row.address === client_address ? pointOf(client_latitude, client_longitude) : null;
  return {
    ...rest,
    address,
    place: pointOf(latitude, longitude) ?? atClient ?? geocode(address),
    phones: [...new Set([...(client_phone ? [client_phone] : []), ...list<string>(client_phones ?? '[]')])],
    windows: list(row.windows),
    skills: list(row.skills),
    parts: list(row.parts),
    excluded_engineers: list(row.excluded_engineers),
    optional: row.optional === 1,
    pinned: row.pinned ?? 'none',
  };
}

/** One appointment, wherever it stands. */
export function readVisit(db: Db, id: string): Visit | null {
  const row = db.get<VisitRow>(`${VISITS} WHERE a.id = ? AND a.deleted_at IS NULL`, id);
  return row ? toVisit(row, createGeocoder(db)) : null;
}

interface ProfileRow {
  user_id: string;
  address: string | null;
  latitude: number | null;
  longitude: number | null;
  day_ends: 'base' | 'last' | null;
  shifts: string;
  overtime_minutes: number | null;
  lunch_from: string | null;
  lunch_to: string | null;
  lunch_minutes: number | null;
  absences: string;
  skills: string;
  stock: string;
  travel_percent: number | null;
  cost_percent: number | null;
}

const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5];

/** Reads appointments that are not cancelled and the people who may go to them, for some days. */
export function readFacts(db: Db, input: FactsInput): Facts {
  const zone = zoneOf(db);
  const dates: string[] = [];
  for (let date = input.from; date <= input.to; date = addDays(date, 1)) dates.push(date);
  const [first, last] = [startOfDay(input.from, zone), startOfDay(addDays(input.to, 1), zone)];
  const geocode = createGeocoder(db);
  const visits = db.all<VisitRow>(`${VISITS} WHERE a.deleted_at IS NULL AND a.status <> 'cancelled' AND a.starts_at >= ? AND a.starts_at < ? ORDER BY a.starts_at, a.id`, first, last).map((row) => toVisit(row, geocode));
  const profiles = new Map(db.all<ProfileRow>('SELECT * FROM engineers WHERE deleted_at IS NULL ORDER BY id DESC').map((row) => [row.user_id, row]));
  const hours = db.get<{ work_starts: string; work_ends: string }>('SELECT work_starts, work_ends FROM organization LIMIT 1') ?? { work_starts: '09:00', work_ends: '18:00' };
  const usual = { from: input.workStarts ?? hours.work_starts, to: input.workEnds ?? hours.work_ends };
  const going = new Set(visits.map((visit) => visit.assigned_to));
  const people = db
    .all<{ id: string; full_name: string; role: string }>('SELECT id, full_name, role FROM users WHERE deleted_at IS NULL AND active = 1 ORDER BY full_name, id')
    .filter(({ id, role }) => (input.engineers ? input.engineers.includes(id) : profiles.has(id) || role === 'engineer' || going.has(id)));
  const workers = people.map(({ id, full_name }): Worker => {
    const row = profiles.get(id);
    return {
      id,
      name: full_name,
      base: row ? (pointOf(row.latitude, row.longitude) ?? geocode(row.address)) : null,
      dayEnds: row?.day_ends ?? 'base',
      overtimeMinutes: row?.overtime_minutes ?? 0,
      skills: row ? list(row.skills) : [],
      stock: row ? list(row.stock) : [],
      travelPercent: row?.travel_percent ?? 100,
      costPercent: row?.cost_percent ?? 100,
      shifts: dates.flatMap((date) => {
        const shifts = shiftsOn(id, date, row, usual, input, zone);
        return shifts.length === 0 && input.freeDaysToo ? freeDay(id, date, visits, zone) : shifts;
      }),
    };
  });
  return { zone, dates, zero: Date.parse(first), settings: settingsOf(db), visits, workers, roads: knownRoads(db) };
}

function shiftsOn(engineer: string, date: string, row: ProfileRow | undefined, usual: { from: string; to: string }, input: FactsInput, zone: string): Shift[] {
  const own = row ? list<z.infer<typeof workShift>>(row.shifts) : [];
  const weekday = weekdayOf(date);
  const hours = own.length > 0 ? own.filter((shift) => shift.weekday === weekday) : MONDAY_TO_FRIDAY.includes(weekday) ? [usual] : [];
  const absences = row ? list<z.infer<typeof absence>>(row.absences) : [];
  if (absences.some(({ from, to }) => from.length === 10 && to.length === 10 && from <= date && date <= to)) return [];
  const blocked = absences.filter(({ from }) => from.length > 10).map(({ from, to }) => ({ from, to: to.length > 10 ? to : startOfDay(addDays(to, 1), zone) }));
  return hours.flatMap((shift, index): Shift[] => {
    // Hours that were asked for bound everybody's.
    const from = momentAt(date, input.workStarts && input.workStarts > shift.from ? input.workStarts : shift.from, zone);
    const to = momentAt(date, input.workEnds && input.workEnds < shift.to ? input.workEnds : shift.to, zone);
    if (from >= to) return [];
    const lunch = row?.lunch_minutes && row.lunch_from && row.lunch_to ? { from: momentAt(date, row.lunch_from, zone), to: momentAt(date, row.lunch_to, zone), minutes: row.lunch_minutes } : null;
    return [{ key: `${engineer}|${date}|${index}`, engineer, date, from, to, lunch: lunch && lunch.from >= from && lunch.to < to ? lunch : null, blocked: blocked.filter((one) => one.from < to && one.to > from) }];
  });
}

function freeDay(engineer: string, date: string, visits: readonly Visit[], zone: string): Shift[] {
  const own = visits.filter((visit) => visit.assigned_to === engineer && dateOf(visit, zone) === date);
  const [first] = own;
  if (!first) return [];
  const to = own.reduce((latest, visit) => (visit.ends_at > latest ? visit.ends_at : latest), first.ends_at);
  return [{ key: `${engineer}|${date}|free`, engineer, date, from: first.starts_at, to, lunch: null, blocked: [] }];
}

export const dateOf = (visit: { starts_at: string }, zone: string): string => dateAt(visit.starts_at, zone);
