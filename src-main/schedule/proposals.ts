import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Fit, Plan } from '../../src-shared/schedule/contract.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { checkPlan } from './check/check-plan.ts';
import type { Facts, Visit } from './facts.ts';
import { provenFit } from './proven-fit.ts';
import { presentPlan } from './present.ts';
import type { Built } from './problem.ts';
import { Shape, totalsOf } from './shape.ts';
import { solve } from './solver/solve.ts';
import type { Fit as SolverFit, Solution } from './solver/problem.ts';
import { planWords } from './words.ts';

/** Proposed plans are remembered for as long as somebody may still be looking at them. */
const KEPT_MS = 2 * 3_600_000;
const KEPT = 50;

interface Proposal {
  plan: Plan;
  organization: string;
  at: number;
  /** Version of every appointment of the days when the plan was made. */
  versions: ReadonlyMap<string, number>;
}
const proposals = new WeakMap<House, Map<string, Proposal>>();

export function keep(house: House, organization: string, plan: Plan, visits: readonly Visit[]): void {
  const known = proposals.get(house) ?? new Map<string, Proposal>();
  proposals.set(house, known);
  const now = house.clock.now();
  for (const [id, one] of known) if (now - one.at > KEPT_MS || known.size >= KEPT) known.delete(id);
  known.set(plan.plan_id, { plan, organization, at: now, versions: new Map(visits.map((visit) => [visit.id, visit.change])) });
}

export function proposalOf(house: House, organization: string, id: string): Proposal {
  const known = proposals.get(house)?.get(id);
  if (!known || known.organization !== organization) throw new AppError('NOT_FOUND', { field: 'plan_id', detail: 'plan_gone' });
  return known;
}

export function forget(house: House, id: string): void {
  proposals.get(house)?.delete(id);
}

export function toFit(shape: Shape, words: ReturnType<typeof planWords>, service: number, one: SolverFit): Fit {
  const worker = shape.worker(one.vehicle);
  const way = {
    engineer_id: one.vehicle,
    engineer_name: worker?.name ?? '',
    starts_at: shape.moment(one.start),
    ends_at: shape.moment(one.start + service),
    overtime_minutes: Math.ceil(one.extraOvertime / 60),
    lateness_minutes: Math.ceil(one.lateness / 60),
    added_travel_minutes: Math.round(one.addedTravelTime / 60),
    added_km: Math.round(one.addedDistance / 100) / 10,
    cost: Math.round(one.addedCost),
  };
  return { ...way, sentence: words.fit(way) };
}

export interface Thinking {
  seconds: number;
  seed: number;
  taskId?: string | undefined;
}

/** Lets the solver think about built days, with progress and a way to stop it, and holds the answer against the independent check. */
export async function propose(session: Session, house: House, facts: Facts, built: Built, thinking: Thinking): Promise<Plan> {
  const began = Date.now();
  const solution = await think(session, house, facts, built, thinking);
  const { faults } = checkPlan(built.input, solution);
  if (faults.length > 0) {
    house.log.error({ faults: faults.slice(0, 20) }, 'a plan did not pass the check');
    throw new AppError('INTERNAL', { detail: 'plan_unsound' });
  }
  const plan = await planOf(session, facts, built, solution, (Date.now() - began) / 1000);
  keep(house, session.actor.organization_id, plan, facts.visits);
  return plan;
}

async function think(session: Session, house: House, facts: Facts, built: Built, { seconds, seed, taskId }: Thinking): Promise<Solution> {
  const { input } = built;
  const order = (id: string): string => facts.visits.find((visit) => visit.id === id)?.starts_at ?? '';
  const warmStart = facts.workers.flatMap((worker) =>
    worker.shifts.map((shift) => ({
      shift: shift.key,
      jobs: input.jobs
        .filter((job) => job.present?.vehicle === worker.id)
        .map((job) => job.key)
        .filter((key) => order(key) < shift.to && order(key) >= shift.from)
        .sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    })),
  );
  let solution: Solution | null = null;
  let failure: unknown = null;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timeMs = Math.round(seconds * 1000);
  house.longTasks.start(session.actor.user_id, 'schedule', facts.dates.join(' – '), async (control) => {
    const tick = setInterval(() => control.report(Math.min(0.99, (Date.now() - began) / timeMs)), 200);
    const began = Date.now();
    try {
      solution = await solve(input, { seed, timeMs, warmStart }, ({ cost }) => control.report(Math.min(0.99, (Date.now() - began) / timeMs), Math.round(cost)), control.signal);
      if (control.signal.aborted) throw new AppError('CANCELLED', {});
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      clearInterval(tick);
      resolve();
    }
  }, taskId);
  await promise;
  if (failure || !solution) throw failure ?? new AppError('CANCELLED', {});
  return solution;
}

