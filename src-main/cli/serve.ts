import type { Command } from 'commander';
import { DEFAULT_PORT } from '../core/config.ts';
import { createCore } from '../core/core.ts';
import { startJobs } from '../jobs/index.ts';
import { createHttpDoor } from '../server/server.ts';
import { seedDemo } from '../seed/index.ts';
import { configOf, runCommand, withCommonOptions, type CommonOptions } from './command.ts';
import { print } from './output.ts';
import { say } from './words.ts';

interface ServeOptions extends CommonOptions {
  port?: string;
  host?: string;
}

/** `polevik serve`: the core with its HTTP door, until it is stopped. */
export function serveCommand(program: Command): void {
  withCommonOptions(program.command('serve').description('serve the application on this machine'))
    .option('--port <n>', 'port', String(DEFAULT_PORT))
    .option('--host <host>', 'address; only loopback without a certificate', '127.0.0.1')
    .action((options: ServeOptions) => runCommand(options, () => serve(options)));
}

async function serve(options: ServeOptions): Promise<void> {
  const core = await createCore({ config: configOf(options) });
  try {
    if (options.demo) await seedDemo(core.house);
    const door = await createHttpDoor(core);
    const url = await door.listen({ port: Number(options.port ?? DEFAULT_PORT), host: options.host ?? '127.0.0.1' });
    const first = core.house.auth.firstRun();
    const link = first ? url : `${url}/link#token=${core.house.auth.issueLocalLink()}`;
    print(options.json ?? false, { url, link, pid: process.pid }, () => (first ? say('serving_first', { url }) : say('serving', { url, link })));
    const jobs = startJobs(core.house);
    await stopped();
    await jobs.stop();
    await door.close();
  } finally {
    await core.close();
  }
}

/** Resolves when the system or the person asks the program to end. */
function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
