import { z } from 'zod';
import { command, date, flag, query, ref, text, timestamp } from '../kernel/contract.ts';
import { crud } from '../kernel/crud.ts';
import { boardRules } from './board.ts';
import { DAY_ENDS, engineer, engineerFilters, engineerInput, GOALS, scheduleSettings, timeOfDay } from './model.ts';

const whole = z.number().int();
const minutes = whole;
const tags = ['schedule'];

/** A visit in an engineer's day. Times are UTC moments, distances kilometres. */
export const plannedStop = z.object({
  appointment_id: z.string(),
  appointment_no: whole.nullable(),
  title: z.string(),
  client_id: z.string(),
  client_name: z.string().nullable(),
  address: z.string().nullable(),
  phones: z.array(z.string()),
  comment: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  status: z.string(),
  pinned: z.string(),
  departs_at: z.string(),
  arrives_at: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  travel_minutes: minutes,
  distance_km: z.number(),
  /** By how much a promised window, or the deadline, is missed. */
  promise_missed_minutes: minutes,
  deadline_missed_minutes: minutes,
  /** What differs from what people were told. */
  changed: z.enum(['same', 'start', 'engineer', 'both', 'new']),
  before: z.object({ assigned_to: z.string().nullable(), assigned_to_name: z.string().nullable(), starts_at: z.string() }),
  /** In a present plan: it begins before the engineer can be there. */
  late_minutes: minutes,
});
export type PlannedStop = z.infer<typeof plannedStop>;

export const plannedRoute = z.object({
  engineer_id: z.string(),
  engineer_name: z.string(),
  date: z.string(),
  shift_from: z.string(),
  shift_to: z.string(),
  base: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
  day_ends: z.enum(DAY_ENDS),
  departs_at: z.string(),
  finishes_at: z.string(),
  lunch_from: z.string().nullable(),
  lunch_to: z.string().nullable(),
  travel_minutes: minutes,
  work_minutes: minutes,
  distance_km: z.number(),
  overtime_minutes: minutes,
  /** Work and travel of the regular shift, percent. */
  load_percent: whole,
  stops: z.array(plannedStop),
});
export type PlannedRoute = z.infer<typeof plannedRoute>;

const visit = { appointment_id: z.string(), appointment_no: whole.nullable(), title: z.string(), client_name: z.string().nullable() };
/** A way to fit what has no place, and what it would cost; `sentence` says it in words. */
export const fit = z.object({
  engineer_id: z.string(),
  engineer_name: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  overtime_minutes: minutes,
  lateness_minutes: minutes,
  added_travel_minutes: minutes,
  added_km: z.number(),
  cost: z.number(),
  sentence: z.string(),
});
export type Fit = z.infer<typeof fit>;
export const unassigned = z.object({ ...visit, reason: z.string(), sentence: z.string(), fits: z.array(fit) });
/** An appointment that cannot be planned as it is written; the rest was. */
export const planProblem = z.object({ ...visit, reason: z.string(), sentence: z.string() });

export const planTotals = z.object({ visits: whole, unassigned: whole, travel_minutes: minutes, distance_km: z.number(), overtime_minutes: minutes, promises_missed: whole, deadlines_missed: whole, late: whole });
export type PlanTotals = z.infer<typeof planTotals>;

export const plan = z.object({
  plan_id: z.string(),
  from: z.string(),
  to: z.string(),
  time_zone: z.string(),
  routes: z.array(plannedRoute),
  /** All visits that have a place, by start. */
  intervals: z.array(z.object({ ...visit, starts_at: z.string(), ends_at: z.string(), duration_minutes: minutes, assigned_to: z.string(), assigned_to_name: z.string(), changed: plannedStop.shape.changed })),
  /** Who should go where somebody else goes now, or nobody. */
  assignments: z.array(z.object({ ...visit, engineer_id: z.string(), engineer_name: z.string(), before_id: z.string().nullable(), before_name: z.string().nullable(), starts_at: z.string(), sentence: z.string() })),
  unassigned: z.array(unassigned),
  problems: z.array(planProblem),
  /** Engineers whose day is longer than their shift: by how much before the plan, and after it. */
  overload: z.array(z.object({ engineer_id: z.string(), engineer_name: z.string(), date: z.string(), minutes, after_minutes: minutes })),
  comparison: z.object({ before: planTotals, after: planTotals, changed: whole }),
  cost: z.record(z.string(), z.number()),
  /** Best cost over the time of thinking; never rises. */
  progress: z.array(z.object({ seconds: z.number(), cost: z.number(), unassigned: whole })),
  seconds: z.number(),
});
export type Plan = z.infer<typeof plan>;

