import type { PlannedRoute, PlannedStop, PlanTotals } from '../../src-shared/schedule/contract.ts';
import { arrive } from './check/check-plan.ts';
import type { Facts, Shift, Visit, Worker } from './facts.ts';
import type { Built } from './problem.ts';
import type { PlannedRoute as SolverRoute } from './solver/result.ts';

const MINUTE = 60_000;
const asMinutes = (seconds: number): number => Math.round(seconds / 60);
const asKm = (metres: number): number => Math.round(metres / 100) / 10;
/** Below this many minutes a start is not another one for a person. */
const SAME_START = 1;

interface Leg {
  departs: number;
  arrives: number;
  starts: number;
  ends: number;
  travel: number;
  metres: number;
  late: number;
}

/** Turns numbers of the solver, or of the present plan, into what people read. */
export class Shape {
  readonly #facts: Facts;
  readonly #visits: ReadonlyMap<string, Visit>;
  readonly #workers: ReadonlyMap<string, Worker>;
  readonly #shifts: ReadonlyMap<string, Shift>;

  constructor(facts: Facts) {
    this.#facts = facts;
    this.#visits = new Map(facts.visits.map((visit) => [visit.id, visit]));
    this.#workers = new Map(facts.workers.map((worker) => [worker.id, worker]));
    this.#shifts = new Map(facts.workers.flatMap((worker) => worker.shifts.map((shift) => [shift.key, shift])));
  }

