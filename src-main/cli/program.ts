import { Command } from 'commander';
import { VERSION } from '../core/config.ts';
import { COMMANDS } from './commands.ts';

/** Reads the command line and runs the command that it names. */
export async function runProgram(): Promise<void> {
  const program = new Command('polevik').description('Offline-first desk of a field technician').version(VERSION).showHelpAfterError();
  for (const register of COMMANDS) register(program);
  await program.parseAsync();
}