export const day = z.object({ date: z.string(), time_zone: z.string(), routes: z.array(plannedRoute), unassigned: z.array(plannedStop), totals: planTotals });
export type ScheduleDay = z.infer<typeof day>;

const range = {
  date,
  /** Last day, included; the date itself by default. */
  until: date.optional(),
  travel_buffer_minutes: z.coerce.number().int().min(0).max(120).optional(),
  work_starts: timeOfDay.optional(),
  work_ends: timeOfDay.optional(),
  /** Other names of the same: the buffer in minutes, and the working day. */
  travel_buffer: z.coerce.number().int().min(0).max(120).optional(),
  workday_start: timeOfDay.optional(),
  workday_end: timeOfDay.optional(),
  working_hours: z.object({ start: timeOfDay, end: timeOfDay }).optional(),
  engineers: z.array(ref).max(200).optional(),
  /** Longest time to think. */
  seconds: z.coerce.number().min(0.2).max(120).default(5),
  seed: z.coerce.number().int().min(1).max(2_000_000_000).default(1),
  goals: z.array(z.enum(GOALS)).length(GOALS.length).optional(),
  /** Name under which progress is watched and the thinking is stopped. */
  task_id: text(50).optional(),
};

/** Most bytes of the map in one answer. */
export const MAX_MAP_BYTES = 8 * 1024 * 1024;
/** A file of map tiles in PMTiles form; `version` changes with the file. */
const mapFile = z.object({ name: z.string(), bytes: z.number(), version: z.string() });

/** What has happened in the middle of a day. */
export const dayEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('late'), engineer_id: ref, minutes: z.coerce.number().int().min(1).max(720) }),
  z.object({ kind: z.literal('ill'), engineer_id: ref }),
  z.object({ kind: z.literal('no_show'), appointment_id: ref }),
  z.object({ kind: z.literal('emergency'), appointment_id: ref }),
]);

/** A place of a visit and its price in seconds of travel, as the independent check reckons it. */
const pricedPlace = z.object({ engineer_id: z.string(), engineer_name: z.string(), starts_at: z.string(), ends_at: z.string(), added_travel_minutes: minutes, added_km: z.number(), cost: z.number(), sentence: z.string() });
export const reasons = z.object({
  /** Where it stands now, with the rules that this breaks; null: nobody goes. */
  here: pricedPlace.extend({ breaches: z.array(z.string()) }).nullable(),
  /** The best other place of each engineer, the cheapest first; `more` is the difference to here. */
  ways: z.array(pricedPlace.extend({ more: z.number().nullable() })),
});
export type Reasons = z.infer<typeof reasons>;