  /** A moment from seconds since zero. */
  moment(seconds: number): string {
    return new Date(this.#facts.zero + seconds * 1000).toISOString();
  }
  at(moment: string): number {
    return Math.round((Date.parse(moment) - this.#facts.zero) / 1000);
  }
  worker(id: string): Worker | undefined {
    return this.#workers.get(id);
  }

  stop(visit: Visit, leg: Leg, engineer: string | null): PlannedStop {
    const [starts, ends] = [this.moment(leg.starts), this.moment(leg.ends)];
    const moved = Math.abs(Date.parse(starts) - Date.parse(visit.starts_at)) >= SAME_START * MINUTE;
    const other = visit.assigned_to !== engineer;
    return {
      appointment_id: visit.id,
      appointment_no: visit.no,
      title: visit.title,
      client_id: visit.client_id,
      client_name: visit.client_name,
      address: visit.address,
      phones: visit.phones,
      comment: visit.comment,
      latitude: visit.place?.latitude ?? null,
      longitude: visit.place?.longitude ?? null,
      status: visit.status,
      pinned: visit.pinned,
      departs_at: this.moment(leg.departs),
      arrives_at: this.moment(leg.arrives),
      starts_at: starts,
      ends_at: ends,
      travel_minutes: asMinutes(leg.travel),
      distance_km: asKm(leg.metres),
      ...missed(visit, starts, ends),
      changed: visit.assigned_to === null ? (engineer === null ? 'same' : 'new') : moved && other ? 'both' : other ? 'engineer' : moved ? 'start' : 'same',
      before: { assigned_to: visit.assigned_to, assigned_to_name: visit.assigned_to_name, starts_at: visit.starts_at },
      late_minutes: asMinutes(leg.late),
    };
  }

  /** A route as the solver has planned it. */
  planned(route: SolverRoute): PlannedRoute | null {
    const shift = this.#shifts.get(route.shift);
    const worker = shift && this.#workers.get(shift.engineer);
    if (!shift || !worker) return null;
    const stops = route.stops.flatMap((stop): PlannedStop[] => {
      const visit = this.#visits.get(stop.job);
      return visit ? [this.stop(visit, { departs: stop.departure, arrives: stop.arrival, starts: stop.start, ends: stop.end, travel: stop.travelTime, metres: stop.distance, late: 0 }, worker.id)] : [];
    });
    const lunch = route.lunchStart === null || !shift.lunch ? null : { from: this.moment(route.lunchStart), to: this.moment(route.lunchStart + shift.lunch.minutes * 60) };
    return this.#route(shift, worker, stops, { departs: route.departure, finishes: route.finish, travel: route.travelTime, metres: route.distance, overtime: route.overtime, lunch });
  }

  /** A shift in which nothing is planned. */
  free(shift: Shift, worker: Worker): PlannedRoute {
    const begin = this.at(shift.from);
    return this.#route(shift, worker, [], { departs: begin, finishes: begin, travel: 0, metres: 0, overtime: 0, lunch: null });
  }

  /** The present day of a shift: visits at the times that people were told, with the travel between them. */
  present(shift: Shift, worker: Worker, built: Built): PlannedRoute {
    const { input, locationOf } = built;
    const vehicle = input.vehicles.find((one) => one.key === worker.id);
    const given = vehicle?.shifts.find((one) => one.key === shift.key);
    const visits = this.#facts.visits.filter((visit) => visit.assigned_to === worker.id && shiftOf(worker, visit) === shift).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
    const begin = this.at(shift.from);
    if (!vehicle || !given) return this.free(shift, worker);
    let place = given.startLocation;
    let free = given.from;
    let [travel, metres] = [0, 0];
    let departs = begin;
    const stops = visits.map((visit, index) => {
      const location = locationOf.get(visit.id) ?? place;
      const [starts, ends] = [this.at(visit.starts_at), this.at(visit.ends_at)];
      const reached = arrive(input, vehicle, place, location, free);
      const took = reached - free;
      const length = input.distance[place * input.locations + location] ?? 0;
      const ready = reached + (place === location ? 0 : (input.buffer ?? 0));
      if (index === 0) departs = Math.max(begin, starts - (ready - free));
      const leg = { departs: index === 0 ? departs : free, arrives: index === 0 ? Math.max(reached, departs + took) : reached, starts, ends, travel: took, metres: length, late: Math.max(0, ready - starts) };
      travel += took;
      metres += length;
      place = location;
      free = Math.max(ends, given.from);
      return this.stop(visit, leg, worker.id);
    });
    const home = given.endLocation ?? place;
    const finishes = visits.length === 0 ? begin : arrive(input, vehicle, place, home, free);
    travel += visits.length === 0 ? 0 : finishes - free;
    metres += visits.length === 0 ? 0 : (input.distance[place * input.locations + home] ?? 0);
    return this.#route(shift, worker, stops, { departs, finishes, travel, metres, overtime: visits.length === 0 ? 0 : Math.max(0, finishes - given.to), lunch: null });
  }

  #route(shift: Shift, worker: Worker, stops: PlannedStop[], sums: { departs: number; finishes: number; travel: number; metres: number; overtime: number; lunch: { from: string; to: string } | null }): PlannedRoute {
    const work = stops.reduce((sum, stop) => sum + Date.parse(stop.ends_at) - Date.parse(stop.starts_at), 0) / MINUTE;
    return {
      engineer_id: worker.id,
      engineer_name: worker.name,
      date: shift.date,
      shift_from: shift.from,
      shift_to: shift.to,
      base: worker.base,
      day_ends: worker.dayEnds,
      departs_at: this.moment(sums.departs),
      finishes_at: this.moment(sums.finishes),
      lunch_from: sums.lunch?.from ?? null,
      lunch_to: sums.lunch?.to ?? null,
      travel_minutes: asMinutes(sums.travel),
      work_minutes: Math.round(work),
      load_percent: Math.round((100 * (work + sums.travel / 60) * MINUTE) / Math.max(MINUTE, Date.parse(shift.to) - Date.parse(shift.from))),
      distance_km: asKm(sums.metres),
      overtime_minutes: asMinutes(sums.overtime),
      stops,
    };
  }
}

/** The shift in which a visit lies, or the nearest one of its worker. */
export function shiftOf(worker: Worker, visit: Visit): Shift | undefined {
  const away = (shift: Shift): number => Math.max(0, Date.parse(shift.from) - Date.parse(visit.starts_at), Date.parse(visit.starts_at) - Date.parse(shift.to));
  const [nearest] = worker.shifts.toSorted((a, b) => away(a) - away(b));
  return nearest;
}

function missed(visit: Visit, starts: string, ends: string): Pick<PlannedStop, 'promise_missed_minutes' | 'deadline_missed_minutes'> {
  const over = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(from) - Date.parse(to)) / MINUTE));
  const windows = visit.windows.map((window) => Math.max(over(window.from, starts), over(ends, window.to)));
  return { promise_missed_minutes: windows.length > 0 ? Math.min(...windows) : 0, deadline_missed_minutes: visit.deadline_at ? over(ends, visit.deadline_at) : 0 };
}

export function totalsOf(routes: readonly PlannedRoute[], unassigned: number): PlanTotals {
  const sum = (value: (route: PlannedRoute) => number): number => routes.reduce((total, route) => total + value(route), 0);
  const count = (holds: (stop: PlannedStop) => boolean): number => sum((route) => route.stops.filter(holds).length);
  return {
    visits: count(() => true),
    unassigned,
    travel_minutes: sum((route) => route.travel_minutes),
    distance_km: Math.round(sum((route) => route.distance_km) * 10) / 10,
    overtime_minutes: sum((route) => route.overtime_minutes),
    promises_missed: count((stop) => stop.promise_missed_minutes > 0),
    deadlines_missed: count((stop) => stop.deadline_missed_minutes > 0),
    late: count((stop) => stop.late_minutes > 0),
  };
}
