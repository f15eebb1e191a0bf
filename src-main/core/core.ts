import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { iso, systemClock, type Clock } from '../../src-shared/kernel/clock.ts';
import { createContentStores } from '../attachments/index.ts';
import { createAuth, createDirectory } from '../auth/index.ts';
import { removeOldExports } from '../exports/index.ts';
import { createJobs, type Jobs } from '../jobs/index.ts';
import { createOrganizations, memberPort } from '../organizations/index.ts';
import { createSyncService, type SyncService } from '../sync/index.ts';
import { createUpdates, type Updates } from '../updates/index.ts';
import { backupBeforeMigration } from '../store/backup.ts';
import type { Config } from './config.ts';
import type { House } from './house.ts';
import { createLongTasks } from './long-tasks.ts';
import { takeOwnership, type OwnerLock } from './owner-lock.ts';
import { createNotices } from './notices.ts';
import { createReaderPool, readerScript } from './readers.ts';
import { createVault, type Vault } from './vault.ts';

export interface CoreDeps {
  config: Config;
  clock?: Clock;
  log?: Logger;
  /** Another keeper of secrets than the operating system, for tests. */
  vault?: Vault | undefined;
}

/** The whole program without a window: store, services, doors to be attached. */
export interface Core {
  house: House;
  owner: OwnerLock;
  close(): Promise<void>;
}

/** Secrets that must not enter the log, whatever logs them. */
const REDACTED = ['password', 'otp', 'recovery_code', 'token', 'refresh_token', 'access_token', 'secret', 'authorization', 'cookie'];

export function createLog(level: string): Logger {
  const paths = REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*["${name}"]`]);
  return pino({ level, redact: { paths, censor: '***' }, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
}

/**
 * Builds the core on a data folder, which it owns until it is closed.
 * @throws AppError CONFLICT when another process owns the folder; STORE_UNAVAILABLE for a folder or file that cannot be used.
 */
export async function createCore(deps: CoreDeps): Promise<Core> {
  const { config } = deps;
  const clock = deps.clock ?? systemClock;
  const log = deps.log ?? createLog(config.logLevel);
  const owner = takeOwnership(config.dataDir);
  try {
    mkdirSync(join(config.dataDir, 'backups'), { recursive: true });
    removeOldExports(config.dataDir);
    const organizations = createOrganizations({
      dataDir: config.dataDir,
      singleFile: config.singleFile,
      clock,
      backupBeforeMigration: (file) => backupBeforeMigration(file, join(config.dataDir, 'backups'), clock),
    });
    const directory = createDirectory({ file: join(config.dataDir, 'directory.sqlite') });
    const readers = createReaderPool(readerScript());
    const auth = createAuth({
      directory,
      clock,
      organizations: memberPort(organizations),
      demo: config.demo,
      version: config.version,
      securityLog: (event) => {
        const store = organizationFor(organizations, event.organization_id);
        if (store) store.logSecurity({ type: event.type, user_id: event.user_id, address: event.address, details: event.details ?? {} });
        else log.info({ event }, 'security event outside any organisation');
      },
    });
    let sync: SyncService | null = null;
    let jobs: Jobs | null = null;
    let updates: Updates | null = null;
    const house: House = {
      config,
      clock,
      log,
      readers,
      auth,
      organizations,
      longTasks: createLongTasks(clock),
      attachments: createContentStores({ dataDir: config.dataDir, clock, log, organizations }),
      // Made when it is first asked for: most installations work alone.
      get sync() {
        return (sync ??= createSyncService(house, directory.db));
      },
      get jobs() {
        return (jobs ??= createJobs(house));
      },
      notices: createNotices(),
      vault: deps.vault ?? createVault(),
      get updates() {
        return (updates ??= createUpdates(house));
      },
      startedAt: iso(clock.now()),
      servedAt: null,
    };
    await auth.repair();
    if (config.admin) await auth.ensureAdmin(config.admin);
    return {
      house,
      owner,
      close: async () => {
        await jobs?.stop();
        await updates?.close();
        await sync?.close();
        await house.longTasks.close();
        house.attachments.close();
        await readers.close();
        organizations.close();
        directory.close();
        owner.release();
      },
    };
  } catch (error) {
    owner.release();
    throw error;
  }
}

function organizationFor(organizations: House['organizations'], id: string | null): ReturnType<House['organizations']['open']> | null {
  const all = organizations.list();
  const wanted = all.find((organization) => organization.id === id) ?? all[0];
  return wanted ? organizations.open(wanted.id) : null;
}
