import { dateAt } from '../../src-shared/kernel/days.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Reasons } from '../../src-shared/schedule/contract.ts';
import { BoardJudge } from '../../src-shared/schedule/judge.ts';
import { zoneOf } from '../core/calendar.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { readBoard } from './board.ts';
import { readVisit, type Visit } from './facts.ts';
import { placesOn } from './slots.ts';
import type { JobInput } from './solver/problem.ts';
import { checkShift } from './told.ts';
import { planWords } from './words.ts';

type Priced = Reasons['ways'][number];

/**
 * Why a visit stands with its engineer at its time: what that costs beside a day without it, and what the next best places would. Every price is the
 * difference of two reckonings of the independent check; that people have been told already plays no part in it.
 */
export async function why(session: Session, reference: Ref): Promise<Reasons> {
  const { read } = session.store;
  const visit = readVisit(read, resolveRef(read, REGISTRY, 'appointments', reference, { field: 'appointment_id' }));
  if (!visit) throw new AppError('NOT_FOUND', { field: 'appointment_id' });
  if (!visit.place) throw invalid('appointment_id', 'place_unknown');
  const date = dateAt(visit.starts_at, zoneOf(read));
  const service = Math.round((Date.parse(visit.ends_at) - Date.parse(visit.starts_at)) / 1000);
  const found = await placesOn(session, date, { place: visit.place, moved: visit, service });
  const { rules, facts, built } = readBoard(session, date);
  const words = planWords(session.language, facts.zone);
  const input = { ...built.input, jobs: built.input.jobs.map((job) => (job.key === visit.id ? untold(job, visit) : job)) };
  const told = (shift: string) => rules.visits.filter((one) => one.shift === shift && one.appointment_id !== visit.id).map((one) => ({ job: one.appointment_id, start: one.start }));
  const place = (shift: string, start: number): Priced | null => {
    const row = rules.shifts.find((one) => one.key === shift);
    if (!row) return null;
    const cost = checkShift(input, shift, [...told(shift), { job: visit.id, start }]).cost - checkShift(input, shift, told(shift)).cost;
    const judged = new BoardJudge({ ...rules, visits: rules.visits.map((one) => (one.appointment_id === visit.id ? { ...one, shift: null, present: null } : one)) }).judge(visit.id, shift, start);
    const starts = new Date(facts.zero + start * 1000).toISOString();
    const travel = Math.round((judged?.addedTravel ?? 0) / 60);
    return { engineer_id: row.engineer_id, engineer_name: row.engineer_name, starts_at: starts, ends_at: new Date(facts.zero + (start + service) * 1000).toISOString(), added_travel_minutes: travel, added_km: Math.round((judged?.addedMetres ?? 0) / 100) / 10, cost: Math.round(cost), sentence: words.place(row.engineer_name, starts, travel), more: null };
  };
  const here = hereOf(visit, rules, place, words.breach);
  const ways = (found?.ways ?? [])
    .flatMap((way) => place(way.shift, way.start) ?? [])
    .filter((way) => way.engineer_id !== here?.engineer_id || way.starts_at !== here.starts_at)
    .map((way) => ({ ...way, more: here ? way.cost - here.cost : null }))
    .sort((a, b) => a.cost - b.cost);
  return { here, ways };
}

/** A job that nobody has been told of yet. */
function untold(job: JobInput, visit: Visit): JobInput {
  const { present: _present, pinnedStart: _pinned, promises, promiseCost, ...rest } = job;
  return visit.windows.some((window) => !window.hard) && promises ? { ...rest, promises, ...(promiseCost === undefined ? {} : { promiseCost }) } : rest;
}

function hereOf(visit: Visit, rules: ReturnType<typeof readBoard>['rules'], place: (shift: string, start: number) => Priced | null, say: ReturnType<typeof planWords>['breach']): Reasons['here'] {
  const own = rules.visits.find((one) => one.appointment_id === visit.id);
  const priced = own?.shift ? place(own.shift, own.start) : null;
  if (!own?.shift || !priced) return null;
  const { more: _, ...rest } = priced;
  // What is being done, or was, breaks nothing by lying in the past.
  const broken = new BoardJudge(rules).judge(visit.id, own.shift, own.start)?.breaches ?? [];
  return { ...rest, breaches: broken.filter(({ kind }) => kind !== 'done' && kind !== 'past').map(say) };
}
