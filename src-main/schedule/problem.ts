import type { Goal } from '../../src-shared/schedule/model.ts';
import { GOALS } from '../../src-shared/schedule/model.ts';
import { momentAt } from '../../src-shared/kernel/days.ts';
import { dateOf, type Facts, type Visit, type Worker } from './facts.ts';
import { travelTables, type Point } from '../../src-shared/schedule/travel.ts';
import type { JobInput, LinkInput, ObjectiveWeights, ProblemInput, VehicleInput, Window } from './solver/problem.ts';

/** Why an appointment cannot be planned as it is written; the sentence stands below `problems.` in the messages. */
export interface Trouble {
  visit: Visit;
  reason: 'place_unknown' | 'window_short' | 'window_past' | 'skill_nobody' | 'engineer_off' | 'no_shifts' | 'pins_clash' | 'pin_without_engineer';
  params?: Record<string, string | number>;
}

export interface Built {
  input: ProblemInput;
  troubles: Trouble[];
  /** Appointments that stand fast: done, begun, or before the moment of planning. */
  fixed: ReadonlySet<string>;
  locationOf: ReadonlyMap<string, number>;
  /** Places by their numbers, and what the numbers of skills and parts stand for. */
  points: readonly (Point | null)[];
  skills: readonly string[];
  parts: readonly string[];
}

export interface BuildOptions {
  /** Nothing is left out, whatever is wrong with it: a person may still move it by hand. */
  everything?: boolean;
  bufferMinutes?: number | undefined;
  goals?: readonly Goal[] | undefined;
  /** Nothing is planned before this moment; what began earlier stands fast. */
  now?: string | undefined;
  /** Multiplies the cost of differing from what people were told. */
  changeFactor?: number;
}

/** Costs in seconds of travel, so that they can be compared. */
const UNSERVED: Record<string, number> = { low: 50_000, normal: 100_000, high: 200_000, urgent: 500_000 };
const UNSERVED_OPTIONAL = 6_000;
const START_COST: Record<string, number> = { high: 0.1, urgent: 0.5 };
const PROMISE_COST = 2;
const DEADLINE_COST = 3;
const OTHER_ENGINEER = 900;
const OTHER_START = 0.05;
/** Of a time that people were told: lateness of a quarter of an hour is none, a second beyond costs this much. */
const TOLD_SLACK = 900;
const TOLD_COST = 0.2;
const NOT_PREFERRED = 1_200;
const OVERTIME_COST = 1.5;
const BASE: ObjectiveWeights = { unserved: 1, promise: 1, overtime: 1, travelTime: 1, distance: 0.02, fairness: 40, change: 1 };
/** A step up or down in the order of goals changes a goal's weight by this factor. */
const STEP = 4;

/** Weights for an order of goals, the usual order being the usual weights. */
export function weightsOf(goals: readonly Goal[], changeFactor = 1): ObjectiveWeights {
  const factor = (goal: Goal): number => STEP ** (GOALS.indexOf(goal) - goals.indexOf(goal));
  return {
    unserved: BASE.unserved * factor('unserved'),
    promise: BASE.promise * factor('promise'),
    overtime: BASE.overtime * factor('overtime'),
    travelTime: BASE.travelTime * factor('travel'),
    distance: BASE.distance * factor('travel'),
    fairness: BASE.fairness * factor('fairness'),
    change: BASE.change * factor('change') * changeFactor,
  };
}

