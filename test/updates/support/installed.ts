import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHouse } from '../../support/house.ts';
import { signIn, until, type Station } from '../../sync/support/network.ts';
import { createUpdater, type Updater } from '../../../src-main/shell/updater.ts';
import type { ShellOrder } from '../../../src-main/core/update-line.ts';
import type { UpdatesState } from '../../../src-shared/updates/contract.ts';

const PARTS = new URL('./electron-parts.ts', import.meta.url).href;
// electron-updater asks for `electron` by itself, from its own folder.
registerHooks({ resolve: (specifier, context, next) => (specifier === 'electron' ? { url: PARTS, format: 'module-typescript', shortCircuit: true } : next(specifier, context)) });

/** An installation of a version as Windows has it: a device of the hub, with the real electron-updater beside its core. */
export interface Installed extends Station {
  updater: Updater;
  /** Orders of the core to the shell, oldest first. */
  orders: ShellOrder[];
  /** What electron-updater and the shell have logged. */
  log(): string;
  cache: string;
  keepIn: string;
  state(): Promise<UpdatesState>;
  /** Looks for updates and waits until the search and a download have ended. */
  look(): Promise<UpdatesState>;
}

interface InstalledOptions {
  /** Data of an installation that has joined the hub; it is copied. */
  data: string;
  member: string;
  version: string;
  publicKey: string;
  /** The installer of that version, which Windows' installer leaves in the cache. */
  installer?: string;
}

export async function install({ data, member, version, publicKey, installer }: InstalledOptions): Promise<Installed> {
  const base = mkdtempSync(join(tmpdir(), 'polevik-installed-'));
  const cache = join(base, 'cache', 'polevik-updater');
  const resources = join(base, 'resources');
  for (const folder of [cache, resources]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(resources, 'app-update.yml'), 'provider: generic\nurl: https://polevik.invalid/\nupdaterCacheDirName: polevik-updater\n');
  if (installer) copyFileSync(installer, join(cache, 'installer.exe'));
  cpSync(data, join(base, 'data'), { recursive: true });
  const station = await signIn(await startHouse({ dataDir: join(base, 'data'), config: { updateKeys: [publicKey], version } }), member);
  /** These are the process's own, and there are several installations in it. */
  const inPlace = (): void => {
    process.env['TEST_INSTALLED'] = JSON.stringify({ version, userData: join(base, 'profile') });
    process.env['XDG_CACHE_HOME'] = process.env['LOCALAPPDATA'] = join(base, 'cache');
    Object.defineProperty(process, 'resourcesPath', { value: resources, configurable: true });
  };
  inPlace();
  let text = '';
  const orders: ShellOrder[] = [];
  const { updates } = station.house.core.house;
  const keepIn = join(base, 'previous');
  const updater = createUpdater({
    kind: 'nsis',
    keepIn,
    log: (line) => void (text += line),
    send: (event) => {
      updates.heard(event);
      return true;
    },
    onRestart: () => undefined,
  });
  updates.attach('nsis', (order) => {
    orders.push(order);
    updater.heard(order);
  });
  const state = (): Promise<UpdatesState> => station.client.updates.state();
  return {
    ...station,
    updater,
    orders,
    cache,
    keepIn,
    log: () => text,
    state,
    look: async () => {
      inPlace();
      await station.client.updates.check();
      await until('the download has ended', async () => (await state()).stage !== 'downloading');
      return state();
    },
    close: async () => {
      await station.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}
