import { dateAt } from '../../src-shared/kernel/days.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { BoardJudge } from '../../src-shared/schedule/judge.ts';
import { zoneOf } from '../core/calendar.ts';
import { REGISTRY } from '../core/entities.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { readBoard } from './board.ts';
import { readVisit, type Visit } from './facts.ts';
import { checkShift } from './told.ts';
import { planWords } from './words.ts';

export interface MoveInput {
  appointment_id: Ref;
  /** Null: nobody any more. */
  engineer_id: Ref | null;
  starts_at: string;
  /** A person wants it so, whatever it breaks. */
  anyway: boolean;
}

export interface Moved {
  change_id: string | null;
  added_travel_minutes: number;
  added_km: number;
  cost: number;
  breaches: string[];
  warnings: string[];
}

/**
 * Moves one visit as one change. Where it breaks a rule, or the independent check finds anything, nothing is written.
 * @throws AppError CONFLICT `move_refused` with the reasons in words; INVALID `engineer_off`
 */
export function moveVisit(session: Session, house: House, input: MoveInput): Moved {
  const { read } = session.store;
  const visit = readVisit(read, resolveRef(read, REGISTRY, 'appointments', input.appointment_id, { field: 'appointment_id' }));
  if (!visit) throw new AppError('NOT_FOUND', { field: 'appointment_id' });
  const engineer = input.engineer_id === null ? null : resolveRef(read, REGISTRY, 'users', input.engineer_id, { field: 'engineer_id' });
  const judged = engineer === null ? nobody : judge(session, house, visit, engineer, input);
  if (judged.breaches.length > 0 && !input.anyway) throw new AppError('CONFLICT', { field: 'starts_at', detail: 'move_refused', params: { reasons: judged.breaches.join(' ') } });
  const same = visit.assigned_to === engineer && visit.starts_at === input.starts_at;
  const change = same ? null : write(session, visit, engineer, input.starts_at);
  return { change_id: change, ...judged };
}

const nobody: Omit<Moved, 'change_id'> = { added_travel_minutes: 0, added_km: 0, cost: 0, breaches: [], warnings: [] };

function judge(session: Session, house: House, visit: Visit, engineer: string, input: MoveInput): Omit<Moved, 'change_id'> {
  const date = dateAt(input.starts_at, zoneOf(session.store.read));
  const { facts, built, rules } = readBoard(session, date, visit);
  const at = (moment: string): number => Math.round((Date.parse(moment) - facts.zero) / 1000);
  const judges = new BoardJudge(rules);
  const start = at(input.starts_at);
  const shift = judges.shiftAt(engineer, start);
  const judgement = shift && judges.judge(visit.id, shift.key, start);
  if (!shift || !judgement) throw invalid('engineer_id', 'engineer_off');
  const words = planWords(session.language, facts.zone);
  if (judgement.breaches.length === 0) {
    const others = rules.visits.filter((one) => one.shift === shift.key && one.appointment_id !== visit.id).map((one) => ({ job: one.appointment_id, start: one.start }));
    // The told day may be unsound already; only what this move adds counts.
    const known = new Set(checkShift(built.input, shift.key, others).faults);
    const fault = checkShift(built.input, shift.key, [...others, { job: visit.id, start }]).faults.find((one) => !known.has(one));
    if (fault && known.size === 0) {
      house.log.error({ fault }, 'a move did not pass the check');
      throw new AppError('INTERNAL', { detail: 'plan_unsound' });
    }
  }
  return { added_travel_minutes: Math.round(judgement.addedTravel / 60), added_km: Math.round(judgement.addedMetres / 100) / 10, cost: Math.round(judgement.addedCost), breaches: judgement.breaches.map(words.breach), warnings: judgement.warnings.map(words.breach) };
}

function write(session: Session, visit: Visit, engineer: string | null, startsAt: string): string {
  const length = Date.parse(visit.ends_at) - Date.parse(visit.starts_at);
  return session.mutate((tx) => {
    tx.update('appointments', visit.id, {
      ...(visit.starts_at === startsAt ? {} : { starts_at: startsAt, ends_at: new Date(Date.parse(startsAt) + length).toISOString() }),
      ...(visit.assigned_to === engineer ? {} : { assigned_to: engineer }),
    });
    return String(tx.changeId);
  });
}
