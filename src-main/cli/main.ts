import { Command } from 'commander';
import { VERSION } from '../core/config.ts';
import { COMMANDS } from './commands.ts';

const program = new Command('polevik').description('Offline-first desk of a field technician').version(VERSION).showHelpAfterError();
for (const register of COMMANDS) register(program);
await program.parseAsync();
