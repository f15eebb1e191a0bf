import { invalid } from '../../../../src-shared/kernel/errors.ts';
import { runThreads } from '../threads.ts';
import { between, readSolomon, toPlain, type Convention, type SolomonInstance } from './solomon.ts';

export interface SolomonAnswer {
  name: string;
  convention: Convention;
  vehicles: number;
  /** Under the convention: sum of distances truncated to one decimal, or the true length. */
  distance: number;
  /** Numbers of the file, route by route. */
  routes: number[][];
  steps: number;
  elapsed_ms: number;
}

export interface SolomonLimits {
  timeMs: number;
  seed?: number;
  iterations?: number;
  workers?: number;
}

const USUAL_WORKERS = 2;
/** Kept from the time for starting threads and printing. */
const RESERVE_MS = 30;

/**
 * Solves an instance in the classical Solomon text.
 * @throws AppError for a text that is not one, or an instance that not even the longest search finds a way through
 */
export async function solveSolomon(text: string, convention: Convention, limits: SolomonLimits, signal?: AbortSignal): Promise<SolomonAnswer> {
  const began = Date.now();
  const instance = parse(text);
  const { plain, order } = toPlain(instance, convention);
  const workers = limits.workers ?? USUAL_WORKERS;
  const fewestVehicles = convention === 'hierarchical-double';
  const iterations = limits.iterations ?? 0;
  const until = iterations > 0 ? Infinity : began + limits.timeMs - RESERVE_MS;
  const answers = await runThreads({ plain: { plain, seed: limits.seed ?? 1, until, iterations, fewestVehicles } }, workers, iterations > 0, plain.clients + plain.vehicles, () => undefined, signal);
  const found = answers.flatMap(({ best }) => (best ? [best] : [])).sort((a, b) => (fewestVehicles ? a.routes.length - b.routes.length : 0) || a.cost - b.cost);
  const best = found[0];
  if (!best) throw invalid('file', 'vrptw_no_way');
  const rows = best.routes.map((route) => route.map((client) => order[client] ?? 0));
  check(instance, rows, convention);
  const distance = rows.reduce((sum, route) => sum + lengthOf(instance, route, convention), 0);
  const routes = rows.map((route) => route.map((row) => instance.rows[row]?.[0] ?? row)).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return { name: instance.name, convention, vehicles: routes.length, distance: Math.round(distance * 1e6) / 1e6, routes, steps: answers.reduce((sum, { steps }) => sum + steps, 0), elapsed_ms: Date.now() - began };
}

function parse(text: string): SolomonInstance {
  try {
    return readSolomon(text);
  } catch {
    throw invalid('file', 'vrptw_form');
  }
}

function lengthOf(instance: SolomonInstance, route: readonly number[], convention: Convention): number {
  let sum = 0;
  let from = 0;
  for (const to of [...route, 0]) {
    sum += between(instance.rows[from] ?? [], instance.rows[to] ?? [], convention);
    from = to;
  }
  return sum;
}

/** Goes through the answer on the true figures once more; nothing that breaks a rule is printed. */
function check(instance: SolomonInstance, routes: readonly (readonly number[])[], convention: Convention): void {
  const seen = new Set(routes.flat());
  if (seen.size !== instance.rows.length - 1 || routes.flat().length !== seen.size) throw new Error('the answer does not serve everybody once');
  for (const route of routes) {
    let load = 0;
    let time = instance.rows[0]?.[4] ?? 0;
    let from = 0;
    for (const to of [...route, 0]) {
      const row = instance.rows[to] ?? [];
      time = Math.max(time + between(instance.rows[from] ?? [], row, convention), to === 0 ? 0 : (row[4] ?? 0));
      if (time > (row[5] ?? 0) + 1e-6) throw new Error('the answer is late');
      if (to !== 0) time += row[6] ?? 0;
      load += to === 0 ? 0 : (row[3] ?? 0);
      from = to;
    }
    if (load > instance.capacity) throw new Error('the answer overloads a vehicle');
  }
}
