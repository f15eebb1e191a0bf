import { describe, expect, test } from 'vitest';
import { buildProblem } from '../../src-main/schedule/solver/build.ts';
import { BARRED, type ProblemInput } from '../../src-main/schedule/solver/problem.ts';

const weights = { unserved: 1, promise: 1, overtime: 1, travelTime: 1, distance: 0, fairness: 0, change: 1 };
const base: ProblemInput = {
  jobs: [
    { key: 'b', location: 1, service: 10, skills: [3], windows: [{ from: 50, to: 60 }, { from: 5, to: 9 }] },
    { key: 'a', location: 2, service: 20, demand: [4], excluded: ['v2'], present: { vehicle: 'v1', start: 30, vehicleCost: 7, startCost: 1 } },
  ],
  vehicles: [
    { key: 'v2', skills: [3], capacity: [9], shifts: [{ key: 's2', from: 0, to: 100, startLocation: 0, endLocation: 0 }] },
    { key: 'v1', capacity: [3], shifts: [{ key: 's1', from: 0, to: 100, startLocation: 0, endLocation: null, overtime: 5 }] },
  ],
  locations: 3,
  travelTime: new Int32Array(9),
  distance: new Int32Array(9),
  weights,
};

describe('the flat problem', () => {
  test('stands in the order of keys, windows ascending', () => {
    const problem = buildProblem(base);
    expect(problem.jobKeys).toEqual(['a', 'b']);
    expect(problem.vehicleKeys).toEqual(['v1', 'v2']);
    expect([...problem.windowFrom].slice(1)).toEqual([5, 50]);
    expect(problem.presentShift[0]).toBe(0);
    expect(problem.shiftLatest[0]).toBe(105);
    expect([...problem.endLocation]).toEqual([-1, 0]);
  });

  test('says who may not do what, and what a change of vehicle costs', () => {
    const problem = buildProblem(base);
    expect([...problem.barred]).toEqual([BARRED.capacity, BARRED.excluded, BARRED.skill, 0]);
    expect([...problem.assignCost]).toEqual([0, 7, 0, 0]);
  });

  test('is the same whatever the order of the input', () => {
    expect(buildProblem({ ...base, jobs: base.jobs.toReversed(), vehicles: base.vehicles.toReversed() })).toEqual(buildProblem(base));
  });

  test.each([
    ['two jobs of one key', { jobs: [...base.jobs, ...base.jobs] }],
    ['a table of the wrong size', { distance: new Int32Array(4) }],
    ['an unknown place', { jobs: [{ key: 'x', location: 9, service: 1 }] }],
    ['a link to an unknown job', { links: [{ kind: 'before' as const, first: 'a', second: 'z' }] }],
    ['a job that is its own mate', { links: [{ kind: 'together' as const, first: 'a', second: 'a' }] }],
  ])('refuses %s', (_name, change) => {
    expect(() => buildProblem({ ...base, ...change })).toThrow(RangeError);
  });
});
