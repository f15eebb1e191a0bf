import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { solveSolomon } from '../schedule/index.ts';
import { runCommand, type CommonOptions } from './command.ts';
import { print } from './output.ts';

interface BenchOptions extends CommonOptions {
  seconds: string;
  convention: string;
  seed: string;
  iterations?: string;
  workers: string;
}

const CONVENTIONS = ['dimacs-1dp', 'hierarchical-double'] as const;
const MOST_WORKERS = 16;

function wholeNumber(field: string, value: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most) throw number > most ? invalid(field, 'too_big', { max: most }) : invalid(field, 'too_small', { min: least });
  return number;
}

/** `polevik bench-vrptw FILE`: an instance in the classical Solomon text, solved by the schedule's solver. */
export function benchVrptwCommand(program: Command): void {
  program
    .command('bench-vrptw')
    .description('solve a vehicle routing instance in the classical Solomon text form')
    .argument('<file>', 'the instance')
    .option('--seconds <n>', 'wall time', '10')
    .option('--convention <name>', CONVENTIONS.join(' | '), 'dimacs-1dp')
    .option('--seed <n>', 'the same seed and iterations give the same answer', '1')
    .option('--iterations <n>', 'steps of each thread instead of a time')
    .option('--workers <n>', 'threads', '2')
    .option('--json', 'answer as one JSON object')
    .action((file: string, options: BenchOptions) =>
      runCommand(options, async () => {
        const convention = CONVENTIONS.find((name) => name === options.convention);
        if (!convention) throw invalid('convention', 'not_one_of', { values: CONVENTIONS.join(', ') });
        const seconds = Number(options.seconds);
        if (!(seconds > 0)) throw invalid('seconds', 'too_small', { min: 0 });
        const stop = new AbortController();
        process.once('SIGINT', () => stop.abort());
        const text = await readFile(file, 'utf8').catch(() => {
          throw invalid('file', 'file_unreadable', { file });
        });
        const answer = await solveSolomon(
          text,
          convention,
          {
            timeMs: seconds * 1000,
            seed: wholeNumber('seed', options.seed, 0),
            workers: wholeNumber('workers', options.workers, 0, MOST_WORKERS),
            ...(options.iterations === undefined ? {} : { iterations: wholeNumber('iterations', options.iterations, 1) }),
          },
          stop.signal,
        );
        print(options.json ?? false, answer, () => [...answer.routes.map((route, index) => `${index + 1}: ${route.join(' ')}`), `${answer.name}: ${answer.vehicles}, ${answer.distance} (${answer.convention}, ${answer.elapsed_ms} ms)`]);
      }),
    );
}
