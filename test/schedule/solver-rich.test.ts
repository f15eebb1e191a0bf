import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findFits, solve, type ProblemInput, type Solution, type SolveProgress } from '../../src-main/schedule/index.ts';
import { arrivalAt, latestDeparture } from '../../src-main/schedule/solver/rich/travel.ts';
import { bruteForce } from './support/brute.ts';
import { checkPlan } from '../../src-main/schedule/check/check-plan.ts';
import { makeDay } from './support/days.ts';

const short = { workers: 0, iterations: 150 };
const anyDay = fc.record({ seed: fc.integer({ min: 1, max: 1_000_000 }), jobs: fc.integer({ min: 1, max: 24 }), vehicles: fc.integer({ min: 1, max: 4 }), days: fc.integer({ min: 1, max: 3 }), links: fc.boolean() });

const made = ({ seed, jobs, vehicles, days, links }: { seed: number; jobs: number; vehicles: number; days: number; links: boolean }): ProblemInput =>
  makeDay(seed, { jobs, vehicles, days, links: links && jobs > 1, fairness: true });

/** The plan's cost by the test's own reckoning; fails where a rule is broken. */
function checked(input: ProblemInput, solution: Solution): number {
  const { faults, cost } = checkPlan(input, solution);
  expect(faults).toEqual([]);
  return cost;
}

/** Seeds of days for which all plans can be tried in a moment. */
const CREWS = [2, 10, 11, 21, 22, 25, 30, 33, 36, 37];
const ORDERS = [6, 10, 11, 18, 21, 22, 25, 27, 30, 33];

function oneLink(seed: number, kind: 'together' | 'before'): ProblemInput {
  const input = makeDay(seed, { jobs: 6, vehicles: 2, links: true, fairness: true });
  return { ...input, links: input.links?.filter((link) => link.kind === kind) ?? [] };
}

const planOf = (solution: Solution): { shift: string; jobs: string[] }[] => solution.routes.map(({ shift, stops }) => ({ shift, jobs: stops.map(({ job }) => job) }));

describe('a plan with all rules', () => {
  test.each([{ jobs: 70, vehicles: 5 }, { jobs: 40, vehicles: 3 }, { jobs: 60, vehicles: 2 }])('holds on a full day too: $jobs jobs, $vehicles vehicles', async ({ jobs, vehicles }) => {
    const input = makeDay(jobs, { jobs, vehicles, links: true, fairness: true });
    const solution = await solve(input, short);
    expect(solution.cost.total).toBeCloseTo(checked(input, solution), 6);
    for (const { fits } of solution.unassigned) expect(fits.map(({ extraOvertime, lateness }) => Math.min(extraOvertime, lateness) >= 0)).not.toContain(false);
  });

  test('never breaks a hard rule, and costs what it says', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, async (day) => {
        const input = made(day);
        const solution = await solve(input, { ...short, seed: day.seed });
        expect(solution.cost.total).toBeCloseTo(checked(input, solution), 6);
      }),
      { numRuns: 60, seed: 41 },
    );
  });

  test('is the same for the same seed and steps, whatever the order of the input, with threads too', async () => {
    const input = makeDay(77, { jobs: 30, vehicles: 3, days: 2, links: true });
    const turned = { ...input, jobs: input.jobs.toReversed(), vehicles: input.vehicles.toReversed(), links: input.links?.toReversed() ?? [] };
    const options = { workers: 2, iterations: 1200, seed: 5 };
    const [first, second] = [await solve(input, options), await solve(turned, options)];
    expect(second.routes).toEqual(first.routes);
    expect(second.cost.total).toBeCloseTo(first.cost.total, 9);
    checked(input, first);
  });

  test('the best cost of a run never rises', async () => {
    const input = makeDay(12, { jobs: 40, vehicles: 4, links: true });
    const told: SolveProgress[] = [];
    const solution = await solve(input, { workers: 2, iterations: 600 }, (news) => told.push(news));
    expect(told.length).toBeGreaterThan(2);
    expect(told.map(({ cost }) => cost)).toEqual(told.map(({ cost }) => cost).toSorted((a, b) => b - a));
    expect(told.at(-1)?.cost).toBeGreaterThanOrEqual(solution.cost.total - 1e-6);
  });

  test('the rest of a plan still stands when a job is removed', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, async (day) => {
        const input = made({ ...day, links: false });
        const solution = await solve(input, { ...short, seed: day.seed });
        const served = solution.routes.flatMap(({ stops }) => stops.map(({ job }) => job));
        for (const gone of served) {
          const rest = { ...input, jobs: input.jobs.filter(({ key }) => key !== gone) };
          const plan = planOf(solution).map(({ shift, jobs }) => ({ shift, jobs: jobs.filter((key) => key !== gone) }));
          const again = await solve(rest, { workers: 0, timeMs: 0, warmStart: plan });
          for (const { shift, jobs } of plan) expect(again.routes.find((route) => route.shift === shift)?.stops.flatMap(({ job }) => (jobs.includes(job) ? [job] : [])) ?? []).toEqual(jobs);
          checked(rest, again);
        }
      }),
      { numRuns: 12, seed: 8 },
    );
  });

  test('a warm start is kept where it cannot be bettered', async () => {
    const input = makeDay(31, { jobs: 14, vehicles: 2 });
    const first = await solve(input, { workers: 0, iterations: 3000 });
    const again = await solve(input, { workers: 0, iterations: 1, warmStart: planOf(first) });
    expect(again.cost.total).toBeLessThanOrEqual(first.cost.total + 1e-6);
  });

  test('an abort ends a run with what was found', async () => {
    const stop = new AbortController();
    const input = makeDay(3, { jobs: 60, vehicles: 5, links: true });
    const running = solve(input, { workers: 2, timeMs: 600_000 }, () => stop.abort(), stop.signal);
    checked(input, await running);
  });
});

