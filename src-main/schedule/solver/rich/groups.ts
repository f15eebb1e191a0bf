import type { Problem } from '../problem.ts';

/** Jobs that links tie together, in an order in which they can be placed; a crew stands as a pair. */
export interface Groups {
  /** Group of each job, -1 for one that stands alone. */
  of: Int32Array;
  units: number[][][];
  members: number[][];
}

/**
 * Finds the groups. Jobs in a circle of precedences have no possible order; they are left out of the units and so never placed.
 */
export function findGroups(problem: Problem): Groups {
  const { jobs, crewMate, orderFirst, orderSecond } = problem;
  const of = new Int32Array(jobs).fill(-1);
  const tied: number[][] = Array.from({ length: jobs }, () => []);
  const tie = (a: number, b: number): void => {
    tied[a]?.push(b);
    tied[b]?.push(a);
  };
  for (let job = 0; job < jobs; job++) if ((crewMate[job] as number) > job) tie(job, crewMate[job] as number);
  for (const [link, first] of orderFirst.entries()) tie(first, orderSecond[link] as number);
  const members: number[][] = [];
  for (let job = 0; job < jobs; job++) {
    if (tied[job]?.length === 0 || of[job] !== -1) continue;
    const found = [job];
    of[job] = members.length;
    for (let at = 0; at < found.length; at++) {
      for (const other of tied[found[at] as number] ?? []) {
        if (of[other] !== -1) continue;
        of[other] = members.length;
        found.push(other);
      }
    }
    members.push(found.toSorted((a, b) => a - b));
  }
  return { of, members, units: members.map((group) => inOrder(problem, group)) };
}

function inOrder({ crewMate, orderFirst, orderSecond }: Problem, group: readonly number[]): number[][] {
  const units: number[][] = [];
  const placed = new Set<number>();
  const free = (job: number): boolean => orderSecond.every((second, link) => second !== job || placed.has(orderFirst[link] as number));
  for (let moved = true; moved; ) {
    moved = false;
    for (const job of group) {
      const mate = crewMate[job] as number;
      if (placed.has(job) || !free(job) || (mate >= 0 && !free(mate))) continue;
      const unit = mate < 0 ? [job] : [job, mate];
      units.push(unit);
      for (const one of unit) placed.add(one);
      moved = true;
    }
  }
  return units;
}
