import type { BoardRules, BoardShift, BoardVisit, Breach, Warning } from './board.ts';
import { arrivalBy, travelTables, type TravelTables } from './travel.ts';

/** What moving a visit to an engineer and a moment means. Seconds and metres; the cost is in seconds of travel, as in the plan's own. */
export interface Judgement {
  /** Empty where it may be moved there. */
  breaches: Breach[];
  warnings: Warning[];
  addedTravel: number;
  addedMetres: number;
  addedCost: number;
}

interface Placed {
  visit: BoardVisit;
  start: number;
}

interface Day {
  travel: number;
  metres: number;
  cost: number;
  finish: number;
  work: number;
  hasLunch: boolean;
}

const MINUTE = 60;
const inMinutes = (seconds: number): number => Math.ceil(seconds / MINUTE);

/**
 * Judges moves of single visits on a day's board: no other visit is moved, since people were told their times. Reckons in microseconds, so that a
 * page can do it while the hand moves; what is dropped is held by the core against the independent check besides.
 */
export class BoardJudge {
  readonly rules: BoardRules;
  readonly #tables: TravelTables;
  readonly #visits: ReadonlyMap<string, BoardVisit>;
  readonly #shifts: ReadonlyMap<string, BoardShift>;
  readonly #days = new Map<string, Placed[]>();

