import type { Command } from 'commander';
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { PairedDevice, SyncState } from '../../src-shared/sync/contract.ts';
import { runConnected, withCommonOptions, type CommonOptions } from './command.ts';
import type { Client } from './connect.ts';
import { EXIT, print } from './output.ts';
import { readPassword } from './password.ts';
import { say } from './words.ts';

interface SyncOptions extends CommonOptions {
  watch?: boolean;
  once?: boolean;
  hub?: string;
  anew?: boolean;
}
interface PairOptions extends CommonOptions {
  hub?: string;
  code?: string;
  for?: string;
}

/** `sync`, `pair`, `device list`, `device revoke`, `bundle export`, `bundle import`. */
export function syncCommands(program: Command): void {
  withCommonOptions(program.command('sync').description('exchange with the hub'))
    .option('--once', 'exchange once and end (what happens without --watch)')
    .option('--watch', 'go on until it is stopped')
    .option('--hub <address>', 'another address of the same hub, or another of its processes, for this run')
    .option('--anew', 'first take the copy anew from the hub, where its rows differ though it has read everything; what waits stays')
    .action((options: SyncOptions) =>
      runConnected(options, async ({ client, core }) => {
        if (options.anew) await client.sync.takeAnew();
        if (!options.watch || (options.hub && !core)) {
          const state = await client.sync.now({ hub: options.hub });
          if (!options.watch) return told(options, state);
        }
        core?.house.sync.startAgents(options.hub);
        return watch(options, client);
      }),
    );

  withCommonOptions(program.command('pair').description('join a hub by a pairing code, or make a code for a member here'))
    .option('--code <code>', 'the code that the hub shows')
    .option('--hub <address>', 'the hub’s address, where it is not heard on the network')
    .option('--for <member>', 'make a code for this member (number, e-mail or name); the program must be running as a hub')
    .action((options: PairOptions) =>
      runConnected(options, async ({ client }) => {
        if (options.for !== undefined) {
          const made = await client.sync.createCode({ user_id: options.for });
          const { urls } = await client.sync.sharing();
          print(options.json ?? false, { code: made.code, expires_at: made.expires_at, urls }, () => say('pairing_code', { code: made.code, expires_at: made.expires_at, url: urls[0] ?? '' }));
          return EXIT.ok;
        }
        if (!options.code) throw invalid('code', 'required');
        const joined = await client.sync.join({ code: options.code, hub: options.hub, password: await readPassword('POLEVIK_PASSWORD') });
        print(options.json ?? false, joined, () => say('joined', { organization: joined.organization.name, email: joined.member.email }));
        return EXIT.ok;
      }),
    );

  bundleCommands(program);

  const device = program.command('device').description('installations that were paired with this hub');
  withCommonOptions(device.command('list').description('installations, with their last contact')).action((options: CommonOptions) =>
    runConnected(options, async ({ client }) => {
      const { items } = await client.sync.devices();
      print(options.json ?? false, { items }, () =>
        items.length === 0 ? say('no_devices') : items.map(deviceLine),
      );
      return EXIT.ok;
    }),
  );
  withCommonOptions(device.command('revoke').argument('<id>', 'the installation').description('cut an installation off at once')).action((id: string, options: CommonOptions) =>
    runConnected(options, async ({ client }) => {
      const answer = await client.sync.revoke({ id });
      print(options.json ?? false, answer, () => say('device_revoked'));
      return EXIT.ok;
    }),
  );
}

function deviceLine({ id, name, user_name, version, revoked_at, last_contact, lag }: PairedDevice): string {
  const state = revoked_at ? say('device_cut', { time: revoked_at }) : last_contact ? say('device_seen', { time: last_contact, lag: lag ?? 0 }) : say('device_new');
  return say('device_line', { id, name, user: user_name ?? '', version, state });
}

interface BundleOptions extends CommonOptions {
  since?: string;
  out?: string;
}

function bundleCommands(program: Command): void {
  const bundle = program.command('bundle').description('exchange with a colleague’s copy through a file, without the hub');
  withCommonOptions(bundle.command('export').description('write a signed file with what this copy knows'))
    .option('--since <position>', 'how far the other copy has read the common log; the last 5000 positions go along otherwise')
    .option('--out <file>', 'where to; by default a name with the date, here')
    .action((options: BundleOptions) =>
      runConnected(options, async ({ client }) => {
        if (options.since !== undefined && !/^\d{1,15}$/.test(options.since)) throw invalid('since', 'too_small', { min: 0 });
        const file = await client.sync.exportBundle(options.since === undefined ? {} : { since: Number(options.since) });
        const out = options.out ?? file.name;
        await writeFile(out, file.stream());
        print(options.json ?? false, { out, bytes: file.size }, () => say('bundle_written', { out, bytes: file.size }));
        return EXIT.ok;
      }),
    );
  withCommonOptions(bundle.command('import').argument('<file>', 'a colleague’s bundle').description('check a bundle and take it in')).action((name: string, options: CommonOptions) =>
    runConnected(options, async ({ client }) => {
      const bytes = await openAsBlob(name).catch(() => {
        throw new AppError('NOT_FOUND', { field: 'file', detail: 'file_unreadable', params: { file: name } });
      });
      const taken = await client.sync.importBundle({ file: new File([bytes], basename(name)) });
      print(options.json ?? false, taken, () => say('bundle_taken', { ...taken }));
      return taken.left > 0 || taken.returned > 0 ? EXIT.failed : EXIT.ok;
    }),
  );
}

/** 0 when both sides agree, `failed` when something still waits or needs a person. */
function told(options: SyncOptions, state: SyncState): number {
  print(options.json ?? false, state, () => say('synced', { state: say(`sync_state_${state.state}`), waiting: state.waiting, cursor: state.cursor, head: state.head }));
  return state.waiting > 0 || state.diverged ? EXIT.failed : EXIT.ok;
}

async function watch(options: SyncOptions, client: Client): Promise<number> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  let last = '';
  try {
    for await (const _ of await client.sync.watch(undefined, { signal: ending.signal })) {
      const state = await client.sync.status();
      const line = `${state.state} ${state.waiting} ${state.cursor} ${state.head}`;
      if (line !== last) told(options, state);
      last = line;
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
  return EXIT.ok;
}
