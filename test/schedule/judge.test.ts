import { describe, expect, it } from 'vitest';
import { rulesOf } from '../../src-main/schedule/board.ts';
import { solve } from '../../src-main/schedule/index.ts';
import { Rng } from '../../src-main/schedule/solver/rng.ts';
import type { ProblemInput, Solution } from '../../src-main/schedule/solver/problem.ts';
import { checkShift } from '../../src-main/schedule/told.ts';
import { BoardJudge } from '../../src-shared/schedule/judge.ts';
import { makeDay } from './support/days.ts';

/** A made day whose visits stand where the solver has put them, and its board. */
async function boardOf(seed: number, more: Partial<ProblemInput> = {}): Promise<{ input: ProblemInput; judge: BoardJudge; told: Map<string, { job: string; start: number }[]>; solution: Solution }> {
  const made: ProblemInput = { ...makeDay(seed, { jobs: 14, vehicles: 4, fairness: true }), ...more };
  const solution = await solve(made, { seed, iterations: 300, workers: 0 });
  const places = new Map(solution.routes.flatMap((route) => route.stops.map((stop) => [stop.job, { shift: route.shift, vehicle: route.vehicle, start: stop.start }] as const)));
  const input: ProblemInput = {
    ...made,
    vehicles: made.vehicles.map((vehicle) => ({ ...vehicle, fixedCost: 0 })),
    jobs: made.jobs.map(({ present: _, ...job }) => {
      const place = places.get(job.key);
      return place ? { ...job, present: { vehicle: place.vehicle, start: place.start, vehicleCost: 20, startCost: 0.1 } } : job;
    }),
  };
  const jobs = new Map(input.jobs.map((job) => [job.key, job]));
  const rules = rulesOf(
    input,
    (key) => ({ title: key, shift: places.get(key)?.shift ?? null, start: places.get(key)?.start ?? 600, done: false, pinned: jobs.get(key)?.pinnedStart === undefined ? 'none' : 'start', placeKnown: true, windows: [...(jobs.get(key)?.windows ?? [])], promised: true }),
    (key) => key,
  );
  const judge = new BoardJudge({ date: '2026-06-15', zero: '', now: 0, places: Array.from({ length: input.locations }, () => null), roads: [], road_percent: 100, speed_kmh: 30, skills: ['a', 'b'], parts: ['x'], ...rules }, input);
  return { input, judge, solution, told: new Map(input.vehicles.flatMap((vehicle) => vehicle.shifts.map((shift) => [shift.key, (solution.routes.find((route) => route.shift === shift.key)?.stops ?? []).map(({ job, start }) => ({ job, start }))]))) };
}

/** Compares a judgement with the check of the two shifts that it concerns. */
function compare({ input, judge, told }: Awaited<ReturnType<typeof boardOf>>, job: string, key: string, start: number) {
  const said = judge.judge(job, key, start);
  const home = judge.visit(job)?.shift ?? null;
  const others = (shift: string) => (told.get(shift) ?? []).filter((one) => one.job !== job);
  const before = checkShift(input, key, home === key ? (told.get(key) ?? []) : others(key));
  const after = checkShift(input, key, [...others(key), { job, start }]);
  const elsewhere = home && home !== key ? checkShift(input, home, others(home)).cost - checkShift(input, home, told.get(home) ?? []).cost : 0;
  return { said, before, after, cost: after.cost - before.cost + elsewhere };
}

describe('a move judged while the hand is still moving', () => {
  it('is sound exactly where the independent check says so', async () => {
    let [sound, unsound] = [0, 0];
    for (let seed = 1; seed <= 8; seed++) {
      const board = await boardOf(seed);
      const rng = new Rng(seed);
      for (let turn = 0; turn < 120; turn++) {
        const job = board.input.jobs[rng.below(board.input.jobs.length)]?.key ?? '';
        const key = [...board.told.keys()][rng.below(board.told.size)] ?? '';
        const { said, after } = compare(board, job, key, 480 + 5 * rng.below(130));
        expect({ seed, turn, job, key, breaches: said?.breaches.length === 0 ? 'none' : 'some', said: said?.breaches, faults: after.faults }).toMatchObject({ breaches: after.faults.length === 0 ? 'none' : 'some' });
        if (after.faults.length === 0) sound++;
        else unsound++;
      }
    }
    expect(sound).toBeGreaterThan(50);
    expect(unsound).toBeGreaterThan(300);
  });

  it('costs what the independent check reckons', async () => {
    for (let seed = 20; seed <= 26; seed++) {
      const { vehicles } = makeDay(seed, { jobs: 14, vehicles: 4, fairness: true });
      // A break that moves about changes the moment of a way, and with it, nothing but in rush hours, its length; here neither is there.
      const board = await boardOf(seed, { travelSteps: [], vehicles: vehicles.map((vehicle) => ({ ...vehicle, shifts: vehicle.shifts.map(({ lunch: _, ...shift }) => shift) })) });
      const rng = new Rng(seed);
      for (let turn = 0; turn < 100; turn++) {
        const job = board.input.jobs[rng.below(board.input.jobs.length)]?.key ?? '';
        const key = [...board.told.keys()][rng.below(board.told.size)] ?? '';
        const { said, cost } = compare(board, job, key, 480 + 5 * rng.below(130));
        expect(said?.addedCost).toBeCloseTo(cost, 6);
      }
    }
  });
});
