import { readOptions, report, say, type Figure } from './lib/report.ts';
import { runAll, type Run } from './lib/vrptw.ts';

// --dir: instances in the classical Solomon text, and best-known.csv with lines `instance,convention,vehicles,distance`.
const at = process.argv.indexOf('--dir');
const dir = at < 0 ? undefined : process.argv[at + 1];
if (!dir) throw new Error('--dir wants the folder of the instances');

const LONG = 10;
const SHORT = 1;
const HIERARCHICAL = 30;
/** Instances of the whole set on which the fleet may be larger than the best known. */
const LARGER_ALLOWED = 2;

const tell = (run: Run): void =>
  say(`${run.instance} ${run.convention} ${run.seconds} s: ${run.vehicles} vehicles (${run.best_vehicles}), ${run.distance} (${run.best_distance}), ${run.gap.toFixed(3)} %, ${run.cpu_seconds.toFixed(1)} s of processor, load ${run.load.toFixed(1)}`);
const mean = (runs: readonly Run[]): number => runs.reduce((sum, { gap }) => sum + gap, 0) / Math.max(1, runs.length);

const long = await runAll(dir, 'dimacs-1dp', LONG, tell);
const short = await runAll(dir, 'dimacs-1dp', SHORT, tell);
const fleet = await runAll(dir, 'hierarchical-double', HIERARCHICAL, tell);
const figures: Figure[] = [
  { name: `gap_mean_${LONG}s`, value: mean(long), unit: '%', target: { at_most: 0.1 } },
  { name: `gap_worst_${LONG}s`, value: Math.max(...long.map(({ gap }) => gap)), unit: '%', target: { at_most: 0.8 } },
  { name: `gap_mean_${SHORT}s`, value: mean(short), unit: '%', target: { at_most: 0.6 } },
  { name: `fewest_vehicles_${HIERARCHICAL}s`, value: fleet.filter(({ vehicles, best_vehicles }) => vehicles <= best_vehicles).length, unit: `of ${fleet.length}`, target: { at_least: fleet.length - LARGER_ALLOWED } },
];
report('vrptw', readOptions(), figures, { runs: [...long, ...short, ...fleet] });
