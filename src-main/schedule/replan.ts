import { dateAt } from '../../src-shared/kernel/days.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { z } from 'zod';
import type { dayEvent, Plan } from '../../src-shared/schedule/contract.ts';
import { zoneOf } from '../core/calendar.ts';
import { REGISTRY } from '../core/entities.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { readFacts, type Facts } from './facts.ts';
import { buildInput } from './problem.ts';
import { propose } from './proposals.ts';
import { learnRoads } from './roads.ts';

/** In the middle of a day people have been told: differing from that costs as much more. */
const CHANGE_FACTOR = 4;

export interface ReplanInput {
  event: z.infer<typeof dayEvent>;
  at?: string | undefined;
  seconds: number;
  task_id?: string | undefined;
}

/** Proposes the fewest changes after something has happened at a moment (now). @throws AppError INVALID where the event concerns another day */
export async function replan(session: Session, house: House, input: ReplanInput): Promise<Plan> {
  const { read } = session.store;
  const at = input.at ?? session.now();
  const date = dateAt(at, zoneOf(read));
  const facts = readFacts(read, { from: date, to: date });
  happen(session, facts, input.event, at);
  await learnRoads(session, facts, (error) => house.log.warn({ err: error }, 'roads could not be asked for'));
  const built = buildInput(facts, { now: at, changeFactor: CHANGE_FACTOR });
  return propose(session, house, facts, built, { seconds: input.seconds, seed: 1, taskId: input.task_id });
}

/** Writes into the facts what the event means for them. */
function happen(session: Session, facts: Facts, event: ReplanInput['event'], at: string): void {
  const { read } = session.store;
  if (event.kind === 'late' || event.kind === 'ill') {
    const id = resolveRef(read, REGISTRY, 'users', event.engineer_id, { field: 'event.engineer_id' });
    const worker = facts.workers.find((one) => one.id === id);
    if (!worker || worker.shifts.length === 0) throw invalid('event.engineer_id', 'engineer_off');
    const until = event.kind === 'ill' ? null : new Date(Date.parse(at) + event.minutes * 60_000).toISOString();
    worker.shifts = worker.shifts.flatMap((shift) => {
      const to = until ?? shift.to;
      return event.kind === 'ill' && shift.from >= at ? [] : [{ ...shift, blocked: [...shift.blocked, ...(at < shift.to && to > shift.from ? [{ from: at > shift.from ? at : shift.from, to: to < shift.to ? to : shift.to }] : [])], ...(event.kind === 'ill' ? { to: at < shift.to ? at : shift.to, lunch: null } : {}) }];
    });
    // The visit that he is at, or is late for, is still his; what begins while he is held up is not pinned by the clock.
    if (event.kind === 'ill') for (const visit of facts.visits) if (visit.assigned_to === id && visit.starts_at >= at) Object.assign(visit, { pinned: 'none' });
    return;
  }
  const id = resolveRef(read, REGISTRY, 'appointments', event.appointment_id, { field: 'event.appointment_id' });
  const visit = facts.visits.find((one) => one.id === id);
  if (!visit) throw new AppError('INVALID', { field: 'event.appointment_id', detail: 'visit_other_day' });
  if (event.kind === 'no_show') facts.visits = facts.visits.filter((one) => one.id !== id);
  else Object.assign(visit, { priority: 'urgent', pinned: 'none', assigned_to: visit.assigned_to && visit.starts_at < at ? null : visit.assigned_to });
}