export const scheduleContract = {
  optimize: command('schedule.write', { timeout: 180_000 })
    .route({ method: 'POST', path: '/schedule/optimize', tags, summary: 'Propose who goes where and when on a date: overlaps removed, unassigned visits distributed, overload shown' })
    .input(z.object(range))
    .output(plan),
  replan: command('schedule.write', { timeout: 60_000 })
    .route({ method: 'POST', path: '/schedule/replan', tags, summary: 'Propose the fewest changes after something has happened in the middle of the day' })
    .input(z.object({ event: dayEvent, at: timestamp.optional(), seconds: z.coerce.number().min(0.2).max(30).default(1.8), task_id: text(50).optional() }))
    .output(plan),
  apply: command('schedule.write')
    .route({ method: 'POST', path: '/schedule/apply', tags, summary: 'Write a proposed plan as one change; refused when the appointments have changed meanwhile' })
    .input(z.object({ plan_id: text(50).min(1) }))
    .output(z.object({ change_id: z.string().nullable(), changed: whole })),
  day: query('work.read')
    .route({ method: 'GET', path: '/schedule/day', tags, summary: 'A day as it is planned now, with the travel between visits' })
    .input(z.object({ date }))
    .output(day),
  board: query('schedule.write', { timeout: 30_000 })
    .route({ method: 'GET', path: '/schedule/board', tags, summary: 'All that is needed to judge any move of a day on the spot' })
    .input(z.object({ date }))
    .output(boardRules),
  move: command('schedule.write', { timeout: 30_000 })
    .route({ method: 'POST', path: '/schedule/move', tags, summary: 'Move one visit to an engineer and a moment; refused in words where that breaks a rule, unless `anyway`' })
    .input(z.object({ appointment_id: ref, engineer_id: ref.nullable(), starts_at: timestamp, anyway: flag.default(false) }))
    .output(z.object({ change_id: z.string().nullable(), added_travel_minutes: minutes, added_km: z.number(), cost: z.number(), breaches: z.array(z.string()), warnings: z.array(z.string()) })),
  why: query('work.read', { timeout: 60_000 })
    .route({ method: 'GET', path: '/schedule/why', tags, summary: 'Why a visit stands where it does: its price there, and at the next best places' })
    .input(z.object({ appointment_id: ref }))
    .output(reasons),
  sheet: query('work.read', { timeout: 60_000 })
    .route({ method: 'GET', path: '/schedule/sheet.pdf', tags, summary: 'Day sheets as PDF, one engineer a page or more' })
    .input(z.object({ date, engineer: ref.optional() }))
    .output(z.file()),
  map: query('work.read')
    .route({ method: 'GET', path: '/schedule/map', tags, summary: 'The map file of this installation; null: none' })
    .output(z.object({ map: mapFile.nullable() })),
  mapBytes: query('work.read', { timeout: 30_000 })
    .route({ method: 'GET', path: '/schedule/map/bytes', tags, summary: 'A stretch of the map file' })
    .input(z.object({ version: text(100), offset: z.coerce.number().int().min(0), length: z.coerce.number().int().min(1).max(MAX_MAP_BYTES) }))
    .output(z.file()),
  slots: query('work.read', { timeout: 60_000 })
    .route({ method: 'GET', path: '/schedule/slots', tags, summary: 'When can we come: engineers and moments that truly fit, the cheapest first' })
    .input(
      z.object({
        date,
        until: date.optional(),
        client_id: ref.optional(),
        appointment_id: ref.optional(),
        address: text(500).optional(),
        latitude: z.coerce.number().min(-90).max(90).optional(),
        longitude: z.coerce.number().min(-180).max(180).optional(),
        duration_minutes: z.coerce.number().int().min(1).max(1_440).default(60),
        skills: z.union([z.array(text(100)), text(1_000).transform((value) => value.split(',').map((one) => one.trim()).filter(Boolean))]).optional(),
        limit: z.coerce.number().int().min(1).max(50).default(10),
      }),
    )
    .output(z.object({ items: z.array(fit) })),
  settings: query('work.read').route({ method: 'GET', path: '/schedule/settings', tags, summary: 'Rules of travel and the order of goals' }).output(scheduleSettings),
  importTravel: command('organization.manage', { timeout: 60_000 })
    .route({ method: 'POST', path: '/schedule/travel', tags, summary: 'Take a table of travel: from; to; minutes; km' })
    .input(z.object({ file: z.file() }))
    .output(z.object({ pairs: whole })),
  updateSettings: command('organization.manage').route({ method: 'PUT', path: '/schedule/settings', tags, summary: 'Change rules of travel and the order of goals' }).input(scheduleSettings.partial()).output(scheduleSettings),
};

export const engineersContract = crud({ path: '/engineers', title: 'Working days of engineers', row: engineer, create: engineerInput, filters: engineerFilters, read: 'work.read', write: 'schedule.write', remove: 'schedule.write' });
