import { expect, it } from 'vitest';
import { provenFit } from '../../src-main/schedule/proven-fit.ts';
import { solve } from '../../src-main/schedule/index.ts';
import { makeDay } from './support/days.ts';

it('confirms the ways that the solver names, number by number', async () => {
  let [named, confirmed, equal] = [0, 0, 0];
  for (let seed = 1; seed <= 30; seed++) {
    const input = makeDay(seed, { jobs: 30, vehicles: 3 });
    const solution = await solve(input, { seed, iterations: 200, workers: 0 });
    for (const { job, fits } of solution.unassigned) {
      for (const fit of fits) {
        named++;
        const proven = await provenFit(input, solution.routes, job, fit);
        if (!proven) continue;
        confirmed++;
        if (proven.start === fit.start && proven.addedTravelTime === fit.addedTravelTime && proven.addedDistance === fit.addedDistance) equal++;
      }
    }
  }
  expect(named).toBeGreaterThan(50);
  // What cannot be confirmed is not shown. A shift planned anew may put its visits in another order; what is shown then are that order's numbers.
  expect(confirmed / named).toBeGreaterThan(0.85);
  expect(equal / confirmed).toBeGreaterThan(0.98);
});

it('does not confirm one that was made up', async () => {
  const input = makeDay(3, { jobs: 30, vehicles: 3 });
  const solution = await solve(input, { seed: 3, iterations: 200, workers: 0 });
  const [left] = solution.unassigned.filter((one) => one.fits.length > 0);
  const [fit] = left?.fits ?? [];
  if (!left || !fit) throw new Error('nothing was left');
  expect(await provenFit(input, solution.routes, left.job, { ...fit, vehicle: 'nobody' })).toBeNull();
  expect(await provenFit(input, solution.routes, left.job, { ...fit, relax: [], extraOvertime: 0, lateness: 0, position: 0 })).toBeNull();
});
