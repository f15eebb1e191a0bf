import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSolomon, toPlain } from '../../src-main/schedule/solver/plain/solomon.ts';
import { solveSolomon } from '../../src-main/schedule/solver/plain/solve-solomon.ts';
import { Genetic } from '../../src-main/schedule/solver/plain/genetic.ts';
import { Rng } from '../../src-main/schedule/solver/rng.ts';
import { bruteForce, lengthOfRoute, makeInstance, textOf, type Made } from './support/solomon.ts';

const limits = { timeMs: 0, workers: 0, iterations: 300 };

/** Total length by the test's own reckoning; fails where a client is missing or a rule is broken. */
function checked(made: Made, routes: number[][]): number {
  expect(routes.flat().toSorted((a, b) => a - b)).toEqual(made.rows.slice(1).map((row) => row[0]));
  return routes.reduce((sum, route) => {
    const length = lengthOfRoute(made, route);
    expect(length).not.toBeNull();
    return sum + (length ?? 0);
  }, 0);
}

describe('the classical problem', () => {
  test.each([1, 2, 3, 4, 5, 6])('up to seven clients are solved as trying everything does (%i)', async (seed) => {
    const made = makeInstance(7, seed);
    const answer = await solveSolomon(made.text, 'dimacs-1dp', limits);
    expect(checked(made, answer.routes)).toBeCloseTo(bruteForce(made), 6);
    expect(answer.distance).toBeCloseTo(bruteForce(made), 6);
  });

  test('windows, load and service of everybody hold on random instances', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 10_000 }), fc.constantFrom('dimacs-1dp' as const, 'hierarchical-double' as const), async (clients, seed, convention) => {
        const made = makeInstance(clients, seed);
        const answer = await solveSolomon(made.text, convention, { ...limits, iterations: 20 });
        const length = checked(made, answer.routes);
        if (convention === 'dimacs-1dp') expect(answer.distance).toBeCloseTo(length, 6);
      }),
      { numRuns: 30, seed: 4 },
    );
  });

  test('the same seed and steps give the same answer whatever the order of the file, with threads too', async () => {
    const made = makeInstance(40, 9);
    const order = Int32Array.from({ length: 40 }, (_, index) => index + 1);
    new Rng(3).shuffle(order);
    const shuffled = textOf([made.rows[0] ?? [], ...[...order].map((row) => made.rows[row] ?? [])], 40, 60);
    for (const convention of ['dimacs-1dp', 'hierarchical-double'] as const) {
      const first = await solveSolomon(made.text, convention, { timeMs: 0, workers: 2, iterations: 250 });
      const second = await solveSolomon(shuffled, convention, { timeMs: 0, workers: 2, iterations: 250 });
      expect(second.routes).toEqual(first.routes);
    }
  });

  test('the best of a run never gets worse', () => {
    const { plain } = toPlain(readSolomon(makeInstance(50, 11).text), 'dimacs-1dp');
    const seen: number[] = [];
    new Genetic(plain, { seed: 5, goesOn: (steps) => steps < 200, onBetter: ({ distance, warp, excess }) => seen.push(distance + warp + excess) }).run();
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
  });

  test('vehicles come first where they are counted first', async () => {
    const made = makeInstance(40, 21);
    const [near, few] = [await solveSolomon(made.text, 'dimacs-1dp', limits), await solveSolomon(made.text, 'hierarchical-double', limits)];
    expect(few.vehicles).toBeLessThanOrEqual(near.vehicles);
  });

  test('an abort ends the run with what was found', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const made = makeInstance(30, 2);
    const answer = await solveSolomon(made.text, 'dimacs-1dp', { timeMs: 600_000, workers: 1 }, stop.signal);
    checked(made, answer.routes);
  });

  test.each(['', 'no numbers here', 'X\n 3 200\n'])('refuses what is no instance (%j)', async (text) => {
    await expect(solveSolomon(text, 'dimacs-1dp', limits)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'file' } });
  });
});
