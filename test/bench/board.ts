import { solve } from '../../src-main/schedule/index.ts';
import { rulesOf } from '../../src-main/schedule/board.ts';
import { Rng } from '../../src-main/schedule/solver/rng.ts';
import { BoardJudge } from '../../src-shared/schedule/judge.ts';
import { makeDay } from '../schedule/support/days.ts';
import { readOptions, report, say, type Figure } from './lib/report.ts';

const ENGINEERS = 20;
const VISITS = 200;
const MOVES = 20_000;
const WARM_UP = 2_000;
/** A frame of a screen that is drawn anew sixty times a second. */
const FRAME_MS = 16;

/** A told day of 20 engineers and 200 visits, and a hand that moves each visit over each engineer and time. */
const day = makeDay(42, { jobs: VISITS, vehicles: ENGINEERS, links: true, fairness: true });
const plan = await solve(day, { seed: 1, timeMs: 2_000 });
const told = new Map(plan.routes.flatMap((route) => route.stops.map((stop) => [stop.job, { shift: route.shift, vehicle: route.vehicle, start: stop.start }] as const)));
const jobs = new Map(day.jobs.map((job) => [job.key, job]));
const input = { ...day, jobs: day.jobs.map((job) => { const place = told.get(job.key); return place ? { ...job, present: { vehicle: place.vehicle, start: place.start, vehicleCost: 20, startCost: 0.1 } } : job; }) };
const rules = rulesOf(input, (key) => ({ title: key, shift: told.get(key)?.shift ?? null, start: told.get(key)?.start ?? 600, done: false, pinned: 'none', placeKnown: true, windows: [...(jobs.get(key)?.windows ?? [])], promised: true }), (key) => key);
const judge = new BoardJudge({ date: '', zero: '', now: 0, places: Array.from({ length: input.locations }, () => null), roads: [], road_percent: 100, speed_kmh: 30, skills: ['a', 'b'], parts: ['x'], ...rules }, input);
const shifts = rules.shifts.map((shift) => shift.key);
const rng = new Rng(1);
const times = new Float64Array(MOVES);
let sound = 0;
const processor = process.cpuUsage();
for (let turn = -WARM_UP; turn < MOVES; turn++) {
  const [visit, shift, start] = [rules.visits[rng.below(VISITS)]?.appointment_id ?? '', shifts[rng.below(shifts.length)] ?? '', 480 + 5 * rng.below(130)];
  const began = performance.now();
  const judgement = judge.judge(visit, shift, start);
  if (turn >= 0) times[turn] = performance.now() - began;
  if (judgement?.breaches.length === 0) sound++;
}
const { user, system } = process.cpuUsage(processor);
times.sort();
const at = (share: number): number => times[Math.floor(share * (MOVES - 1))] ?? 0;
say(`${told.size} of ${VISITS} visits told, ${sound} of ${MOVES + WARM_UP} moves sound`);
const figures: Figure[] = [
  { name: 'judge_median', value: at(0.5), unit: 'ms', target: { at_most: FRAME_MS } },
  { name: 'judge_p95', value: at(0.95), unit: 'ms', target: { at_most: FRAME_MS } },
  { name: 'judge_worst', value: at(1), unit: 'ms' },
  { name: 'judge_processor', value: (user + system) / 1000 / (MOVES + WARM_UP), unit: 'ms' },
];
report('board', readOptions(), figures, { engineers: ENGINEERS, visits: VISITS, moves: MOVES });
