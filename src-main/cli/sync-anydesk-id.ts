import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { hostname } from 'node:os';
import { createOutbox, readOwn, sendReport, type OwnReading } from '../remote-access/index.ts';
import { configOf, runCommand, runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import { EXIT, print } from './output.ts';
import { say } from './words.ts';

interface SyncOptions extends CommonOptions {
  install?: boolean;
  hub?: string;
  tokenFile?: string;
  ca?: string;
  patience: string;
}

/** Outcomes of their own, beside the codes of every command. */
const OUTCOME = { not_installed: 20, install_refused: 21, install_failed: 22, not_ready: 23, tool_failed: 23, kept: 24, not_hub: 25 } as const;

/** `polevik sync-anydesk-id <client>`: reads this machine's AnyDesk address and writes it into the client's card, here or at a hub. */
export function syncAnydeskIdCommand(program: Command): void {
  withCommonOptions(program.command('sync-anydesk-id').argument('<client>', 'number or id of the client that this machine belongs to').description('read this machine’s AnyDesk address and write it into the client’s card'))
    .option('--install', 'install AnyDesk from the administrator’s file where it is missing')
    .option('--hub <url>', 'send it to this program’s REST port instead of the own data folder')
    .option('--token-file <file>', 'file with the API token for the hub (or POLEVIK_TOKEN)')
    .option('--ca <file>', 'certificate of the hub’s own authority, PEM')
    .option('--patience <seconds>', 'how long to wait for the tool to be ready', '60')
    .action((client: string, options: SyncOptions) => (options.hub ? runCommand(options, () => toHub(client, options, options.hub as string)) : runConnected(options, async (connection) => {
      await connection.client.remoteAccess.report({ id: client, report: AT_IT });
      const own = await read(options);
      const access = await connection.client.remoteAccess.report({ id: client, report: reportOf(own) });
      return told(options, own, { client: access.client_id, kept: false });
    })));
}

const read = async (options: SyncOptions): Promise<OwnReading> => {
  const patience = Number(options.patience);
  if (!(patience >= 0)) throw invalid('patience', 'too_small', { min: 0 });
  return readOwn(configOf(options).dataDir, { install: options.install ?? false, patienceMs: patience * 1000 });
};
/** That somebody's request has arrived where it was meant to; the answer may take a minute. */
const AT_IT = { picked_up: true as const, machine: hostname().slice(0, 100) };
const reportOf = (own: OwnReading) => (own.failed === undefined ? own.report : { failed: own.failed });

async function toHub(client: string, options: SyncOptions, hub: string): Promise<number> {
  const token = (options.tokenFile ? await readFile(options.tokenFile, 'utf8').catch(() => Promise.reject(invalid('token-file', 'file_unreadable', { file: options.tokenFile ?? '' }))) : (process.env['POLEVIK_TOKEN'] ?? '')).trim();
  if (!token) throw invalid('token-file', 'required');
  const ca = options.ca ? await readFile(options.ca, 'utf8').catch(() => Promise.reject(invalid('ca', 'file_unreadable', { file: options.ca ?? '' }))) : undefined;
  const place = { url: hub, token, ca };
  const outbox = createOutbox(join(configOf(options).dataDir, 'remote-outbox.json'));
  // Whoever asked may see that the machine is at it. Where the hub cannot be told so, it cannot be told the rest either, which is said then.
  await sendReport(place, client, AT_IT).catch(() => undefined);
  const own = await read(options);
  const report = reportOf(own);
  try {
    // What an earlier run could not tell goes first, so that the newest word is the last.
    for (const waiting of outbox.list(hub)) {
      if (waiting.client !== client) await sendReport(place, waiting.client, waiting.report);
      outbox.drop(waiting);
    }
    await sendReport(place, client, report);
  } catch (error) {
    if (error instanceof AppError && error.data.detail === 'sync_unreachable') {
      outbox.put({ hub, client, report, at: iso(Date.now()) });
      return told(options, own, { client, kept: true });
    }
    if (error instanceof AppError && error.data.detail === 'sync_not_hub') {
      print(options.json ?? false, { outcome: 'not_hub', hub }, () => say('anydesk_not_hub', { hub }));
      return OUTCOME.not_hub;
    }
    throw error;
  }
  return told(options, own, { client, kept: false });
}

/** What became of an installation, and what was left of one that failed. */
function toldOfInstallation({ install }: OwnReading): string[] {
  if (!install) return [];
  if (install.done) return [say(install.signature === 'valid' ? 'anydesk_installed' : 'anydesk_installed_unsigned', { file: install.installed.file })];
  const why = say(`anydesk_why_${install.why}`, { detail: install.detail ?? '' });
  return 'rolled_back' in install ? [why, say(install.rolled_back ? 'anydesk_rolled_back' : 'anydesk_left_over')] : [why];
}

function told(options: SyncOptions, own: OwnReading, { client, kept }: { client: string; kept: boolean }): number {
  const outcome = own.failed ?? (kept ? 'kept' : 'done');
  const address = own.failed === undefined ? own.report.address : '';
  print(options.json ?? false, { outcome, client, kept, ...(own.failed === undefined ? own.report : { install: own.install ?? null }) }, () => [
    say(`anydesk_${outcome}`, { address, client }),
    ...toldOfInstallation(own),
  ]);
  if (own.failed !== undefined) return OUTCOME[own.failed];
  return kept ? OUTCOME.kept : EXIT.ok;
}
