import { Command } from 'commander';
import { VERSION } from '../core/config.ts';
import { COMMANDS } from './commands.ts';
import { EXIT } from './output.ts';

/** Reads the command line and runs the command that it names. */
export async function runProgram(): Promise<void> {
  const program = new Command('polevik').description('Offline-first desk of a field technician').version(VERSION).showHelpAfterError();
  // Set before the commands, which inherit it.
  program.exitOverride((end) => process.exit(end.exitCode === 0 ? EXIT.ok : EXIT.usage));
  for (const register of COMMANDS) register(program);
  await program.parseAsync();
}
