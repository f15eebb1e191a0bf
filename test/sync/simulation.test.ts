import { describe, expect, it } from 'vitest';
import { simulate } from './support/simulation.ts';

const SEEDS = 300;
const STEP = 25;

describe('many copies, one truth', () => {
  for (let first = 1; first <= SEEDS; first += STEP) {
    it(`seeds ${first} to ${first + STEP - 1}`, async () => {
      for (let seed = first; seed < first + STEP; seed++) {
        const { faults, trace } = await simulate(seed);
        expect(faults, `seed ${seed}\n${trace.join('\n')}`).toEqual([]);
      }
    });
  }
});
