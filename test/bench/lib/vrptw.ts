import { readFileSync, readdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { solveSolomon } from '../../../src-main/schedule/index.ts';

type Convention = 'dimacs-1dp' | 'hierarchical-double';

/** One instance solved once. */
export interface Run {
  instance: string;
  convention: Convention;
  seconds: number;
  vehicles: number;
  distance: number;
  best_vehicles: number;
  best_distance: number;
  /** How much longer than the best known, %. */
  gap: number;
  /** Processor time of all threads, and the machine's load at the end. */
  cpu_seconds: number;
  load: number;
}

const HEAD_LINES = 9;
const SHUFFLE = 48_271;
const PRIME = 2_147_483_647;

/** The customers of an instance in another order, always the same one; the depot stays first. */
function shuffled(text: string): string {
  const lines = text.trimEnd().split(/\r?\n/);
  const depot = lines.findIndex((line, index) => index >= HEAD_LINES - 1 && /^\s*0\s/.test(line));
  const customers = lines.slice(depot + 1);
  let state = customers.length;
  for (let at = customers.length - 1; at > 0; at--) {
    state = (state * SHUFFLE) % PRIME;
    const other = state % (at + 1);
    [customers[at], customers[other]] = [customers[other] ?? '', customers[at] ?? ''];
  }
  return [...lines.slice(0, depot + 1), ...customers, ''].join('\n');
}

/** The best known values of a folder: lines `instance,convention,vehicles,distance`. */
function bestKnown(dir: string): Map<string, { vehicles: number; distance: number }> {
  const rows = readFileSync(join(dir, 'best-known.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
  return new Map(rows.map((row) => row.split(',')).map(([instance, convention, vehicles, distance]) => [`${instance} ${convention}`, { vehicles: Number(vehicles), distance: Number(distance) }]));
}

/** Solves every instance of a folder that has a best known value, one after the other, and tells each. */
export async function runAll(dir: string, convention: Convention, seconds: number, onRun: (run: Run) => void): Promise<Run[]> {
  const best = bestKnown(dir);
  const runs: Run[] = [];
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.txt')).toSorted()) {
    const instance = file.slice(0, -'.txt'.length);
    const known = best.get(`${instance} ${convention}`);
    if (!known) continue;
    const before = process.cpuUsage();
    const { vehicles, distance } = await solveSolomon(shuffled(readFileSync(join(dir, file), 'utf8')), convention, { timeMs: seconds * 1000 });
    const { user, system } = process.cpuUsage(before);
    const run = {
      instance,
      convention,
      seconds,
      vehicles,
      distance,
      best_vehicles: known.vehicles,
      best_distance: known.distance,
      gap: (100 * (distance - known.distance)) / known.distance,
      cpu_seconds: (user + system) / 1e6,
      load: loadavg()[0] ?? 0,
    };
    runs.push(run);
    onRun(run);
  }
  return runs;
}
