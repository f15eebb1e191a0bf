import type { Command } from 'commander';
import { readConfig, type Config } from '../core/config.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { connect, isWithoutOrganization, type Connection } from './connect.ts';
import { EXIT, printError } from './output.ts';

/** Options that every command understands. */
export interface CommonOptions {
  dataDir?: string;
  organization?: string;
  demo?: boolean;
  json?: boolean;
}

/** Adds the options that every command understands. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--data-dir <dir>', 'data folder (also POLEVIK_DATA_DIR)')
    .option('--organization <id>', 'organisation, where there are several')
    .option('--demo', 'the demonstration data folder')
    .option('--json', 'answer as one JSON object');
}

export const configOf = (options: CommonOptions): Config => readConfig({ dataDir: options.dataDir, demo: options.demo });

/** Runs the work of a command and turns every failure into a sentence and an exit code. */
export async function runCommand(options: CommonOptions, work: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? EXIT.ok;
  } catch (error) {
    process.exitCode = printError(error, options.json ?? false);
  }
}

/**
 * The same with a connection to the data folder, closed at the end. `onEmpty` is for commands that make sense before there is an
 * organisation; the others are refused. @throws AppError NOT_FOUND
 */
export async function runConnected(options: CommonOptions, work: (connection: Connection) => Promise<number | void>, onEmpty?: () => number | void): Promise<void> {
  await runCommand(options, async () => {
    const connection = await connect(configOf(options), options.organization);
    try {
      return await work(connection);
    } catch (error) {
      if (!isWithoutOrganization(connection, error)) throw error;
      if (onEmpty) return onEmpty();
      throw new AppError('NOT_FOUND', { detail: 'no_organization' });
    } finally {
      await connection.close();
    }
  });
}
