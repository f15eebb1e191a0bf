import { z } from 'zod';

const whole = z.number().int();
const span = z.object({ from: whole, to: whole });

/** A visit as the board judges it. Times are whole seconds since the board's zero; windows bound the start. */
export const boardVisit = z.object({
  appointment_id: z.string(),
  title: z.string(),
  /** The shift in which people were told it lies, and when; null: nobody goes. */
  shift: z.string().nullable(),
  start: whole,
  service: whole,
  place: whole,
  place_known: z.boolean(),
  /** Done or begun: not to be moved any more. */
  done: z.boolean(),
  pinned: z.string(),
  windows: z.array(span),
  promises: z.array(span),
  /** The promise is no window but the time that people were told. */
  told: z.boolean(),
  promise_cost: z.number(),
  deadline: whole.nullable(),
  deadline_cost: z.number(),
  /** Each second after `earliest` costs this much. */
  start_cost: z.number(),
  earliest: whole,
  /** Numbers of the board's `skills`; amounts in the order of its `parts`. */
  skills: z.array(whole),
  demand: z.array(whole),
  required: z.array(z.string()),
  excluded: z.array(z.string()),
  preferred: z.array(z.string()),
  preferred_cost: z.number(),
  present: z.object({ engineer_id: z.string(), start: whole, engineer_cost: z.number(), start_cost: z.number() }).nullable(),
});
export type BoardVisit = z.infer<typeof boardVisit>;

export const boardShift = z.object({
  key: z.string(),
  engineer_id: z.string(),
  engineer_name: z.string(),
  from: whole,
  to: whole,
  overtime: whole,
  overtime_cost: z.number(),
  start_place: whole,
  end_place: whole.nullable(),
  lunch: z.object({ from: whole, to: whole, length: whole }).nullable(),
  blocked: z.array(span),
  skills: z.array(whole),
  /** In the order of the board's parts; null: everything is in the van. */
  capacity: z.array(whole).nullable(),
  /** Thousandths of the usual travel time; price of travel. */
  pace: whole,
  cost: z.number(),
});
export type BoardShift = z.infer<typeof boardShift>;

/** All that is needed to judge any move of a day without asking again. */
export const boardRules = z.object({
  date: z.string(),
  zero: z.string(),
  now: whole,
  places: z.array(z.object({ latitude: z.number(), longitude: z.number() }).nullable()),
  /** Known roads between places: from, to, seconds, metres. The rest follows from straight lines. */
  roads: z.array(z.tuple([whole, whole, whole, whole])),
  road_percent: z.number(),
  speed_kmh: z.number(),
  steps: z.array(z.object({ from: whole, factor: whole })),
  buffer: whole,
  weights: z.object({ promise: z.number(), overtime: z.number(), travel_time: z.number(), distance: z.number(), fairness: z.number(), change: z.number() }),
  fairness_unit: z.number(),
  skills: z.array(z.string()),
  parts: z.array(z.string()),
  visits: z.array(boardVisit),
  shifts: z.array(boardShift),
  links: z.array(z.object({ kind: z.enum(['together', 'before']), first: z.string(), second: z.string() })),
});
export type BoardRules = z.infer<typeof boardRules>;

/** Rules that a place of a visit breaks; sentences stand below `breaches.` in the messages. */
export const BREACHES = ['done', 'pinned', 'skill', 'excluded', 'required', 'parts', 'overlaps', 'late', 'next_late', 'window', 'away', 'before_shift', 'too_long', 'lunch', 'crew', 'order', 'past'] as const;
/** What a place costs besides: it may be so. */
export const WARNINGS = ['promise', 'deadline', 'overtime', 'preferred', 'place_unknown'] as const;
export interface Said<Kind extends string> {
  kind: Kind;
  params: Record<string, string | number>;
}
export type Breach = Said<(typeof BREACHES)[number]>;
export type Warning = Said<(typeof WARNINGS)[number]>;