/** Turns days into a problem for the solver; what cannot be planned is named and left out, the rest goes on. Times are seconds since `facts.zero`. */
export function buildInput(facts: Facts, options: BuildOptions = {}): Built {
  const at = (moment: string): number => Math.round((Date.parse(moment) - facts.zero) / 1000);
  const now = options.now === undefined ? null : at(options.now);
  const isFixed = (visit: Visit): boolean => visit.assigned_to !== null && (visit.status === 'completed' || visit.started_at !== null || (now !== null && at(visit.starts_at) < now));
  const fixed = new Set(facts.visits.filter(isFixed).map((visit) => visit.id));
  const troubles: Trouble[] = [];
  const plannable = facts.visits.filter((visit) => {
    if (options.everything) return true;
    const trouble = troubleOf(visit, facts, at, fixed.has(visit.id), now);
    if (trouble) troubles.push(trouble);
    return !trouble;
  });
  const clashing = options.everything ? new Set<string>() : clashes(plannable, fixed);
  for (const visit of plannable) if (clashing.has(visit.id) && !fixed.has(visit.id)) troubles.push({ visit, reason: 'pins_clash' });
  const visits = plannable.filter((visit) => !clashing.has(visit.id));

  const points: (Point | null)[] = [];
  const index = new Map<string, number>();
  const locate = (point: Point | null): number => {
    const key = point ? `${point.latitude} ${point.longitude}` : '';
    const known = index.get(key);
    if (known !== undefined) return known;
    index.set(key, points.length);
    return points.push(point) - 1;
  };
  const skills = numbering(visits.flatMap((visit) => visit.skills));
  const parts = numbering(visits.flatMap((visit) => visit.parts.map((part) => part.name)));
  const bounds = new Map(facts.dates.map((date) => [date, { from: at(momentAt(date, '00:00', facts.zone)), to: at(momentAt(date, '23:59', facts.zone)) }]));
  const locationOf = new Map(visits.map((visit) => [visit.id, locate(visit.place)]));
  const jobs = visits.map((visit) => jobOf(visit, { at, facts, location: locationOf.get(visit.id) as number, skills, parts, fixed: fixed.has(visit.id), day: bounds.get(dateOf(visit, facts.zone)) as Window, now, changeFactor: options.changeFactor ?? 1 }));
  const vehicles = facts.workers.map((worker) => vehicleOf(worker, { at, locate, skills, parts }));
  const { distance, travelTime } = travelTables(points, facts.settings, facts.roads);
  const keys = new Set(visits.map((visit) => visit.id));
  return {
    input: {
      jobs,
      vehicles,
      links: linksOf(visits, keys, fixed),
      locations: points.length,
      travelTime,
      distance,
      travelSteps: facts.dates.flatMap((date) => facts.settings.rush.map((step) => ({ from: at(momentAt(date, step.from, facts.zone)), factor: step.percent * 10 }))),
      buffer: (options.bufferMinutes ?? facts.settings.travel_buffer_minutes) * 60,
      weights: weightsOf(options.goals ?? facts.settings.goals, options.changeFactor),
    },
    troubles,
    fixed,
    locationOf,
    points,
    skills: [...skills.keys()],
    parts: [...parts.keys()],
  };
}

function troubleOf(visit: Visit, facts: Facts, at: (moment: string) => number, fixed: boolean, now: number | null): Trouble | null {
  const day = dateOf(visit, facts.zone);
  const working = facts.workers.filter((worker) => worker.shifts.some((shift) => shift.date === day));
  if (working.length === 0) return { visit, reason: 'no_shifts' };
  if (!visit.place) return { visit, reason: 'place_unknown' };
  if (fixed) return null;
  const service = at(visit.ends_at) - at(visit.starts_at);
  const hard = visit.windows.filter((window) => window.hard);
  if (hard.length > 0 && hard.every((window) => at(window.to) - at(window.from) < service)) return { visit, reason: 'window_short' };
  if (now !== null && hard.length > 0 && hard.every((window) => at(window.to) - service < now)) return { visit, reason: 'window_past' };
  const missing = visit.skills.find((skill) => !working.some((worker) => worker.skills.includes(skill)));
  if (missing) return { visit, reason: 'skill_nobody', params: { skill: missing } };
  const held = visit.pinned === 'engineer' || visit.pinned === 'both';
  if (held && !visit.assigned_to) return { visit, reason: 'pin_without_engineer' };
  const wanted = visit.required_engineer ?? (held ? visit.assigned_to : null);
  if (wanted && !working.some((worker) => worker.id === wanted)) return { visit, reason: 'engineer_off' };
  return null;
}

/** Later ones of appointments that are held to one engineer at moments that overlap. */
function clashes(visits: readonly Visit[], fixed: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const until = new Map<string, string>();
  for (const visit of visits) {
    if (!visit.assigned_to || !(visit.pinned === 'both' || fixed.has(visit.id))) continue;
    const busy = until.get(visit.assigned_to);
    if (busy && visit.starts_at < busy) found.add(visit.id);
    else until.set(visit.assigned_to, visit.ends_at);
  }
  return found;
}

const numbering = (names: readonly string[]): Map<string, number> => new Map([...new Set(names)].sort().map((name, number) => [name, number]));

interface JobContext {
  at: (moment: string) => number;
  facts: Facts;
  location: number;
  skills: ReadonlyMap<string, number>;
  parts: ReadonlyMap<string, number>;
  fixed: boolean;
  day: Window;
  now: number | null;
  changeFactor: number;
}

