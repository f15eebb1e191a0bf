import { Command } from 'commander';
import { VERSION } from '../core/config.ts';
import { COMMANDS } from './commands.ts';
import { EXIT } from './output.ts';

const SYNC_FLAG = /^--sync-anydesk-id(?:=(.*))?$/s;

/** Also as a switch, the way the installed program was called before it had commands: `--sync-anydesk-id 12 --json`, `--sync-anydesk-id=12`. */
export function withoutFlagForm(words: readonly string[]): string[] {
  const at = words.findIndex((word) => SYNC_FLAG.test(word));
  if (at < 0) return [...words];
  const value = SYNC_FLAG.exec(words[at] as string)?.[1];
  return ['sync-anydesk-id', ...(value === undefined ? [] : [value]), ...words.slice(0, at), ...words.slice(at + 1)];
}

/** Reads the command line and runs the command that it names. */
export async function runProgram(): Promise<void> {
  const program = new Command('polevik').description('Offline-first desk of a field technician').version(VERSION).showHelpAfterError();
  // Set before the commands, which inherit it.
  program.exitOverride((end) => process.exit(end.exitCode === 0 ? EXIT.ok : EXIT.usage));
  for (const register of COMMANDS) register(program);
  // An installed program is its own file: there is no script before its words.
  const installed = 'electron' in process.versions && !('defaultApp' in process && process.defaultApp);
  await program.parseAsync(withoutFlagForm(process.argv.slice(installed ? 1 : 2)), { from: 'user' });
}
