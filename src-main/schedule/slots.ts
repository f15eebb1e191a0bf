import { addDays, dateAt } from '../../src-shared/kernel/days.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import type { Fit } from '../../src-shared/schedule/contract.ts';
import type { Point } from '../../src-shared/schedule/travel.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { resolveRef } from '../store/resolve.ts';
import { readFacts, readVisit, type Facts, type Visit } from './facts.ts';
import { createGeocoder } from './places.ts';
import { buildInput } from './problem.ts';
import { toFit } from './proposals.ts';
import { provenFit } from './proven-fit.ts';
import { checkedRange } from './service.ts';
import { Shape } from './shape.ts';
import type { Fit as SolverFit } from './solver/problem.ts';
import { findFits, solve } from './solver/solve.ts';
import { planWords } from './words.ts';

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

/** Windows of a visit that concern the days; where none does, it is taken out of its old day altogether. */
const windowsOn = (visit: Visit, facts: Facts): Visit['windows'] => visit.windows.filter((window) => window.to > new Date(facts.zero).toISOString() && dateAt(window.from, facts.zone) <= (facts.dates.at(-1) ?? ''));

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
  const found = await placesOn(session, date, { place, moved, service: input.duration_minutes * 60, skills: input.skills });
  if (!found) return [];
  const shape = new Shape(found.facts);
  const words = planWords(session.language, found.facts.zone);
  return found.ways.map((one) => toFit(shape, words, input.duration_minutes * 60, one));
}

export interface Wanted {
  place: Point;
  /** The visit itself, where it exists already. */
  moved: Visit | null;
  /** Seconds. */
  service: number;
  skills?: string[] | undefined;
}

/** Places on a date for one visit, between what people were told, each proven by the check; null where it cannot be planned at all. */
export async function placesOn(session: Session, date: string, { place, moved, service, skills }: Wanted): Promise<{ facts: Facts; ways: SolverFit[] } | null> {
  const facts = readFacts(session.store.read, { from: date, to: date });
  const now = session.now();
  // What people were told stands: the new visit goes between.
  const told = facts.visits.filter((visit) => visit.assigned_to !== null && visit.id !== moved?.id).map((visit) => ({ ...visit, pinned: 'both' }));
  const starts = new Date(facts.zero + 12 * 3_600_000).toISOString();
  const blank = { no: null, client_id: '', client_name: null, status: 'scheduled', assigned_to: null, assigned_to_name: null, address: null, priority: null, windows: [], deadline_at: null, skills: [], parts: [], required_engineer: null, preferred_engineer: null, excluded_engineers: [], crew_with: null, follows: null, optional: false, started_at: null, comment: null, phones: [], change: 0, title: '' };
  const wanted: Visit = { ...blank, ...(moved ? { ...moved, assigned_to: null, windows: windowsOn(moved, facts), crew_with: null, follows: null, started_at: null } : {}), id: WANTED, place, pinned: 'none', skills: skills ?? moved?.skills ?? [], starts_at: starts, ends_at: new Date(Date.parse(starts) + service * 1000).toISOString() };
  facts.visits = [...told, wanted];
  const built = buildInput(facts, dateAt(now, facts.zone) >= date ? { now } : {});
  if (!built.input.jobs.some((job) => job.key === WANTED)) return null;
  const without = { ...built.input, jobs: built.input.jobs.filter((job) => job.key !== WANTED) };
  const standing = await solve(without, { seed: 1, timeMs: 0, workers: 0 });
  const plan = standing.routes.map((route) => ({ shift: route.shift, jobs: route.stops.map((stop) => stop.job) }));
  const ways = findFits(built.input, plan, WANTED).filter((one) => one.relax.length === 0);
  const proven = await Promise.all(ways.map((one) => provenFit(built.input, standing.routes, WANTED, one)));
  return { facts, ways: proven.filter((one) => one !== null) };
}