  /** `tables` only where they are not to follow from the places. */
  constructor(rules: BoardRules, tables?: TravelTables) {
    this.rules = rules;
    this.#tables = tables ?? tablesOf(rules);
    this.#visits = new Map(rules.visits.map((visit) => [visit.appointment_id, visit]));
    this.#shifts = new Map(rules.shifts.map((shift) => [shift.key, shift]));
    for (const shift of rules.shifts) this.#days.set(shift.key, []);
    for (const visit of rules.visits) if (visit.shift !== null) this.#days.get(visit.shift)?.push({ visit, start: visit.start });
    for (const day of this.#days.values()) day.sort((a, b) => a.start - b.start);
  }

  visit(id: string): BoardVisit | undefined {
    return this.#visits.get(id);
  }

  /** The shift of an engineer in which a moment lies, or the nearest one. */
  shiftAt(engineer: string, moment: number): BoardShift | undefined {
    const away = (shift: BoardShift): number => Math.max(0, shift.from - moment, moment - shift.to);
    return this.rules.shifts.filter((shift) => shift.engineer_id === engineer).reduce((best: BoardShift | undefined, shift) => (best && away(best) <= away(shift) ? best : shift), undefined);
  }

  /** Judges a visit at a start (seconds since zero) in a shift. Null where either is unknown. */
  judge(id: string, key: string, start: number): Judgement | null {
    const [visit, shift] = [this.#visits.get(id), this.#shifts.get(key)];
    if (!visit || !shift) return null;
    const others = (this.#days.get(key) ?? []).filter((one) => one.visit !== visit);
    const placed: Placed = { visit, start };
    const at = others.findIndex((one) => one.start > start);
    const route = at < 0 ? [...others, placed] : [...others.slice(0, at), placed, ...others.slice(at)];
    const before = this.#reckon(shift, others);
    const after = this.#reckon(shift, route);
    const breaches = this.#breaches(visit, shift, start, others, route, before, after);
    const home = visit.shift === null ? undefined : this.#shifts.get(visit.shift);
    const same = home === shift;
    const left = home ? this.#reckon(home, (this.#days.get(home.key) ?? []).filter((one) => one.visit !== visit)) : null;
    const told = home ? this.#reckon(home, this.#days.get(home.key) ?? []) : null;
    const change = (of: (day: Day) => number): number => of(after) - of(before) + (left && told ? of(left) - of(told) : 0);
    const moved = this.#visitCost(visit, shift.engineer_id, start) - (home ? this.#visitCost(visit, home.engineer_id, visit.start) : 0);
    return {
      breaches,
      warnings: this.#warnings(visit, shift, start, after, same && told ? told : before),
      addedTravel: change((day) => day.travel),
      addedMetres: change((day) => day.metres),
      addedCost: change((day) => day.cost) + moved + this.#fairness(shift, after.work - before.work, home, left && told ? left.work - told.work : 0),
    };
  }

  #way(shift: BoardShift, from: number, to: number): { lasting: number; metres: number } {
    const cell = from * this.rules.places.length + to;
    return from === to ? { lasting: 0, metres: 0 } : { lasting: Math.ceil(((this.#tables.travelTime[cell] as number) * shift.pace) / 1000), metres: this.#tables.distance[cell] as number };
  }

  /** Departure and arrival, whoever leaves as soon as he may; blocked times are waited out. */
  #go(shift: BoardShift, free: number, lasting: number): { departure: number; arrival: number } {
    let departure = free;
    let arrival = arrivalBy(this.rules.steps, departure, lasting);
    if (lasting > 0)
      for (const blocked of shift.blocked) {
        if (departure >= blocked.to || arrival <= blocked.from) continue;
        departure = blocked.to;
        arrival = arrivalBy(this.rules.steps, departure, lasting);
      }
    return { departure, arrival };
  }

  /** A day as it is told: starts stand, travel lies between them. */
  #reckon(shift: BoardShift, route: readonly Placed[]): Day {
    const { buffer, weights } = this.rules;
    const { lunch } = shift;
    let place = shift.start_place;
    let free = shift.from;
    let [travel, metres, service] = [0, 0, 0];
    let hasLunch = lunch === null;
    for (const { visit, start } of route) {
      const way = this.#way(shift, place, visit.place);
      const { departure, arrival } = this.#go(shift, free, way.lasting);
      if (lunch && !hasLunch) hasLunch = this.#lunchFits(shift, free, place === visit.place ? start : start - buffer, way.lasting, start);
      travel += arrival - departure;
      metres += way.metres;
      service += visit.service;
      place = visit.place;
      free = Math.max(start + visit.service, shift.from);
    }
    const home = this.#way(shift, place, route.length === 0 ? place : (shift.end_place ?? place));
    let { departure, arrival } = this.#go(shift, free, home.lasting);
    if (lunch && !hasLunch) {
      hasLunch = route.length === 0 || arrival <= lunch.to;
      const begin = this.#clear(shift, Math.max(free, lunch.from), lunch.length);
      // Nowhere between the visits: before the way home.
      if (!hasLunch && begin <= lunch.to) {
        hasLunch = true;
        ({ departure, arrival } = this.#go(shift, begin + lunch.length, home.lasting));
      }
    }
    travel += arrival - departure;
    metres += home.metres;
    const over = Math.max(0, arrival - shift.to);
    const cost = shift.cost * (weights.travel_time * travel + weights.distance * metres) + weights.overtime * shift.overtime_cost * over;
    return { travel, metres, cost, finish: arrival, work: travel + service, hasLunch };
  }

  /** Whether the break fits between two visits: before the way, or after it. `by`: arrival must be then; `until`: the next visit begins. */
  #lunchFits(shift: BoardShift, free: number, by: number, lasting: number, until: number): boolean {
    const lunch = shift.lunch;
    if (!lunch) return true;
    const begin = this.#clear(shift, Math.max(free, lunch.from), lunch.length);
    if (begin > lunch.to) return false;
    if (begin + lunch.length <= until && this.#go(shift, begin + lunch.length, lasting).arrival <= by) return true;
    const { arrival } = this.#go(shift, free, lasting);
    const there = this.#clear(shift, Math.max(arrival, lunch.from), lunch.length);
    return arrival <= by && there <= lunch.to && there + lunch.length <= until;
  }

  #clear(shift: BoardShift, from: number, length: number): number {
    return shift.blocked.reduce((begin, one) => (begin < one.to && begin + length > one.from ? one.to : begin), from);
  }

  #breaches(visit: BoardVisit, shift: BoardShift, start: number, others: readonly Placed[], route: readonly Placed[], before: Day, after: Day): Breach[] {
    const { skills, parts, now } = this.rules;
    const end = start + visit.service;
    const engineer = shift.engineer_id;
    const found: Breach[] = [];
    const add = (kind: Breach['kind'], params: Breach['params'] = {}): void => void found.push({ kind, params });
    const timed = visit.pinned === 'start' || visit.pinned === 'both';
    const held = (visit.pinned === 'engineer' || visit.pinned === 'both') && visit.present !== null;
    if (visit.done) add('done');
    if ((timed && start !== visit.start) || (held && visit.present?.engineer_id !== engineer)) add('pinned');
    for (const skill of visit.skills) if (!shift.skills.includes(skill)) add('skill', { skill: skills[skill] ?? '' });
    if (visit.excluded.includes(engineer)) add('excluded');
    if (!held && visit.required.length > 0 && !visit.required.includes(engineer)) add('required');
    for (const [index, amount] of visit.demand.entries()) {
      const room = shift.capacity?.[index] ?? Infinity;
      if (amount > 0 && amount + this.#load(engineer, visit, index) > room) add('parts', { part: parts[index] ?? '' });
    }
    const overlapped = others.filter((one) => start < one.start + one.visit.service && end > one.start);
    for (const one of overlapped) add('overlaps', { title: one.visit.title });
    this.#breachesOfWay(visit, shift, start, others, overlapped, add);
    if (visit.windows.length > 0 && !visit.windows.some((window) => start >= window.from && start <= window.to)) add('window');
    if (shift.blocked.some((one) => start < one.to && end > one.from)) add('away');
    if (start < shift.from) add('before_shift');
    const limit = shift.to + shift.overtime;
    if (after.finish > limit && after.finish > before.finish) add('too_long', { minutes: inMinutes(after.finish - limit) });
    if (before.hasLunch && !after.hasLunch && !route.every((one) => one.visit.done)) add('lunch');
    this.#breachesOfLinks(visit, engineer, start, add);
    if (start < now && !visit.done) add('past');
    return found;
  }

  #breachesOfWay(visit: BoardVisit, shift: BoardShift, start: number, others: readonly Placed[], overlapped: readonly Placed[], add: (kind: Breach['kind'], params?: Breach['params']) => void): void {
    const previous = others.findLast((one) => one.start <= start);
    const next = others.find((one) => one.start > start);
    const lateFor = (from: Placed | undefined, to: Placed): number => {
      const place = from?.visit.place ?? shift.start_place;
      const free = from ? Math.max(from.start + from.visit.service, shift.from) : shift.from;
      const ready = this.#go(shift, free, this.#way(shift, place, to.visit.place).lasting).arrival + (place === to.visit.place ? 0 : this.rules.buffer);
      return Math.max(0, ready - to.start);
    };
    const placed = { visit, start };
    const late = lateFor(previous, placed);
    if (late > 0 && !(previous && overlapped.includes(previous)) && start >= shift.from) add('late', { minutes: inMinutes(late) });
    if (!next || overlapped.includes(next)) return;
    const nextLate = lateFor(placed, next);
    // Whoever was late already is not made so by this.
    if (nextLate > lateFor(previous, next)) add('next_late', { minutes: inMinutes(nextLate), title: next.visit.title });
  }

  #breachesOfLinks(visit: BoardVisit, engineer: string, start: number, add: (kind: Breach['kind'], params?: Breach['params']) => void): void {
    for (const link of this.rules.links) {
      const isFirst = link.first === visit.appointment_id;
      if (!isFirst && link.second !== visit.appointment_id) continue;
      const other = this.#visits.get(isFirst ? link.second : link.first);
      if (!other || other.present === null) continue;
      if (link.kind === 'together') {
        if (other.start !== start || other.present.engineer_id === engineer) add('crew', { title: other.title });
      } else if (isFirst ? start + visit.service > other.start : other.start + other.service > start) add('order', { title: other.title });
    }
  }

  /** What an engineer's other visits take of a part. */
  #load(engineer: string, visit: BoardVisit, index: number): number {
    let sum = 0;
    for (const shift of this.rules.shifts) if (shift.engineer_id === engineer) for (const one of this.#days.get(shift.key) ?? []) if (one.visit !== visit) sum += one.visit.demand[index] ?? 0;
    return sum;
  }

  #warnings(visit: BoardVisit, shift: BoardShift, start: number, after: Day, before: Day): Warning[] {
    const found: Warning[] = [];
    const missed = visit.told ? 0 : missedBy(visit, start);
    if (missed > 0) found.push({ kind: 'promise', params: { minutes: inMinutes(missed) } });
    const late = visit.deadline === null ? 0 : start + visit.service - visit.deadline;
    if (late > 0) found.push({ kind: 'deadline', params: { minutes: inMinutes(late) } });
    if (after.finish > shift.to && after.finish > before.finish) found.push({ kind: 'overtime', params: { minutes: inMinutes(after.finish - shift.to) } });
    if (visit.preferred.length > 0 && !visit.preferred.includes(shift.engineer_id)) found.push({ kind: 'preferred', params: {} });
    if (!visit.place_known) found.push({ kind: 'place_unknown', params: {} });
    return found;
  }

  /** What an engineer and a start cost beside the way. */
  #visitCost(visit: BoardVisit, engineer: string, start: number): number {
    const { weights } = this.rules;
    const promise = visit.promise_cost * missedBy(visit, start);
    const late = visit.deadline === null ? 0 : visit.deadline_cost * Math.max(0, start + visit.service - visit.deadline);
    const urgent = visit.start_cost * Math.max(0, start - visit.earliest);
    const unwanted = visit.preferred.length > 0 && !visit.preferred.includes(engineer) ? visit.preferred_cost : 0;
    const { present } = visit;
    const moved = present ? (present.engineer_id === engineer ? 0 : present.engineer_cost) + present.start_cost * Math.abs(start - present.start) : 0;
    return weights.promise * (promise + late + urgent + unwanted) + weights.change * moved;
  }