function jobOf(visit: Visit, { at, location, skills, parts, fixed, day, now, changeFactor }: JobContext): JobInput {
  const start = at(visit.starts_at);
  const service = at(visit.ends_at) - start;
  const earliest = now === null ? day.from : Math.max(day.from, now);
  const within = (hard: boolean): Window[] =>
    visit.windows.filter((window) => window.hard === hard).flatMap((window) => {
      const [from, to] = [Math.max(earliest, at(window.from)), at(window.to) - service];
      return from <= to ? [{ from, to }] : [];
    });
  const hard = within(true);
  const held = visit.pinned === 'engineer' || visit.pinned === 'both' || fixed;
  const timed = visit.pinned === 'start' || visit.pinned === 'both' || fixed;
  const required = held && visit.assigned_to ? visit.assigned_to : visit.required_engineer;
  const priority = visit.priority ?? 'normal';
  const promises = within(false);
  // Whoever was told a time keeps it, unless moving it saves travel that is worth it.
  const told = visit.assigned_to !== null && !timed && start >= earliest && start <= day.to;
  const demand = [...parts].map(([name]) => visit.parts.filter((part) => part.name === name).reduce((sum, part) => sum + part.quantity, 0));
  return {
    key: visit.id,
    location,
    service,
    unservedCost: fixed ? 100 * (UNSERVED['urgent'] as number) : visit.optional ? UNSERVED_OPTIONAL : (UNSERVED[priority] ?? 0),
    windows: hard.length > 0 ? hard : [{ from: earliest, to: day.to }],
    ...(promises.length > 0 ? { promises, promiseCost: PROMISE_COST } : told ? { promises: [{ from: start, to: start + TOLD_SLACK }], promiseCost: TOLD_COST * changeFactor } : {}),
    ...(visit.deadline_at ? { deadline: at(visit.deadline_at), deadlineCost: DEADLINE_COST } : {}),
    ...(START_COST[priority] ? { startCost: START_COST[priority] } : {}),
    ...(demand.some((amount) => amount > 0) && !fixed ? { demand } : {}),
    ...(visit.skills.length > 0 && !fixed ? { skills: visit.skills.map((skill) => skills.get(skill) as number) } : {}),
    ...(required ? { required: [required] } : {}),
    ...(visit.excluded_engineers.length > 0 && !fixed ? { excluded: visit.excluded_engineers } : {}),
    ...(visit.preferred_engineer ? { preferred: [visit.preferred_engineer], preferredCost: NOT_PREFERRED } : {}),
    ...(timed ? { pinnedStart: start } : {}),
    ...(visit.assigned_to ? { present: { vehicle: visit.assigned_to, start, vehicleCost: OTHER_ENGINEER, startCost: OTHER_START } } : {}),
  };
}

interface VehicleContext {
  at: (moment: string) => number;
  locate: (point: Point | null) => number;
  skills: ReadonlyMap<string, number>;
  parts: ReadonlyMap<string, number>;
}

function vehicleOf(worker: Worker, { at, locate, skills, parts }: VehicleContext): VehicleInput {
  const base = locate(worker.base);
  return {
    key: worker.id,
    shifts: worker.shifts.map((shift) => ({
      key: shift.key,
      from: at(shift.from),
      to: at(shift.to),
      overtime: worker.overtimeMinutes * 60,
      overtimeCost: OVERTIME_COST,
      startLocation: base,
      endLocation: worker.dayEnds === 'last' || !worker.base ? null : base,
      ...(shift.lunch ? { lunch: { from: at(shift.lunch.from), to: at(shift.lunch.to), length: shift.lunch.minutes * 60 } } : {}),
      blocked: shift.blocked.map((one) => ({ from: at(one.from), to: at(one.to) })),
    })),
    skills: worker.skills.flatMap((skill) => skills.get(skill) ?? []),
    // Whoever has not written down what is in his van is taken to have everything.
    ...(worker.stock.length > 0 && parts.size > 0 ? { capacity: [...parts].map(([name]) => worker.stock.filter((part) => part.name === name).reduce((sum, part) => sum + part.quantity, 0)) } : {}),
    speedFactor: worker.travelPercent * 10,
    cost: worker.costPercent / 100,
  };
}

function linksOf(visits: readonly Visit[], keys: ReadonlySet<string>, fixed: ReadonlySet<string>): LinkInput[] {
  const links: LinkInput[] = [];
  const mated = new Set<string>();
  for (const visit of visits) {
    const { id, crew_with: mate, follows } = visit;
    if (mate && keys.has(mate) && mate !== id && !mated.has(id) && !mated.has(mate) && !(fixed.has(id) && fixed.has(mate))) {
      mated.add(id).add(mate);
      links.push({ kind: 'together', first: mate, second: id });
    }
    if (follows && keys.has(follows) && follows !== id && !(fixed.has(id) && fixed.has(follows))) links.push({ kind: 'before', first: follows, second: id });
  }
  return links;
}
