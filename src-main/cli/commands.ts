import type { Command } from 'commander';
import { serveCommand } from './serve.ts';

/** Every command of the command line, each in a file of its own. */
export const COMMANDS: readonly ((program: Command) => void)[] = [serveCommand];
