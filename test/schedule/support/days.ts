import type { JobInput, LinkInput, ProblemInput, ShiftInput, VehicleInput } from '../../../src-main/schedule/solver/problem.ts';
import { Rng } from '../../../src-main/schedule/solver/rng.ts';

export interface DayOptions {
  jobs: number;
  vehicles: number;
  /** Days; each gives every vehicle a shift. */
  days?: number;
  links?: boolean;
  fairness?: boolean;
}

const DAY = 1440;

/** A made-up plan of minutes with every kind of rule in it. Ways keep the triangle inequality. */
export function makeDay(seed: number, options: DayOptions): ProblemInput {
  const rng = new Rng(seed);
  const one = (share: number): boolean => rng.real() < share;
  const days = options.days ?? 1;
  const locations = options.jobs + 2;
  const points = Array.from({ length: locations }, () => [rng.below(60), rng.below(60)] as const);
  const travelTime = new Int32Array(locations * locations);
  const distance = new Int32Array(locations * locations);
  for (const [from, a] of points.entries()) {
    for (const [to, b] of points.entries()) {
      const way = Math.hypot(a[0] - b[0], a[1] - b[1]);
      travelTime[from * locations + to] = Math.ceil(way);
      distance[from * locations + to] = Math.ceil(way * 700);
    }
  }
  const names = Array.from({ length: options.vehicles }, (_, index) => `v${index}`);
  const window = (day: number): { from: number; to: number } => {
    const from = day * DAY + 480 + rng.below(480);
    return { from, to: from + rng.below(240) };
  };
  const jobs = Array.from({ length: options.jobs }, (_, index): JobInput => {
    const day = rng.below(days);
    const pinned = one(0.06) ? day * DAY + 540 + rng.below(400) : null;
    return {
      key: `j${index}`,
      location: index + 2,
      service: 10 + rng.below(60),
      unservedCost: 500 + rng.below(3000),
      ...(one(0.5) ? { windows: Array.from({ length: 1 + rng.below(2) }, () => window(day)) } : {}),
      ...(one(0.3) ? { promises: [window(day)], promiseCost: 1 + rng.below(3) } : {}),
      ...(one(0.2) ? { deadline: day * DAY + 700, deadlineCost: 2 } : {}),
      ...(one(0.15) ? { startCost: 0.2 } : {}),
      ...(one(0.3) ? { skills: [rng.below(2)] } : {}),
      ...(one(0.4) ? { demand: [1 + rng.below(3)] } : {}),
      ...(one(0.1) ? { excluded: [names[rng.below(names.length)] ?? ''] } : {}),
      ...(one(0.1) ? { required: [names[rng.below(names.length)] ?? ''] } : {}),
      ...(one(0.2) ? { preferred: [names[rng.below(names.length)] ?? ''], preferredCost: 25 } : {}),
      ...(one(0.2) ? { present: { vehicle: names[rng.below(names.length)] ?? '', start: day * DAY + 540 + rng.below(300), vehicleCost: 20, startCost: 0.1 } } : {}),
      ...(pinned === null ? {} : { pinnedStart: pinned }),
    };
  });
  const vehicles = names.map((key): VehicleInput => ({
    key,
    skills: [0, 1].filter(() => one(0.7)),
    capacity: [4 + rng.below(3 + options.jobs)],
    speedFactor: one(0.3) ? 1300 : 1000,
    cost: one(0.2) ? 1.5 : 1,
    fixedCost: one(0.3) ? 15 : 0,
    shifts: Array.from({ length: days }, (_, day): ShiftInput => {
      const from = day * DAY + 480 + 30 * rng.below(4);
      return {
        key: `${key}d${day}`,
        from,
        to: from + 360 + rng.below(180),
        overtime: 60,
        overtimeCost: 1.5,
        startLocation: rng.below(2),
        endLocation: one(0.2) ? null : rng.below(2),
        ...(one(0.7) ? { lunch: { from: day * DAY + 720, to: day * DAY + 780 + rng.below(60), length: 30 } } : {}),
        ...(one(0.3) ? { blocked: [{ from: day * DAY + 600, to: day * DAY + 640 }] } : {}),
      };
    }),
  }));
  const links: LinkInput[] = [];
  if (options.links) {
    links.push({ kind: 'together', first: 'j0', second: 'j1' });
    if (options.jobs > 3) links.push({ kind: 'before', first: 'j2', second: 'j3', gap: rng.below(30) });
    if (options.jobs > 12) links.push({ kind: 'before', first: 'j4', second: 'j5' }, { kind: 'before', first: 'j5', second: 'j6', gap: 10 }, { kind: 'together', first: 'j7', second: 'j8' }, { kind: 'before', first: 'j9', second: 'j7' });
  }
  return {
    jobs,
    vehicles,
    links,
    locations,
    travelTime,
    distance,
    travelSteps: one(0.6) ? [{ from: 510, factor: 2000 }, { from: 600, factor: 1000 }, { from: 1020, factor: 1250 }, { from: 1140, factor: 800 }] : [],
    buffer: one(0.5) ? 5 : 0,
    weights: { unserved: 1, promise: 1, overtime: 1, travelTime: 1, distance: 0.0002, fairness: options.fairness && one(0.7) ? 3 : 0, change: 1 },
    fairnessUnit: 60,
  };
}
