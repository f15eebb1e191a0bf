import { z } from 'zod';
import { date, listInput, ref, refFields, rowFields, text, timestamp } from '../kernel/contract.ts';

/** A time of day, HH:MM, in the organisation's zone. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
/** What of an appointment must not be moved any more. */
export const PINS = ['none', 'engineer', 'start', 'both'] as const;
/** Where a working day ends: back where it began, or at the last client. */
export const DAY_ENDS = ['base', 'last'] as const;
const latitude = z.coerce.number().min(-90).max(90);
const longitude = z.coerce.number().min(-180).max(180);
const skill = text(100).min(1);

export const part = z.object({ name: text(200).min(1), quantity: z.coerce.number().int().min(1).max(100_000) });
/** When somebody may come: the whole visit lies within it. A soft one may be missed at a price. */
export const visitWindow = z.object({ from: timestamp, to: timestamp, hard: z.boolean().default(true) });

/** What planning needs to know of an appointment, besides its place and length. */
export const planningBody = z.object({
  priority: z.enum(PRIORITIES).nullish(),
  windows: z.array(visitWindow).max(20).nullish(),
  /** The visit should be over by then. */
  deadline_at: timestamp.nullish(),
  skills: z.array(skill).max(50).nullish(),
  parts: z.array(part).max(100).nullish(),
  required_engineer: ref.nullish(),
  preferred_engineer: ref.nullish(),
  excluded_engineers: z.array(ref).max(100).nullish(),
  /** Another appointment that begins at the same moment with another engineer. */
  crew_with: ref.nullish(),
  /** Another appointment that must be over before. */
  follows: ref.nullish(),
  optional: z.boolean().nullish(),
  pinned: z.enum(PINS).nullish(),
  /** The engineer is there. */
  started_at: timestamp.nullish(),
});

export const planning = {
  priority: z.enum(PRIORITIES).nullable(),
  windows: z.array(z.object({ from: z.string(), to: z.string(), hard: z.boolean() })),
  deadline_at: z.string().nullable(),
  skills: z.array(z.string()),
  parts: z.array(z.object({ name: z.string(), quantity: z.number() })),
  ...refFields('required_engineer'),
  ...refFields('preferred_engineer'),
  excluded_engineers: z.array(z.string()),
  ...refFields('crew_with'),
  ...refFields('follows'),
  optional: z.boolean(),
  pinned: z.enum(PINS).nullable(),
  started_at: z.string().nullable(),
};

/** Hours of one weekday, 1 = Monday. */
export const workShift = z.object({ weekday: z.coerce.number().int().min(1).max(7), from: timeOfDay, to: timeOfDay });
/** Days (last one included) or moments without work. */
export const absence = z.object({ from: z.union([timestamp, date]), to: z.union([timestamp, date]), reason: text(200).nullish() });

export const engineerInput = z.object({
  user_id: ref,
  address: text(500).nullish(),
  latitude: latitude.nullish(),
  longitude: longitude.nullish(),
  day_ends: z.enum(DAY_ENDS).nullish(),
  /** Empty: the organisation's hours from Monday to Friday. */
  shifts: z.array(workShift).max(21).nullish(),
  overtime_minutes: z.coerce.number().int().min(0).max(720).nullish(),
  lunch_from: timeOfDay.nullish(),
  lunch_to: timeOfDay.nullish(),
  lunch_minutes: z.coerce.number().int().min(0).max(240).nullish(),
  absences: z.array(absence).max(400).nullish(),
  skills: z.array(skill).max(100).nullish(),
  stock: z.array(part).max(1_000).nullish(),
  /** Of the usual travel time: 120 is a fifth slower. */
  travel_percent: z.coerce.number().int().min(20).max(500).nullish(),
  /** Of the usual price of travel. */
  cost_percent: z.coerce.number().int().min(0).max(1_000).nullish(),
});
export const engineer = z.object({
  ...rowFields,
  ...refFields('user_id'),
  name: z.string().nullable(),
  address: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  day_ends: z.enum(DAY_ENDS).nullable(),
  shifts: z.array(z.object({ weekday: z.number(), from: z.string(), to: z.string() })),
  overtime_minutes: z.number().int().nullable(),
  lunch_from: z.string().nullable(),
  lunch_to: z.string().nullable(),
  lunch_minutes: z.number().int().nullable(),
  absences: z.array(z.object({ from: z.string(), to: z.string(), reason: z.string().nullish() })),
  skills: z.array(z.string()),
  stock: z.array(z.object({ name: z.string(), quantity: z.number() })),
  travel_percent: z.number().int().nullable(),
  cost_percent: z.number().int().nullable(),
});
export type Engineer = z.infer<typeof engineer>;
export const engineerFilters = z.object({ ...listInput, sort: z.enum(['created_at', '-created_at']).default('created_at'), user_id: ref.optional() });

/** The goals of a plan, the most important first. */
export const GOALS = ['unserved', 'promise', 'overtime', 'travel', 'fairness', 'change'] as const;
export type Goal = (typeof GOALS)[number];

export const scheduleSettings = z.object({
  /** Kept free at each arrival at another place. */
  travel_buffer_minutes: z.coerce.number().int().min(0).max(120),
  /** Length of roads, in percent of the straight line. */
  road_percent: z.coerce.number().int().min(100).max(300),
  speed_kmh: z.coerce.number().int().min(5).max(130),
  /** From a time of day on, travel takes this many percent of the usual time. */
  rush: z.array(z.object({ from: timeOfDay, percent: z.coerce.number().int().min(20).max(500) })).max(48),
  goals: z.array(z.enum(GOALS)).length(GOALS.length),
  /** Address of an OSRM server of one's own, whose roads are remembered; null: straight lines and imported tables only. */
  osrm_url: z.url({ protocol: /^https?$/ }).max(300).nullable(),
});
export type ScheduleSettings = z.infer<typeof scheduleSettings>;

/** Roads in a city are about a third longer than the straight line; the speed is that of a city's day (see the architecture's rules of travel). */
export const DEFAULT_SCHEDULE: ScheduleSettings = {
  travel_buffer_minutes: 5,
  road_percent: 135,
  speed_kmh: 32,
  rush: [
    { from: '07:30', percent: 130 },
    { from: '10:00', percent: 100 },
    { from: '17:00', percent: 140 },
    { from: '19:30', percent: 100 },
  ],
  goals: [...GOALS],
  osrm_url: null,
};
