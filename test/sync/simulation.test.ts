import { describe, expect, it } from 'vitest';
import type { MixNumber } from './support/actions.ts';
import { simulate } from './support/simulation.ts';

const SEEDS = 300;
const STEP = 25;

/** Seeds that once found something, under the mix that they did it with. */
const staysMended = (seeds: [number, string][], mix: MixNumber): void =>
  it.each(seeds)('seed %i: %s', async (seed) => {
    expect((await simulate(seed, { mix })).faults).toEqual([]);
  });

/** Seeds that once found something, each with what it was. */
const FOUND: [number, string][] = [
  [2410, 'what a hub parked and refuses after its upgrade never came back to its device'],
  [2954, 'a clone that starts anew took the other one’s changes for its own, and lost its own'],
  [3105, 'rest was declared between a new life of the hub and the first look at it'],
  [5110, 'the same, with a change that was pushed and not answered'],
  [5761, 'the same, with a row that only the clone had made'],
  [6022, 'a late answer out of a log that the hub had lost claimed the place of another change'],
  [11916, 'a hub with a new name wrote before what it had written under the old one in the same millisecond'],
  [12410, 'a copy that started from a snapshot wrote before what it had read there of the same millisecond'],
];

staysMended(FOUND, 1);

/** The same, under the second mix. */
const FOUND_LATER: [number, string][] = [
  [102_196, 'what a copy had out of a snapshot alone was proven by nobody after the hub was put back'],
  [102_858, 'a hub that did not know a table returned a change without its rows, and the device kept them'],
  [211_947, 'a returned change on a row that waits for an upgrade left the device with its own version of the row'],
  [210_061, 'a new name put another write of the same moment last, and nobody looked'],
  [201_481, 'an undo of a change that only a newer version understands was an error without words'],
  [108_514, 'a bundle brought a hub that was put back a number that it had given again'],
  [202_788, 'a row that was taken over from the hub lost the number that this device still had to bring back'],
  [209_803, 'that a change of a name no longer in use had been returned was told for ever, and never answered'],
];

staysMended(FOUND_LATER, 2);

/** Under the third mix, with as many steps. */
const FOUND_DEEP: [number, number, string][] = [
  [370_030, 180, 'a hub put back to before its present life began was taken for an old answer for ever'],
  [380_052, 180, 'a change that could not be applied here once was taken for applied when a new life of the hub accepted it'],
  [400_035, 180, 'a change was done a second time on a row that was taken over with it, over what had replaced it'],
  [400_024, 180, 'a change that could not be applied when its copy was started anew was taken for applied once the hub had accepted it'],
  [410_012, 180, 'a hub put back missed a change that had its place, and the device forgot by that what it could have shown the hub'],
  [410_021, 180, 'a page of a log that differed from this copy’s behind its cursor was an error without words'],
  [410_143, 180, 'a bundle went on from another history than the one that its receiver had read'],
  [500_148, 60, 'a row that what still waits had made anew lost that at the next return, and the change was taken for applied'],
  [410_194, 180, 'a creation under another name stayed as a head, and copies did not say the same of the last write'],
  [504_368, 60, 'the end of a clone’s history was taken in behind the beginning of the other one’s, with two writes of one moment under one name'],
  [500_611, 60, 'a clone’s new name was given to a write of the other one in the same moment, which a row taken over had brought'],
  [501_623, 60, 'a row was taken over with a write that had the name and the moment of one that waited, before it was known whose it was'],
  [506_207, 60, 'a change was taken in from a colleague before the one that it had replaced, whose push was cut off at its beginning'],
  [610_019, 60, 'what had deleted a row for good still waited when the row was taken over, and was not done again'],
  [617_809, 60, 'a bundle brought a hub that had been put back a change before the lost one that it had replaced'],
  [618_256, 60, 'what was moved aside came once more, and could not be moved aside again'],
  [618_751, 60, 'a colleague brought what followed in a clone’s history as if it followed in the other one’s'],
  [632_082, 60, 'a moment that the hub had put a change at was no reason to write the next one after it'],
  [723_446, 60, 'what waited for a row that the hub did not have was accepted after all, once the row had come under another name, and was not done on it'],
  [704_495, 60, 'a change came to the hub after the one that had replaced it, since what a device brought for a colleague was swallowed, and stayed beside it'],
  [742_425, 60, 'a hub was put back untold, and what a device had taken over from the lost log hid that its change was accepted after all'],
  [762_824, 60, 'a hub was put back untold to before what a device had taken a row over from, and nobody noticed once its log was as long again'],
  [410_680, 180, 'a device went on offering its changes before one that a snapshot had brought back behind them, and the hub went on asking for that one'],
];

it.each(FOUND_DEEP)('seed %i with %i steps: %s', async (seed, steps) => {
  expect((await simulate(seed, { mix: 3, steps })).faults).toEqual([]);
});

/** Under the fourth mix, where files are. */
const FOUND_IN_FILES: [number, string][] = [
  [942_546, 'a copy whose file was put back without its folder said that contents were here which were not'],
  [946_202, 'a content that the hub had removed with its last row was not sent again for a new one'],
  [962_469, 'a row that came back from a deletion for good, which the hub had lost and did not take again, stayed marked as deleted'],
  [961_481, 'no fault: a row that the hub had forgotten with its disk wanted the content of one that was deleted for good meanwhile'],
  [989_216, 'no fault either: a file that its author may not add any more, long after, while a bundle had brought its row to a colleague'],
  [972_149, 'nor this: a refusal that broke off on its way'],
];

staysMended(FOUND_IN_FILES, 4);

/** Under the fifth mix, where articles are. */
const FOUND_WITH_ARTICLES: [number, string][] = [
  [1_003_609, 'what had been refused waited for ever, once a clone was found out: it was to be offered under the new name, and lay below the mark'],
];

staysMended(FOUND_WITH_ARTICLES, 5);

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
