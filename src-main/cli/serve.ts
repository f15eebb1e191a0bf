import type { Command } from 'commander';
import { resolve } from 'node:path';
import { DEFAULT_PORT, readPublicAddress } from '../core/config.ts';
import { createCore, type Core } from '../core/core.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translator } from '../../src-shared/kernel/translate.ts';
import { HUB_PORT } from '../../src-shared/sync/pairing.ts';
import { localActor } from '../organizations/index.ts';
import type { LogOptions } from '../sync/index.ts';
import { createHttpDoor } from '../server/server.ts';
import { seedDemo } from '../seed/index.ts';
import { configOf, runCommand, withCommonOptions, type CommonOptions } from './command.ts';
import { readLogOptions, type LogFlags } from './hub-log.ts';
import { cliLanguage, print } from './output.ts';
import { say } from './words.ts';

interface ServeOptions extends CommonOptions, LogFlags {
  port?: string;
  host?: string;
  lanPort?: string;
  address?: string;
  updates?: string;
}

const UPDATES_HELP = 'folder with signed updates of the program for others (also POLEVIK_UPDATES)';

/** `polevik serve`: the core with its HTTP door, until it is stopped. */
export function serveCommand(program: Command): void {
  withCommonOptions(program.command('serve').description('serve the application on this machine'))
    .option('--port <n>', 'port', String(DEFAULT_PORT))
    .option('--host <host>', 'address; only loopback without a certificate', '127.0.0.1')
    .option('--updates <dir>', UPDATES_HELP)
    .action((options: ServeOptions) => runCommand(options, () => serve(options)));
  withCommonOptions(program.command('hub').description('serve the application and share the organisation on the network'))
    .option('--port <n>', 'port on this machine', String(DEFAULT_PORT))
    .option('--lan-port <n>', 'port of the network', String(HUB_PORT))
    .option('--address <address>', 'where devices reach this hub, if not at the addresses of this machine (also POLEVIK_HUB_ADDRESS)')
    .option('--updates <dir>', UPDATES_HELP)
    .option('--log <url>', 'keep the common log in PostgreSQL, beside other hub processes: postgres://… (also POLEVIK_LOG_URL, POLEVIK_LOG_URL_FILE)')
    .option('--from <address>', 'the hub process to fetch this one’s copy of the log from, where it has none')
    .option('--new-log', 'the database is lost: begin the log again from this hub’s copy')
    .action((options: ServeOptions) => runCommand(options, () => serve(options, true)));
}

async function serve(options: ServeOptions, asHub = false): Promise<void> {
  const onLog = asHub ? readLogOptions(options) : null;
  const core = await createCore({ config: { ...configOf(options), ...(options.updates ? { updatesFolder: resolve(options.updates) } : {}), ...(options.lanPort ? { lanPort: Number(options.lanPort) } : {}), ...(options.address ? { hubAddress: readPublicAddress(options.address) } : {}) } });
  try {
    if (options.demo) await seedDemo(core.house);
    const door = await createHttpDoor(core);
    try {
      const url = await door.listen({ port: Number(options.port ?? DEFAULT_PORT), host: options.host ?? '127.0.0.1' });
      const first = core.house.auth.firstRun();
      const link = first ? url : `${url}/link#token=${core.house.auth.issueLocalLink()}`;
      print(options.json ?? false, { url, link, pid: process.pid }, () => (first ? say('serving_first', { url }) : say('serving', { url, link })));
      if (asHub) await share(core, options, onLog);
      core.house.sync.startAgents();
      core.house.jobs.start();
      await tellUpdates(core, options);
      await stopped();
    } finally {
      await door.close();
    }
  } finally {
    await core.close();
  }
}

/** Opens the organisation for the network. @throws AppError NOT_FOUND while there is none */
async function share({ house }: Core, options: ServeOptions, onLog: LogOptions | null): Promise<void> {
  const organization = localActor(house, options.organization)?.organization_id;
  if (!organization) throw new AppError('NOT_FOUND', { detail: 'no_organization' });
  if (onLog) await house.sync.shareOnLog(organization, onLog);
  else await house.sync.share(organization, true);
  const { lan, urls } = house.sync;
  print(options.json ?? false, { urls, fingerprint: lan?.fingerprint ?? null }, () => say('hub_on', { urls: urls.join(', '), fingerprint: lan?.fingerprint ?? '' }));
}

/** What is served to others, or why it is not. */
async function tellUpdates({ house }: Core, options: ServeOptions): Promise<void> {
  const folder = house.updates.folder();
  if (!folder) return;
  const { feeds, problems } = await folder.look();
  const versions = feeds.map(({ statement }) => statement.version);
  const faults = problems.map(({ file, fault }) => translator(cliLanguage(), 'updates')(`faults.${fault}`) + (file ? ` (${file})` : ''));
  print(options.json ?? false, { updates: folder.path, versions, problems }, () => [
    ...(versions.length > 0 ? [say('updates_served', { folder: folder.path, versions: versions.join(', ') })] : []),
    ...faults.map((fault) => say('updates_not_served', { folder: folder.path, fault })),
  ]);
}

/** Resolves when the system or the person asks the program to end. */
function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
