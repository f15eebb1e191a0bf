import type { Logger } from 'pino';
import type { Clock } from '../../src-shared/kernel/clock.ts';
import type { ContentStores } from '../attachments/index.ts';
import type { Auth } from '../auth/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Organizations } from '../organizations/index.ts';
import type { Config } from './config.ts';
import type { LongTasks } from './long-tasks.ts';
import type { SyncService } from '../sync/index.ts';
import type { Notices } from './notices.ts';
import type { Updates } from '../updates/index.ts';
import type { ReaderPool } from './readers.ts';
import type { Vault } from './vault.ts';

/** Everything that lives as long as the core does; built once by `createCore`, handed to every call. */
export interface House {
  config: Config;
  clock: Clock;
  log: Logger;
  readers: ReaderPool;
  auth: Auth;
  organizations: Organizations;
  longTasks: LongTasks;
  /** Contents of files. */
  attachments: ContentStores;
  sync: SyncService;
  /** What the program does by itself; on its timetable only where `start` was called. */
  jobs: Jobs;
  notices: Notices;
  vault: Vault;
  updates: Updates;
  startedAt: string;
  /** Where browsers reach this program; null while it serves none. */
  servedAt: string | null;
}
