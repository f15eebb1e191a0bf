import { solve } from '../../src-main/schedule/index.ts';
import type { JobInput, ProblemInput, ShiftInput, VehicleInput } from '../../src-main/schedule/solver/problem.ts';
import { allowed, arrive, checkPlan } from '../../src-main/schedule/check/check-plan.ts';
import { makeDay } from '../schedule/support/days.ts';
import { readOptions, report, say, type Figure } from './lib/report.ts';

const ENGINEERS = 20;
const VISITS = 200;
const SECONDS = 5;
/** Thinking; the answer is to be there after two seconds. */
const REPLAN_SECONDS = 1.8;
const DAYS = 200;
const DAY_MS = 400;

/** What a coordinator does by hand: one visit after the other in the order of their windows, each to whoever is nearest and free for it. */
function nearestFree(input: ProblemInput): { served: number; travel: number } {
  const shifts = input.vehicles.flatMap((vehicle) => vehicle.shifts.map((shift) => ({ vehicle, shift, place: shift.startLocation, free: shift.from, travel: 0 })));
  const opening = (job: JobInput): number => job.pinnedStart ?? Math.min(...(job.windows ?? [{ from: 0 }]).map((window) => window.from));
  let served = 0;
  for (const job of input.jobs.toSorted((a, b) => opening(a) - opening(b))) {
    const ways = shifts.flatMap((one) => {
      if (!allowed(job, one.vehicle)) return [];
      const start = startOf(input, one.vehicle, one.shift, job, one.place, one.free);
      return start === null ? [] : [{ one, start, travel: arrive(input, one.vehicle, one.place, job.location, one.free) - one.free }];
    });
    const [best] = ways.sort((a, b) => a.travel - b.travel || a.start - b.start);
    if (!best) continue;
    served++;
    Object.assign(best.one, { place: job.location, free: best.start + job.service, travel: best.one.travel + best.travel });
  }
  const home = shifts.reduce((sum, { vehicle, shift, place, free, travel }) => sum + travel + (shift.endLocation === null ? 0 : arrive(input, vehicle, place, shift.endLocation, free) - free), 0);
  return { served, travel: home };
}

function startOf(input: ProblemInput, vehicle: VehicleInput, shift: ShiftInput, job: JobInput, place: number, free: number): number | null {
  const ready = arrive(input, vehicle, place, job.location, free) + (place === job.location ? 0 : (input.buffer ?? 0));
  const windows = job.pinnedStart === undefined ? (job.windows?.length ? job.windows : [{ from: ready, to: Infinity }]) : [{ from: job.pinnedStart, to: job.pinnedStart }];
  const begin = windows.map((window) => (ready <= window.to ? Math.max(ready, window.from) : null)).find((start) => start !== null);
  return begin === undefined || begin === null || begin + job.service > shift.to ? null : begin;
}

const travelOf = (routes: readonly { travelTime: number }[]): number => routes.reduce((sum, route) => sum + route.travelTime, 0);

const day = makeDay(42, { jobs: VISITS, vehicles: ENGINEERS, links: true });
const byHand = nearestFree(day);
const plan = await solve(day, { seed: 1, timeMs: SECONDS * 1000 });
const served = VISITS - plan.unassigned.length;
say(`by hand: ${byHand.served} visits, ${byHand.travel} min of travel; planned: ${served} visits, ${travelOf(plan.routes)} min`);

// Somebody falls ill at once: his visits go elsewhere, the others keep theirs as far as that goes.
const [gone] = day.vehicles;
const told = new Map(plan.routes.flatMap((route) => route.stops.map((stop) => [stop.job, { vehicle: route.vehicle, start: stop.start }] as const)));
const without: ProblemInput = { ...day, vehicles: day.vehicles.slice(1), jobs: day.jobs.map((job) => { const present = told.get(job.key); return present && present.vehicle !== gone?.key ? { ...job, present: { ...present, vehicleCost: 60, startCost: 0.5 } } : job; }) };
const began = performance.now();
const again = await solve(without, { seed: 1, timeMs: REPLAN_SECONDS * 1000, warmStart: plan.routes.filter((route) => route.vehicle !== gone?.key).map((route) => ({ shift: route.shift, jobs: route.stops.map((stop) => stop.job) })) });
const replanSeconds = (performance.now() - began) / 1000;
const kept = again.routes.flatMap((route) => route.stops.filter((stop) => told.get(stop.job)?.vehicle === route.vehicle)).length;

let sound = 0;
for (let seed = 1; seed <= DAYS; seed++) {
  const jobs = 20 + ((seed * 37) % (VISITS - 19));
  const input = makeDay(seed, { jobs, vehicles: Math.max(2, Math.round(jobs / 10)), links: true, fairness: true });
  const { faults } = checkPlan(input, await solve(input, { seed, timeMs: DAY_MS }));
  if (faults.length === 0) sound++;
  else say(`day ${seed}: ${faults.slice(0, 3).join('; ')}`);
}

const perVisit = (travel: number, visits: number): number => travel / Math.max(1, visits);
const figures: Figure[] = [
  { name: 'less_travel_a_visit', value: 100 * (1 - perVisit(travelOf(plan.routes), served) / perVisit(byHand.travel, byHand.served)), unit: '%', target: { at_least: 15 } },
  { name: 'visits_more_than_by_hand', value: served - byHand.served, unit: 'visits', target: { at_least: 0 } },
  { name: 'sound_days', value: sound, unit: `of ${DAYS}`, target: { at_least: DAYS } },
  { name: 'replan', value: replanSeconds, unit: 's', target: { at_most: 2 } },
  { name: 'kept_with_their_engineer', value: kept, unit: `of ${[...told.values()].filter((one) => one.vehicle !== gone?.key).length}` },
];
report('schedule', readOptions(), figures, { by_hand: byHand, planned: { served, travel: travelOf(plan.routes) }, check: checkPlan(day, plan).faults });
