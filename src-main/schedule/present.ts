import type { PlannedRoute, PlannedStop, ScheduleDay } from '../../src-shared/schedule/contract.ts';
import type { Session } from '../core/session.ts';
import { readFacts, type Facts } from './facts.ts';
import { buildInput, type Built } from './problem.ts';
import { Shape, totalsOf } from './shape.ts';

/** The plan that people have been told, and what nobody goes to yet. */
export function presentPlan(facts: Facts, built: Built): { routes: PlannedRoute[]; unassigned: PlannedStop[] } {
  const shape = new Shape(facts);
  const routes = facts.workers.flatMap((worker) => worker.shifts.map((shift) => shape.present(shift, worker, built)));
  const placed = new Set(routes.flatMap((route) => route.stops.map((stop) => stop.appointment_id)));
  const unassigned = facts.visits
    .filter((visit) => !placed.has(visit.id))
    .map((visit) => {
      const [starts, ends] = [shape.at(visit.starts_at), shape.at(visit.ends_at)];
      return shape.stop(visit, { departs: starts, arrives: starts, starts, ends, travel: 0, metres: 0, late: 0 }, visit.assigned_to);
    });
  return { routes, unassigned };
}

/** A day as it is planned now. An engineer sees his own; everybody else, all. */
export function scheduleDay(session: Session, date: string): ScheduleDay {
  const { actor, store } = session;
  const own = actor.role === 'engineer' ? [actor.user_id] : undefined;
  const facts = readFacts(store.read, { from: date, to: date, engineers: own, freeDaysToo: true });
  if (own) facts.visits = facts.visits.filter((visit) => visit.assigned_to === actor.user_id);
  const { routes, unassigned } = presentPlan(facts, buildInput(facts));
  return { date, time_zone: facts.zone, routes, unassigned, totals: totalsOf(routes, unassigned.length) };
}
