import { app } from 'electron';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runApplication } from './application.ts';
import { readCommandLine, wordsOf } from './command-line.ts';

/** The command line of the installed program: the same commands as everywhere, with no window and no graphics. */
async function runCommand(): Promise<void> {
  app.disableHardwareAcceleration();
  app.dock?.hide();
  await import(pathToFileURL(join(import.meta.dirname, '../main/polevik.mjs')).href);
  // What was printed into a pipe must be out before the process is gone.
  for (const stream of [process.stdout, process.stderr]) await new Promise<void>((done) => void stream.write('', () => done()));
  app.exit(Number(process.exitCode ?? 0));
}

const launch = readCommandLine(wordsOf(process.argv, process.defaultApp));
if (launch.kind === 'command') await runCommand();
else void runApplication(launch);