async function planOf(session: Session, facts: Facts, built: Built, solution: Solution, seconds: number): Promise<Plan> {
  const shape = new Shape(facts);
  const words = planWords(session.language, facts.zone);
  const visits = new Map(facts.visits.map((visit) => [visit.id, visit]));
  const named = (visit: Visit) => ({ appointment_id: visit.id, appointment_no: visit.no, title: visit.title, client_name: visit.client_name });
  const planned = new Map(solution.routes.map((route) => [route.shift, route]));
  // A day without visits is shown as free rather than not at all.
  const routes = facts.workers.flatMap((worker) => worker.shifts.map((shift) => { const route = planned.get(shift.key); return (route && shape.planned(route)) ?? shape.free(shift, worker); }));
  const present = presentPlan(facts, built);
  const unassigned: Plan['unassigned'] = [];
  for (const { job, reason, fits } of solution.unassigned) {
    const visit = visits.get(job);
    if (!visit) continue;
    const service = shape.at(visit.ends_at) - shape.at(visit.starts_at);
    const proven = await Promise.all(fits.map((one) => provenFit(built.input, solution.routes, job, one)));
    unassigned.push({ ...named(visit), reason, sentence: words.unassigned(reason), fits: proven.flatMap((one) => (one ? [toFit(shape, words, service, one)] : [])) });
  }
  const problems = built.troubles.map((trouble) => ({ ...named(trouble.visit), reason: trouble.reason, sentence: words.problem(trouble) }));
  const stops = routes.flatMap((route) => route.stops.map((stop) => ({ ...stop, engineer: route })));
  const changed = stops.filter((stop) => stop.changed !== 'same').length;
  const called = ({ appointment_id, appointment_no, title, client_name }: (typeof stops)[number]) => ({ appointment_id, appointment_no, title, client_name });
  const overtimeAfter = (route: { engineer_id: string; shift_from: string }): number => routes.find((one) => one.engineer_id === route.engineer_id && one.shift_from === route.shift_from)?.overtime_minutes ?? 0;
  return {
    plan_id: uuidv7(),
    from: facts.dates[0] ?? '',
    to: facts.dates.at(-1) ?? '',
    time_zone: facts.zone,
    routes,
    intervals: stops
      .map((stop) => ({ ...called(stop), starts_at: stop.starts_at, ends_at: stop.ends_at, duration_minutes: Math.round((Date.parse(stop.ends_at) - Date.parse(stop.starts_at)) / 60_000), assigned_to: stop.engineer.engineer_id, assigned_to_name: stop.engineer.engineer_name, changed: stop.changed }))
      .sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1)),
    assignments: stops
      .filter((stop) => stop.before.assigned_to !== stop.engineer.engineer_id)
      .map((stop) => ({ ...called(stop), engineer_id: stop.engineer.engineer_id, engineer_name: stop.engineer.engineer_name, before_id: stop.before.assigned_to, before_name: stop.before.assigned_to_name, starts_at: stop.starts_at, sentence: words.assignment(stop.engineer.engineer_name, stop.before.assigned_to_name, stop.starts_at) })),
    unassigned,
    problems,
    overload: present.routes.filter((route) => route.overtime_minutes > 0).map((route) => ({ engineer_id: route.engineer_id, engineer_name: route.engineer_name, date: route.date, minutes: route.overtime_minutes, after_minutes: overtimeAfter(route) })),
    comparison: { before: totalsOf(present.routes, present.unassigned.length), after: totalsOf(routes, unassigned.length + problems.length), changed },
    cost: { ...solution.cost },
    progress: solution.progress.map(({ elapsedMs, cost, unassigned: left }) => ({ seconds: elapsedMs / 1000, cost: Math.round(cost), unassigned: left })),
    seconds: Math.round(seconds * 100) / 100,
  };
}
