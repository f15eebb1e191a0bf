import { addDays, dateAt } from '../../src-shared/kernel/days.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { Fit, Plan } from '../../src-shared/schedule/contract.ts';
import type { Goal } from '../../src-shared/schedule/model.ts';
import { REGISTRY } from '../core/entities.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { readFacts, readVisit, type Visit } from './facts.ts';
import type { Point } from '../../src-shared/schedule/travel.ts';
import { createGeocoder } from './places.ts';
import { buildInput } from './problem.ts';
import { learnRoads } from './roads.ts';
import { provenFit } from './proven-fit.ts';
import { forget, proposalOf, propose, toFit } from './proposals.ts';
import { Shape } from './shape.ts';
import { findFits, solve } from './solver/solve.ts';
import { planWords } from './words.ts';

const MAX_DAYS = 14;

export interface OptimizeInput {
  date: string;
  until?: string | undefined;
  travel_buffer_minutes?: number | undefined;
  work_starts?: string | undefined;
  work_ends?: string | undefined;
  engineers?: readonly Ref[] | undefined;
  seconds: number;
  seed: number;
  goals?: readonly Goal[] | undefined;
  task_id?: string | undefined;
}

function checkedRange(from: string, until: string | undefined): { from: string; to: string } {
  const to = until ?? from;
  if (to < from) throw invalid('until', 'end_before_start');
  if (to > addDays(from, MAX_DAYS - 1)) throw invalid('until', 'too_many_days', { max: MAX_DAYS });
  return { from, to };
}

/** Proposes a plan; nothing is written. Of today, only what has not begun is planned. */
export async function optimize(session: Session, house: House, input: OptimizeInput): Promise<Plan> {
  const { read } = session.store;
  const range = checkedRange(input.date, input.until);
  if (input.work_starts && input.work_ends && input.work_starts >= input.work_ends) throw invalid('work_ends', 'shift_ends_first');
  if (input.goals && new Set(input.goals).size !== input.goals.length) throw invalid('goals', 'goals_once');
  const engineers = input.engineers?.map((ref, index) => resolveRef(read, REGISTRY, 'users', ref, { field: `engineers.${index}` }));
  const facts = readFacts(read, { ...range, engineers, workStarts: input.work_starts, workEnds: input.work_ends });
  // Visits of others are not theirs to plan.
  if (engineers) facts.visits = facts.visits.filter((visit) => visit.assigned_to === null || engineers.includes(visit.assigned_to));
  await learnRoads(session, facts, (error) => house.log.warn({ err: error }, 'roads could not be asked for'));
  const now = session.now();
  const built = buildInput(facts, { bufferMinutes: input.travel_buffer_minutes, goals: input.goals, ...(dateAt(now, facts.zone) >= range.from ? { now } : {}) });
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

export interface SlotsInput {
  date: string;
  until?: string | undefined;
  client_id?: Ref | undefined;
  appointment_id?: Ref | undefined;
  address?: string | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
  duration_minutes: number;
  skills?: string[] | undefined;
  limit: number;
}

const WANTED = 'wanted';

function placeOf(session: Session, input: SlotsInput, moved: Visit | null): Point {
  const { read } = session.store;
  if (input.latitude !== undefined && input.longitude !== undefined) return { latitude: input.latitude, longitude: input.longitude };
  if (moved?.place) return moved.place;
  const clientId = input.client_id === undefined ? null : resolveRef(read, REGISTRY, 'clients', input.client_id, { field: 'client_id' });
  const client = clientId ? read.get<{ address: string | null; latitude: number | null; longitude: number | null }>('SELECT address, latitude, longitude FROM clients WHERE id = ?', clientId) : undefined;
  if (!input.address && client && client.latitude !== null && client.longitude !== null) return { latitude: client.latitude, longitude: client.longitude };
  const found = createGeocoder(read)(input.address ?? client?.address);
  if (!found) throw invalid(input.address || !clientId ? 'address' : 'client_id', 'place_unknown');
  return found;
}

/** Engineers and moments that truly fit between what is planned, the cheapest first. @throws AppError INVALID `place_unknown` */
export async function slots(session: Session, input: SlotsInput): Promise<{ items: Fit[] }> {
  const { read } = session.store;
  const moved = input.appointment_id === undefined ? null : readVisit(read, resolveRef(read, REGISTRY, 'appointments', input.appointment_id, { field: 'appointment_id' }));
  const place = placeOf(session, input, moved);
  const range = checkedRange(input.date, input.until);
  const items: Fit[] = [];
  for (let date = range.from; date <= range.to; date = addDays(date, 1)) items.push(...(await slotsOn(session, input, date, place, moved)));
  return { items: items.sort((a, b) => a.cost - b.cost || (a.starts_at < b.starts_at ? -1 : 1)).slice(0, input.limit) };
}

async function slotsOn(session: Session, input: SlotsInput, date: string, place: Point, moved: Visit | null): Promise<Fit[]> {
  const facts = readFacts(session.store.read, { from: date, to: date });
  const now = session.now();
  // What people were told stands: the new visit goes between.
  const told = facts.visits.filter((visit) => visit.assigned_to !== null && visit.id !== moved?.id).map((visit) => ({ ...visit, pinned: 'both' }));
  const starts = new Date(facts.zero + 12 * 3_600_000).toISOString();
  const blank = { no: null, client_id: '', client_name: null, status: 'scheduled', assigned_to: null, assigned_to_name: null, address: null, priority: null, windows: [], deadline_at: null, skills: [], parts: [], required_engineer: null, preferred_engineer: null, excluded_engineers: [], crew_with: null, follows: null, optional: false, started_at: null, change: 0, title: '' };
  const service = input.duration_minutes * 60;
  const wanted: Visit = { ...blank, ...(moved ? { ...moved, assigned_to: null, windows: [], crew_with: null, follows: null } : {}), id: WANTED, place, pinned: 'none', skills: input.skills ?? moved?.skills ?? [], starts_at: starts, ends_at: new Date(Date.parse(starts) + service * 1000).toISOString() };
  facts.visits = [...told, wanted];
  const built = buildInput(facts, dateAt(now, facts.zone) >= date ? { now } : {});
  if (!built.input.jobs.some((job) => job.key === WANTED)) return [];
  const without = { ...built.input, jobs: built.input.jobs.filter((job) => job.key !== WANTED) };
  const standing = await solve(without, { seed: 1, timeMs: 0, workers: 0 });
  const plan = standing.routes.map((route) => ({ shift: route.shift, jobs: route.stops.map((stop) => stop.job) }));
  const shape = new Shape(facts);
  const words = planWords(session.language, facts.zone);
  const ways = findFits(built.input, plan, WANTED).filter((one) => one.relax.length === 0);
  const proven = await Promise.all(ways.map((one) => provenFit(built.input, standing.routes, WANTED, one)));
  return proven.flatMap((one) => (one ? [toFit(shape, words, service, one)] : []));
}
