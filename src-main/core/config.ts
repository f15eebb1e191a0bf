import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { readHubAddress } from '../../src-shared/sync/pairing.ts';

export interface Config {
  dataDir: string;
  /** `CRM_DATABASE_URL`: the file of a single organisation, outside the data folder. */
  singleFile: string | null;
  demo: boolean;
  version: string;
  logLevel: string;
  /** Port of the network while an organisation is shared; 7412 unless told otherwise (`POLEVIK_LAN_PORT`). */
  lanPort?: number | undefined;
  /** Address to listen on for the network; all of them unless told otherwise (`POLEVIK_LAN_HOST`). */
  lanHost?: string | undefined;
  /** `POLEVIK_HUB_ADDRESS`: where others reach this hub, if not at the addresses of this machine. */
  hubAddress?: string | undefined;
  /** Public keys of whoever publishes updates; without any there are none. */
  updateKeys: readonly string[];
  /** `POLEVIK_UPDATES`: the folder to serve updates from; null leaves it to the page. */
  updatesFolder: string | null;
  /** `ADMIN_*` with `CREATE_ADMIN_ON_STARTUP=true`. */
  admin: { email: string; password: string; name: string; organization: string } | null;
}

/** Port of the HTTP door on loopback. */
export const DEFAULT_PORT = 7411;

declare const __POLEVIK_UPDATE_KEYS__: string | undefined;
/** What stood in `resources/update-key.pub` when the program was built. */
const BUILT_IN_KEYS = typeof __POLEVIK_UPDATE_KEYS__ === 'string' ? keysOf(__POLEVIK_UPDATE_KEYS__) : [];

/** Public keys as they stand in a file: one a line, `#` begins a remark. */
export function keysOf(text: string): string[] {
  return text.split(/[\r\n,]+/).map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

export interface ConfigInput {
  dataDir?: string | undefined;
  demo?: boolean | undefined;
  logLevel?: string | undefined;
}

declare const __POLEVIK_VERSION__: string | undefined;
export const VERSION = typeof __POLEVIK_VERSION__ === 'string' ? __POLEVIK_VERSION__ : '0.0.0-source';

/** Settings from flags first, then the environment, then what is usual on the platform. */
export function readConfig(input: ConfigInput, env: NodeJS.ProcessEnv = process.env): Config {
  const demo = input.demo ?? false;
  const url = env['CRM_DATABASE_URL'];
  return {
    dataDir: resolve(input.dataDir ?? env['POLEVIK_DATA_DIR'] ?? defaultDataDir(env, demo)),
    singleFile: url ? resolve(url.replace(/^sqlite:\/\/\//, '').replace(/^sqlite:|^file:/, '')) : null,
    demo,
    version: VERSION,
    logLevel: input.logLevel ?? env['POLEVIK_LOG_LEVEL'] ?? 'info',
    lanPort: env['POLEVIK_LAN_PORT'] ? Number(env['POLEVIK_LAN_PORT']) : undefined,
    lanHost: env['POLEVIK_LAN_HOST'],
    hubAddress: env['POLEVIK_HUB_ADDRESS'] ? readPublicAddress(env['POLEVIK_HUB_ADDRESS']) : undefined,
    // A program that was built with a key believes no other.
    updateKeys: BUILT_IN_KEYS.length > 0 ? BUILT_IN_KEYS : keysOf(env['POLEVIK_UPDATE_KEY'] ?? ''),
    updatesFolder: env['POLEVIK_UPDATES'] ? resolve(env['POLEVIK_UPDATES']) : null,
    admin: adminOf(env),
  };
}

/** A hub's address for others as it was set. @throws AppError INVALID `sync_address_malformed` */
export function readPublicAddress(typed: string): string {
  const address = readHubAddress(typed);
  if (!address) throw invalid('address', 'sync_address_malformed');
  return address;
}

function defaultDataDir(env: NodeJS.ProcessEnv, demo: boolean): string {
  const name = demo ? 'polevik-demo' : 'polevik';
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), demo ? 'Polevik Demo' : 'Polevik');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', demo ? 'Polevik Demo' : 'Polevik');
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), name);
}

function adminOf(env: NodeJS.ProcessEnv): Config['admin'] {
  if (env['CREATE_ADMIN_ON_STARTUP'] !== 'true') return null;
  const email = env['ADMIN_EMAIL'];
  const password = env['ADMIN_PASSWORD'];
  if (!email || !password) return null;
  return { email, password, name: env['ADMIN_NAME'] ?? email, organization: env['ADMIN_ORGANIZATION'] ?? 'Polevik' };
}

const SYNCED: [RegExp, string][] = [
  [/[\\/]OneDrive( - [^\\/]+)?([\\/]|$)/i, 'OneDrive'],
  [/[\\/]Dropbox([\\/]|$)/i, 'Dropbox'],
  [/[\\/](Google ?Drive|GoogleDrive)([\\/]|$)/i, 'Google Drive'],
  [/[\\/](Yandex\.?Disk|ЯндексДиск)([\\/]|$)/i, 'Яндекс Диск'],
  [/^(\\\\|\/\/)[^\\/?.]/, 'SMB'],
];

/** A folder that something else copies while the database is open damages it. @throws AppError STORE_UNAVAILABLE `unsafe_folder` */
export function refuseUnsafeFolder(folder: string): void {
  const service = SYNCED.find(([pattern]) => pattern.test(folder))?.[1];
  if (service) throw new AppError('STORE_UNAVAILABLE', { detail: 'unsafe_folder', params: { folder, service } });
}

const MAX_SOCKET_PATH = 100;

/** The local pipe over which the command line reaches the program that owns the folder. */
export function pipeOf(dataDir: string): string {
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\polevik-${key}`;
  const inFolder = join(dataDir, 'polevik.sock');
  return inFolder.length <= MAX_SOCKET_PATH ? inFolder : join(tmpdir(), `polevik-${key}.sock`);
}
