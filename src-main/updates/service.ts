import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translator } from '../../src-shared/kernel/translate.ts';
import type { UpdatesState } from '../../src-shared/updates/contract.ts';
import type { CheckOutcome } from '../../src-shared/updates/model.ts';
import { bucketOf, endOfInstall, isFailure, judge, mayInstall, waitAfter, type Busy } from '../../src-shared/updates/rules.ts';
import type { House } from '../core/house.ts';
import { backup } from '../store/backup.ts';
import { busyWith } from './busy.ts';
import { FeedError, sha512OfFile, type VerifiedFeed } from './feed.ts';
import { createUpdatesFolder, type UpdatesFolder } from './folder.ts';
import { openMemory, type UpdatesMemory } from '../core/update-memory.ts';
import { openRelay, type Relay } from './relay.ts';
import { shellEvent, type ProgramKind, type ShellEvent, type ShellOrder } from '../core/update-line.ts';
import { fetchFeed, sourceOf, type UpdateSource } from './source.ts';

const INSTALLER_ENDING: Record<ProgramKind, string> = { nsis: '.exe', appimage: '.AppImage' };
const feedNameOf = (kind: ProgramKind): string => (kind === 'nsis' ? 'latest.yml' : `latest-linux${process.arch === 'x64' ? '' : `-${process.arch}`}.yml`);

/** The page keeps what is being typed in the core this long after the last key, at the latest. */
const SETTLED_MS = 1_500;
/** The first look leaves the start of the program alone. */
const FIRST_LOOK_MS = 20_000;

interface Found {
  feed: VerifiedFeed;
  stage: 'downloading' | 'ready' | 'installing';
  relay: Relay | null;
  size: number;
  /** Bytes that came from the source, once the relay is closed. */
  received: number;
  /** The downloaded installer, once it has been checked. */
  file: string | null;
}

/** Updates of this installation, and the folder that it serves to others. */
export interface Updates {
  /** The folder that is served; null where there is none. */
  folder(): UpdatesFolder | null;
  readonly memory: UpdatesMemory;
  /** Whether this program can update itself. */
  readonly able: boolean;
  /** A shell is there that can install; its own events go to `heard`. */
  attach(kind: ProgramKind, send: (order: ShellOrder) => void): void;
  heard(message: unknown): void;
  /** The program has come up: tells what became of an installation, and looks for updates from now on. */
  begin(): void;
  state(language: 'ru' | 'en', organizationId: string): UpdatesState;
  /** Looks now, or only where it is due. @throws AppError CONFLICT `updates_unable` when somebody asked and it cannot */
  look(organizationId: string, asked: boolean): Promise<void>;
  /** @throws AppError CONFLICT `updates_nothing_ready`, `updates_busy`; STORE_UNAVAILABLE when the backup before it failed */
  install(when: 'now' | 'at_quit' | 'later', language: 'ru' | 'en'): Promise<void>;
  close(): Promise<void>;
}

