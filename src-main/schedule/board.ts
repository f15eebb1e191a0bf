import { dateAt } from '../../src-shared/kernel/days.ts';
import type { BoardRules, BoardVisit } from '../../src-shared/schedule/board.ts';
import { zoneOf } from '../core/calendar.ts';
import type { Session } from '../core/session.ts';
import { readFacts, type Facts, type Visit } from './facts.ts';
import { buildInput, type Built } from './problem.ts';
import { shiftOf } from './shape.ts';
import type { JobInput, ProblemInput } from './solver/problem.ts';

/** What a board says of a job that the solver's problem does not. */
export interface Told {
  title: string;
  shift: string | null;
  start: number;
  done: boolean;
  pinned: string;
  placeKnown: boolean;
  /** Hard windows as bounds of the start, also those too short to be kept. */
  windows: { from: number; to: number }[];
  /** It has promised windows of its own. */
  promised: boolean;
}

/** A problem in the words of the board. `told` by key; places, roads and names are given by the caller. */
export function rulesOf(input: ProblemInput, told: (key: string) => Told, engineer: (key: string) => string): Omit<BoardRules, 'date' | 'zero' | 'now' | 'places' | 'roads' | 'road_percent' | 'speed_kmh' | 'skills' | 'parts'> {
  const { weights } = input;
  return {
    steps: [...(input.travelSteps ?? [])],
    buffer: input.buffer ?? 0,
    weights: { promise: weights.promise, overtime: weights.overtime, travel_time: weights.travelTime, distance: weights.distance, fairness: weights.fairness, change: weights.change },
    fairness_unit: input.fairnessUnit ?? 3_600,
    visits: input.jobs.map((job) => visitOf(job, told(job.key))),
    shifts: input.vehicles.flatMap((vehicle) =>
      vehicle.shifts.map((shift) => ({
        key: shift.key,
        engineer_id: vehicle.key,
        engineer_name: engineer(vehicle.key),
        from: shift.from,
        to: shift.to,
        overtime: shift.overtime ?? 0,
        overtime_cost: shift.overtimeCost ?? 0,
        start_place: shift.startLocation,
        end_place: shift.endLocation,
        lunch: shift.lunch ?? null,
        blocked: [...(shift.blocked ?? [])],
        skills: [...(vehicle.skills ?? [])],
        capacity: vehicle.capacity ? [...vehicle.capacity] : null,
        pace: vehicle.speedFactor ?? 1_000,
        cost: vehicle.cost ?? 1,
      })),
    ),
    links: (input.links ?? []).map(({ kind, first, second }) => ({ kind, first, second })),
  };
}

function visitOf(job: JobInput, told: Told): BoardVisit {
  const { present } = job;
  const opening = job.pinnedStart ?? Math.min(...(job.windows ?? []).map((window) => window.from), Infinity);
  return {
    appointment_id: job.key,
    title: told.title,
    shift: told.shift,
    start: told.start,
    service: job.service,
    place: job.location,
    place_known: told.placeKnown,
    done: told.done,
    pinned: told.pinned,
    windows: told.windows,
    promises: [...(job.promises ?? [])],
    told: !told.promised,
    promise_cost: job.promiseCost ?? 0,
    deadline: job.deadline ?? null,
    deadline_cost: job.deadlineCost ?? 0,
    start_cost: job.startCost ?? 0,
    earliest: Number.isFinite(opening) ? Math.max(0, opening) : 0,
    skills: [...(job.skills ?? [])],
    demand: [...(job.demand ?? [])],
    required: [...(job.required ?? [])],
    excluded: [...(job.excluded ?? [])],
    preferred: [...(job.preferred ?? [])],
    preferred_cost: job.preferredCost ?? 0,
    present: present ? { engineer_id: present.vehicle, start: present.start, engineer_cost: present.vehicleCost, start_cost: present.startCost } : null,
  };
}

/** A date as it is told, for planning by hand: the solver's problem and the board's rules. `moved` is a visit of another date that is to come here. */
export function readBoard(session: Session, date: string, moved?: Visit): { facts: Facts; built: Built; rules: BoardRules } {
  const facts = readFacts(session.store.read, { from: date, to: date, freeDaysToo: true });
  if (moved && !facts.visits.some((visit) => visit.id === moved.id)) facts.visits.push({ ...moved, assigned_to: null, starts_at: new Date(facts.zero).toISOString(), ends_at: new Date(facts.zero + Date.parse(moved.ends_at) - Date.parse(moved.starts_at)).toISOString() });
  const built = buildInput(facts, { everything: true });
  const at = (moment: string): number => Math.round((Date.parse(moment) - facts.zero) / 1000);
  const visits = new Map(facts.visits.map((visit) => [visit.id, visit]));
  const workers = new Map(facts.workers.map((worker) => [worker.id, worker]));
  const told = (key: string): Told => {
    const visit = visits.get(key);
    if (!visit) throw new Error('unknown visit');
    const worker = visit.assigned_to ? workers.get(visit.assigned_to) : undefined;
    const service = at(visit.ends_at) - at(visit.starts_at);
    return {
      title: visit.title,
      shift: (worker && shiftOf(worker, visit)?.key) ?? null,
      start: at(visit.starts_at),
      done: built.fixed.has(key),
      pinned: visit.pinned,
      placeKnown: visit.place !== null,
      windows: visit.windows.filter((window) => window.hard).map((window) => ({ from: at(window.from), to: at(window.to) - service })),
      promised: visit.windows.some((window) => !window.hard),
    };
  };
  const { points } = built;
  const roads: BoardRules['roads'] = [];
  for (const [from, a] of points.entries()) {
    for (const [to, b] of points.entries()) {
      const road = a && b && from !== to ? facts.roads(a, b) : undefined;
      if (road) roads.push([from, to, road.seconds, road.metres]);
    }
  }
  const now = session.now();
  const rules: BoardRules = {
    date,
    zero: new Date(facts.zero).toISOString(),
    // Only of today is there a past that nobody can be sent to.
    now: dateAt(now, zoneOf(session.store.read)) === date ? at(now) : 0,
    places: [...points],
    roads,
    road_percent: facts.settings.road_percent,
    speed_kmh: facts.settings.speed_kmh,
    skills: [...built.skills],
    parts: [...built.parts],
    ...rulesOf(built.input, told, (key) => workers.get(key)?.name ?? ''),
  };
  return { facts, built, rules };
}
