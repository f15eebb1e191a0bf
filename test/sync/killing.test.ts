import { expect, it } from 'vitest';
import { killAtRandom } from './support/killing.ts';

const SECONDS = 60;

it(`a hub and three devices agree, and have everything that was acknowledged, after being killed at random for ${SECONDS} s`, async () => {
  const { kills, writes, faults } = await killAtRandom(SECONDS, 7);
  expect(faults).toEqual([]);
  expect(kills).toBeGreaterThan(3);
  expect(writes).toBeGreaterThan(50);
}, 300_000);