export function createUpdates(house: House): Updates {
  const { config, clock, log } = house;
  const memory = openMemory(config.dataDir);
  const keys = config.updateKeys;
  const ending = new AbortController();
  let served: UpdatesFolder | null = null;
  let shell: { kind: ProgramKind; send: (order: ShellOrder) => void } | null = null;
  let found: Found | null = null;
  /** What the person has chosen for the end of the program; the automatic way is to install. */
  let atQuit: boolean | null = null;
  let looking: Promise<void> | null = null;
  let unlisten: () => void = () => {};
  const now = (): string => iso(clock.now());

  function folder(): UpdatesFolder | null {
    const path = config.updatesFolder ?? memory.now.folder;
    if (path === null) return (served = null);
    if (served?.path !== path) served = createUpdatesFolder(path, keys, (problem) => log.warn({ folder: path, ...problem }, 'an update is not served'));
    return served;
  }

  function ended(outcome: CheckOutcome, version: string | null, detail: string | null = null): void {
    memory.keep({ last_check: { at: now(), outcome, version, detail }, failures: isFailure(outcome) ? memory.now.failures + 1 : 0 });
    if (isFailure(outcome)) log.warn({ outcome, version, detail }, 'no update');
  }
  async function drop(): Promise<void> {
    const before = found;
    found = null;
    await before?.relay?.close();
  }

  async function download(source: UpdateSource, feed: VerifiedFeed, size: number): Promise<void> {
    await drop();
    const relay = await openRelay(source, feed);
    found = { feed, stage: 'downloading', relay, size, received: 0, file: null };
    shell?.send({ type: 'update', order: 'download', url: relay.url, version: feed.statement.version });
  }

  async function doLook(source: UpdateSource, kind: ProgramKind): Promise<void> {
    const name = feedNameOf(kind);
    let feed: VerifiedFeed | null;
    try {
      feed = await fetchFeed(source, name, keys, ending.signal);
    } catch (error) {
      if (error instanceof FeedError) return ended('feed_refused', null, error.fault);
      if (error instanceof AppError && !ending.signal.aborted) return ended('unreachable', null, String(error.data.params?.['reason'] ?? ''));
      throw error;
    }
    if (!feed) return ended('nothing_served', null);
    const { statement, digest } = feed;
    const bucket = bucketOf(createHash('sha256').update(`${memory.now.installation}\n${statement.version}`).digest('hex'));
    const outcome = judge(statement, { version: config.version, highest: memory.now.highest[name] ?? null, digest, bucket, now: clock.now() });
    if (outcome !== 'older_feed') memory.keep({ highest: { ...memory.now.highest, [name]: { sequence: statement.sequence, digest } } });
    const installer = feed.feed.files.find((file) => file.url.endsWith(INSTALLER_ENDING[kind]));
    if (outcome === 'offer' && !installer) return ended('feed_refused', statement.version, 'mismatch');
    ended(outcome, statement.version);
    // Withdrawn meanwhile: what waits is not installed any more.
    if ((outcome === 'staged' || outcome === 'current' || outcome === 'too_old') && found && found.stage !== 'installing') await drop();
    if (outcome === 'offer' && installer && found?.feed.statement.version !== statement.version) await download(source, feed, installer.size);
  }

  const isDue = (): boolean => {
    const { last_check: last, failures } = memory.now;
    return !last || Math.abs(clock.now() - Date.parse(last.at)) >= waitAfter(failures);
  };

  async function look(organizationId: string, asked: boolean): Promise<void> {
    if (!shell || keys.length === 0) {
      if (asked) throw new AppError('CONFLICT', { detail: keys.length === 0 ? 'updates_no_key' : 'updates_not_installed' });
      return;
    }
    if (!asked && (!memory.now.automatic || !isDue())) return;
    const source = sourceOf(house, organizationId, folder() !== null);
    if (!source) return asked ? ended('no_source', null) : undefined;
    looking ??= doLook(source, shell.kind).finally(() => (looking = null));
    await looking;
  }
  const lookQuietly = (organizationId: string): void =>
    void look(organizationId, false).catch((error: unknown) => {
      if (!ending.signal.aborted) log.error({ err: error }, 'looking for updates failed');
    });

  async function downloaded(file: string): Promise<void> {
    const waiting = found;
    if (!waiting || waiting.stage !== 'downloading') return;
    waiting.received = waiting.relay?.received ?? 0;
    await waiting.relay?.close();
    waiting.relay = null;
    if (!(await isTheInstaller(waiting, file))) return refuse('wrong_file', '');
    waiting.file = file;
    waiting.stage = 'ready';
    log.info({ version: waiting.feed.statement.version }, 'an update waits');
  }
  /** Counted anew from the disk, right after the download and again right before it is run. */
  async function isTheInstaller({ feed }: Found, file: string): Promise<boolean> {
    const signed = feed.feed.files.find(({ url }) => url === basename(file));
    return signed !== undefined && (await sha512OfFile(file).catch(() => '')) === signed.sha512;
  }
  async function refuse(outcome: CheckOutcome, detail: string): Promise<void> {
    const version = found?.feed.statement.version ?? null;
    await drop();
    ended(outcome, version, detail);
  }

  /** Everything that must be so before an installer may run. @throws AppError */
  async function prepare(language: 'ru' | 'en'): Promise<void> {
    const waiting = found;
    if (waiting?.stage !== 'ready' || !waiting.file) throw new AppError('CONFLICT', { detail: 'updates_nothing_ready' });
    const busy = busyWith(house);
    if (!mayInstall(busy)) throw new AppError('CONFLICT', { detail: 'updates_busy', params: { what: wordsOf(busy, language) } });
    if (!(await isTheInstaller(waiting, waiting.file))) {
      await refuse('wrong_file', '');
      throw new AppError('CONFLICT', { detail: 'updates_wrong_file' });
    }
    try {
      for (const { id } of house.organizations.list()) await backup(house.organizations.open(id), join(config.dataDir, 'backups', id), clock);
    } catch (error) {
      log.error({ err: error }, 'no backup, and so no update');
      throw new AppError('STORE_UNAVAILABLE', { detail: 'updates_no_backup' });
    }
    waiting.stage = 'installing';
    memory.keep({ attempt: { from: config.version, to: waiting.feed.statement.version, at: now() } });
  }

  async function quitting(): Promise<void> {
    let install = false;
    try {
      if (found?.stage === 'ready' && (atQuit ?? memory.now.automatic)) {
        await prepare('ru');
        install = true;
      }
    } catch (error) {
      log.info({ err: error }, 'the update waits on');
    }
    shell?.send({ type: 'update', order: 'quit', install });
  }

  function heard(event: ShellEvent): Promise<void> {
    if (event.event === 'downloaded') return downloaded(event.file);
    if (event.event === 'quitting') return quitting();
    if (found?.stage !== 'downloading') return Promise.resolve();
    return refuse(event.code === 'ENOSPC' ? 'disk_full' : event.code === 'ERR_CHECKSUM_MISMATCH' ? 'wrong_file' : 'download_failed', event.code);
  }

  return {
    folder,
    memory,
    get able() {
      return shell !== null && keys.length > 0;
    },
    attach: (kind, send) => {
      shell = { kind, send };
    },
    heard: (message) => {
      const event = shellEvent.safeParse(message);
      if (event.success) void heard(event.data).catch((error: unknown) => log.error({ err: error }, 'an update could not go on'));
    },
    begin: () => {
      if (!shell) return;
      const { attempt } = memory.now;
      if (attempt) {
        const installed = endOfInstall(attempt, config.version) === 'installed';
        memory.keep({ attempt: null, last_install: { from: attempt.from, to: attempt.to, at: attempt.at, end: installed ? 'installed' : 'not_installed' } });
        if (installed) memory.keep({ failures: 0 });
        else ended('install_failed', attempt.to);
      }
      unlisten = house.sync.onChange((id) => house.sync.linkOf(id)?.online && lookQuietly(id));
      const first = setTimeout(() => house.organizations.list().forEach(({ id }) => lookQuietly(id)), FIRST_LOOK_MS);
      ending.signal.addEventListener('abort', () => clearTimeout(first));
    },
    state: (language, organizationId) => stateOf({ house, memory, shell: shell !== null, keys, found, atQuit: found?.stage === 'ready' && (atQuit ?? memory.now.automatic), source: sourceOf(house, organizationId, folder() !== null) }, language),
    look,
    install: async (when, language) => {
      if (found?.stage !== 'ready') throw new AppError('CONFLICT', { detail: 'updates_nothing_ready' });
      if (when !== 'now') return void (atQuit = when === 'at_quit');
      await sleep(SETTLED_MS, undefined, { signal: ending.signal });
      await prepare(language);
      shell?.send({ type: 'update', order: 'install', restart: true });
    },
    close: async () => {
      ending.abort();
      unlisten();
      await looking?.catch(() => undefined);
      await drop();
    },
  };
}