  #fairness(shift: BoardShift, more: number, home: BoardShift | undefined, less: number): number {
    const { weights, fairness_unit: unit } = this.rules;
    const workOf = (engineer: string): number => this.rules.shifts.reduce((sum, one) => (one.engineer_id === engineer ? sum + this.#reckon(one, this.#days.get(one.key) ?? []).work : sum), 0);
    const square = (work: number): number => (work / unit) ** 2;
    const there = workOf(shift.engineer_id);
    if (!home) return weights.fairness * (square(there + more) - square(there));
    if (home.engineer_id === shift.engineer_id) return weights.fairness * (square(there + more + less) - square(there));
    const here = workOf(home.engineer_id);
    return weights.fairness * (square(there + more) - square(there) + square(here + less) - square(here));
  }
}

function missedBy(visit: BoardVisit, start: number): number {
  if (visit.promises.length === 0) return 0;
  return Math.min(...visit.promises.map(({ from, to }) => Math.max(0, from - start, start - to)));
}

function tablesOf(rules: BoardRules): TravelTables {
  const tables = travelTables(rules.places, rules, () => undefined);
  for (const [from, to, seconds, metres] of rules.roads) {
    tables.travelTime[from * rules.places.length + to] = seconds;
    tables.distance[from * rules.places.length + to] = metres;
  }
  return tables;
}