describe('few jobs', () => {
  test.each([1, 2, 3, 4, 6, 7, 8, 10, 11, 12])('cost what the best of all plans costs: nine jobs (%i)', async (seed) => {
    const input = makeDay(seed, { jobs: 9, vehicles: 2, fairness: true });
    const solution = await solve(input, { workers: 0, iterations: 5000 });
    expect(checked(input, solution)).toBeCloseTo(bruteForce(input), 6);
  });

  test.each(CREWS)('cost what the best of all plans costs, a crew at its best moment too: six jobs (%i)', async (seed) => {
    const input = oneLink(seed, 'together');
    const solution = await solve(input, { workers: 0, iterations: 3000 });
    expect(checked(input, solution)).toBeCloseTo(bruteForce(input), 6);
  });

  test.each(ORDERS)('cost what the best of all plans costs, the second of two after the first: six jobs (%i)', async (seed) => {
    const input = oneLink(seed, 'before');
    const solution = await solve(input, { workers: 0, iterations: 3000 });
    expect(checked(input, solution)).toBeCloseTo(bruteForce(input), 6);
  });
});

describe('who has no place', () => {
  const shift = { key: 's', from: 480, to: 600, overtime: 0, startLocation: 0, endLocation: 0 };
  const bare: ProblemInput = {
    jobs: [],
    vehicles: [{ key: 'v', skills: [1], capacity: [5], shifts: [shift] }],
    locations: 3,
    travelTime: Int32Array.from([0, 20, 30, 20, 0, 40, 30, 40, 0]),
    distance: new Int32Array(9),
    weights: { unserved: 1, promise: 1, overtime: 1, travelTime: 1, distance: 0, fairness: 0, change: 1 },
  };
  const job = { key: 'a', location: 1, service: 30 };

  test.each([
    ['a skill that nobody has', { ...job, skills: [9] }, [], 'skill'],
    ['everybody excluded', { ...job, excluded: ['v'] }, [], 'excluded'],
    ['somebody else required', { ...job, required: ['w'] }, [], 'notRequired'],
    ['more than a van holds', { ...job, demand: [6] }, [], 'capacity'],
    ['a window after the shift', { ...job, windows: [{ from: 700, to: 720 }] }, [], 'window'],
    ['a place that costs more than it brings', { ...job, unservedCost: 3 }, [], 'cost'],
    ['a shift that is full', { ...job, unservedCost: 50 }, [{ key: 'b', location: 2, service: 55 }], 'time'],
    ['a van that is empty by then', { ...job, demand: [3], unservedCost: 50 }, [{ key: 'b', location: 1, service: 30, demand: [3] }], 'capacity'],
  ] as const)('%s', async (_name, left, others, reason) => {
    const input = { ...bare, jobs: [left, ...others] };
    const solution = await solve(input, short);
    checked(input, solution);
    expect(solution.unassigned.map((one) => [one.job, one.reason])).toEqual([['a', reason]]);
  });

  test('a job whose predecessor has no place waits with it', async () => {
    const input = { ...bare, jobs: [{ ...job, skills: [9] }, { key: 'b', location: 2, service: 5 }], links: [{ kind: 'before' as const, first: 'a', second: 'b' }] };
    const solution = await solve(input, short);
    expect(solution.unassigned.map((one) => [one.job, one.reason])).toEqual([['a', 'skill'], ['b', 'link']]);
  });

  test('the cheapest way to fit it says which rule gives way and by how much', async () => {
    const input = { ...bare, jobs: [{ ...job, unservedCost: 50 }, { key: 'b', location: 2, service: 55 }] };
    const { unassigned } = await solve(input, short);
    expect(unassigned[0]?.fits).toEqual([{ shift: 's', vehicle: 'v', position: 0, start: 500, relax: ['overtime'], extraOvertime: 55, lateness: 0, addedTravelTime: 30, addedDistance: 0, addedCost: 30 }]);
  });

  test('a way to fit a job can be taken as it stands, at the cost it names', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, async (day) => {
        const input = made({ ...day, links: false });
        const extra = input.jobs[0]?.key ?? '';
        const rest = { ...input, jobs: input.jobs.slice(1) };
        const solution = await solve(rest, { ...short, seed: day.seed });
        const fit = findFits(input, planOf(solution), extra, 1)[0];
        if (!fit || fit.relax.length > 0) return;
        const plan = new Map(planOf(solution).map(({ shift: key, jobs }) => [key, jobs]));
        plan.set(fit.shift, (plan.get(fit.shift) ?? []).toSpliced(fit.position, 0, extra));
        const free = { ...input, jobs: input.jobs.map((one) => ({ ...one, unservedCost: one.key === extra ? 1e9 : (one.unservedCost ?? 0) })) };
        const taken = await solve(free, { workers: 0, timeMs: 0, warmStart: [...plan].map(([key, jobs]) => ({ shift: key, jobs })) });
        checked(free, taken);
        if (taken.unassigned.length === solution.unassigned.length) expect(taken.cost.total - solution.cost.total).toBeCloseTo(fit.addedCost, 6);
      }),
      { numRuns: 30, seed: 15 },
    );
  });
});

describe('travel by hour', () => {
  const roads = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 300 }), factor: fc.integer({ min: 200, max: 4000 }) }), { maxLength: 6 }).map((steps) => {
    let from = 0;
    return { stepFrom: Int32Array.from(steps, ({ gap }) => (from += gap)), stepFactor: Int32Array.from(steps, ({ factor }) => factor) };
  });

  test('who leaves earlier arrives no later', () => {
    fc.assert(fc.property(roads, fc.nat(2000), fc.nat(500), fc.nat(500), (road, departure, later, way) => {
      expect(arrivalAt(road, departure, way)).toBeLessThanOrEqual(arrivalAt(road, departure + later, way));
    }));
  });

  test('the latest departure arrives in time, one unit later does not', () => {
    fc.assert(fc.property(roads, fc.nat(1000), fc.nat(400), fc.nat(500), (road, earliest, way, spare) => {
      const by = arrivalAt(road, earliest, way) + spare;
      const departure = latestDeparture(road, earliest, by, way);
      expect(departure).toBeGreaterThanOrEqual(earliest);
      expect(arrivalAt(road, departure, way)).toBeLessThanOrEqual(by);
      expect(departure === by || arrivalAt(road, departure + 1, way) > by).toBe(true);
    }));
  });
});