/** What an update would interrupt, in words: "2 drafts, 1 task". */
function wordsOf(busy: readonly Busy[], language: 'ru' | 'en'): string {
  const say = translator(language, 'updates');
  return busy
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => say(`busy.${kind}`, { count }))
    .join(', ');
}

interface Seen {
  house: House;
  memory: UpdatesMemory;
  shell: boolean;
  keys: readonly string[];
  found: Found | null;
  atQuit: boolean;
  source: UpdateSource | null;
}

function stateOf({ house, memory, shell, keys, found, atQuit, source }: Seen, language: 'ru' | 'en'): UpdatesState {
  const say = translator(language, 'updates');
  const { last_check: last, last_install: install, automatic } = memory.now;
  const fault = last?.outcome === 'feed_refused' && last.detail ? say(`faults.${last.detail}`) : '';
  return {
    version: house.config.version,
    unable: keys.length === 0 ? 'no_key' : shell ? null : 'not_installed',
    automatic,
    source: source?.address.url ?? null,
    last_check: last && { at: last.at, outcome: last.outcome, version: last.version, message: say(`outcomes.${last.outcome}`, { version: last.version ?? '', detail: last.detail ?? '', fault }).trim() },
    stage: found?.stage ?? 'idle',
    found: found && { version: found.feed.statement.version, notes: found.feed.statement.notes, size: found.size, received: found.relay?.received ?? found.received },
    at_quit: atQuit,
    busy: found ? busyWith(house) : [],
    last_install: install && { from: install.from, to: install.to, at: install.at, installed: install.end === 'installed', message: say(`installs.${install.end}`, { from: install.from, to: install.to }) },
  };
}
