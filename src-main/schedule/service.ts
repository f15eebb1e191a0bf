import { addDays, dateAt } from '../../src-shared/kernel/days.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { Plan } from '../../src-shared/schedule/contract.ts';
import type { Goal } from '../../src-shared/schedule/model.ts';
import { REGISTRY } from '../core/entities.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { readFacts, type Visit } from './facts.ts';
import { buildInput } from './problem.ts';
import { learnRoads } from './roads.ts';
import { forget, proposalOf, propose } from './proposals.ts';

const MAX_DAYS = 14;

export interface OptimizeInput {
  date: string;
  until?: string | undefined;
  travel_buffer_minutes?: number | undefined;
  work_starts?: string | undefined;
  work_ends?: string | undefined;
  travel_buffer?: number | undefined;
  workday_start?: string | undefined;
  workday_end?: string | undefined;
  working_hours?: { start: string; end: string } | undefined;
  engineers?: readonly Ref[] | undefined;
  seconds: number;
  seed: number;
  goals?: readonly Goal[] | undefined;
  task_id?: string | undefined;
}

/** The dates of a range. @throws AppError INVALID */
export function checkedRange(from: string, until: string | undefined): { from: string; to: string } {
  const to = until ?? from;
  if (to < from) throw invalid('until', 'end_before_start');
  if (to > addDays(from, MAX_DAYS - 1)) throw invalid('until', 'too_many_days', { max: MAX_DAYS });
  return { from, to };
}

/** Proposes a plan; nothing is written. Of today, only what has not begun is planned. */
export async function optimize(session: Session, house: House, input: OptimizeInput): Promise<Plan> {
  const { read } = session.store;
  const range = checkedRange(input.date, input.until);
  const workStarts = input.work_starts ?? input.workday_start ?? input.working_hours?.start;
  const workEnds = input.work_ends ?? input.workday_end ?? input.working_hours?.end;
  if (workStarts && workEnds && workStarts >= workEnds) throw invalid('work_ends', 'shift_ends_first');
  if (input.goals && new Set(input.goals).size !== input.goals.length) throw invalid('goals', 'goals_once');
  const engineers = input.engineers?.map((ref, index) => resolveRef(read, REGISTRY, 'users', ref, { field: `engineers.${index}` }));
  const facts = readFacts(read, { ...range, engineers, workStarts, workEnds });
  // Visits of others are not theirs to plan.
  if (engineers) facts.visits = facts.visits.filter((visit) => visit.assigned_to === null || engineers.includes(visit.assigned_to));
  await learnRoads(session, facts, (error) => house.log.warn({ err: error }, 'roads could not be asked for'));
  const now = session.now();
  const built = buildInput(facts, { bufferMinutes: input.travel_buffer_minutes ?? input.travel_buffer, goals: input.goals, ...(dateAt(now, facts.zone) >= range.from ? { now } : {}) });
  return propose(session, house, facts, built, { seconds: input.seconds, seed: input.seed, taskId: input.task_id });
}

/** Writes a proposed plan as one change. @throws AppError NOT_FOUND `plan_gone`; CONFLICT `schedule_changed` with the appointment that changed */
export function applyPlan(session: Session, house: House, id: string): { change_id: string | null; changed: number } {
  const { plan, versions } = proposalOf(house, session.actor.organization_id, id);
  const stops = plan.routes.flatMap((route) => route.stops.filter((stop) => stop.changed !== 'same').map((stop) => ({ ...stop, engineer: route.engineer_id })));
  const present = readFacts(session.store.read, { from: plan.from, to: plan.to }).visits;
  const changedSince = present.find((visit) => versions.get(visit.id) !== visit.change) ?? present.find((visit) => !versions.has(visit.id));
  const gone = [...versions.keys()].some((known) => !present.some((visit) => visit.id === known) && stops.some((stop) => stop.appointment_id === known));
  if (changedSince || gone) throw new AppError('CONFLICT', { field: 'plan_id', detail: 'schedule_changed', params: { title: changedSince ? ` (${changedSince.title})` : '' } });
  if (stops.length === 0) return { change_id: null, changed: 0 };
  const before = new Map(present.map((visit) => [visit.id, visit]));
  const change = session.mutate((tx) => {
    for (const stop of stops) {
      const visit = before.get(stop.appointment_id) as Visit;
      tx.update('appointments', stop.appointment_id, {
        ...(visit.starts_at === stop.starts_at ? {} : { starts_at: stop.starts_at, ends_at: stop.ends_at }),
        ...(visit.assigned_to === stop.engineer ? {} : { assigned_to: stop.engineer }),
      });
    }
    return String(tx.changeId);
  });
  forget(house, id);
  return { change_id: change, changed: stops.length };
}
