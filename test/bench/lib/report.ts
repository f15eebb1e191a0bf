import Database from 'better-sqlite3';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** Folder of the project; the benchmarks run from `dist/bench`. */
export const ROOT = join(import.meta.dirname, '../..');

/** One figure with what it is to reach. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What the figure must not fall below or rise above. */
  target?: { at_least?: number; at_most?: number; goal?: number };
}

export interface Options {
  /** 1 is 100,000 clients, 500,000 tickets and 1,000,000 notes. */
  size: number;
  /** Seconds of each timed stretch, where a benchmark runs by time. */
  seconds: number;
  save: boolean;
}

/** `--size 0.01`, `--seconds 5`, `--save`; the JSON line is printed always, `--json` is taken as said. */
export function readOptions(words: readonly string[] = process.argv.slice(2)): Options {
  const number = (name: string, usual: number): number => {
    const at = words.indexOf(name);
    const value = at >= 0 ? Number(words[at + 1]) : usual;
    if (!(value > 0)) throw new Error(`${name} wants a number above 0`);
    return value;
  };
  return { size: number('--size', 1), seconds: number('--seconds', 15), save: words.includes('--save') };
}

/** What else the machine was doing when the benchmark began: processes that wanted a core, over the last minute. */
const loadBefore = loadavg()[0] ?? 0;

/** What the figures were measured on. */
function machine(): Record<string, unknown> {
  const memory = new Database(':memory:');
  const { version } = memory.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  memory.close();
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memory_gib: Math.round(totalmem() / 1024 ** 3), system: `${platform()} ${arch()} ${release()}`, node: process.version, sqlite: version };
}

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

const reached = ({ value, target }: Figure): boolean => (target?.at_least === undefined || value >= target.at_least) && (target?.at_most === undefined || value <= target.at_most);
const wanted = ({ target, unit }: Figure): string => {
  if (!target) return '';
  const bound = target.at_least === undefined ? `at most ${target.at_most} ${unit}` : `at least ${target.at_least} ${unit}`;
  return ` (${bound}${target.goal === undefined ? '' : `, goal ${target.goal}`})`;
};

/** Prints the figures for a person on stderr and as one JSON object on the last line of stdout; `--save` keeps them as the baseline. */
export function report(name: string, options: Options, figures: readonly Figure[], data: Record<string, unknown>): void {
  for (const figure of figures) say(`${reached(figure) ? ' ' : '!'} ${figure.name}: ${round(figure.value)} ${figure.unit}${wanted(figure)}`);
  const result = {
    benchmark: name,
    reached: figures.every(reached),
    figures: Object.fromEntries(figures.map((figure) => [figure.name, { value: round(figure.value), unit: figure.unit, ...(figure.target ? { target: figure.target, reached: reached(figure) } : {}) }])),
    size: options.size,
    data,
    machine: machine(),
    load_before: round(loadBefore),
    measured_at: new Date().toISOString(),
  };
  if (options.save) {
    const folder = join(ROOT, 'test/bench/baselines');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

export const round = (value: number): number => (Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000);

/** The value below which the given share lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
export const median = (values: readonly number[]): number => percentile(values, 0.5);
