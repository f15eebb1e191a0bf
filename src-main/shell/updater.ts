import { app } from 'electron';
import type { BaseUpdater } from 'electron-updater';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { orderOf, type ProgramKind, type ShellEvent } from '../core/update-line.ts';

/** An installer that cannot be started says so within this time. */
const STARTED_MS = 1_500;
/** A backup is made before the program ends with an update. */
const ANSWER_MS = 120_000;

/** What the program was installed as; null where it was not, and cannot update itself. */
export function kindOfProgram(platform: NodeJS.Platform = process.platform): ProgramKind | null {
  if (!app.isPackaged) return null;
  if (platform === 'win32') return 'nsis';
  return platform === 'linux' && process.env['APPIMAGE'] ? 'appimage' : null;
}

interface UpdaterOptions {
  kind: ProgramKind | null;
  /** Tells the core; false where there is none to tell. */
  send(event: ShellEvent): boolean;
  log(text: string): void;
  /** Where the installer of the version that runs is kept while the next one is installed. */
  keepIn: string;
  /** The core wants the program to end, be updated and come back. */
  onRestart(): void;
}

/** electron-updater, which fetches and starts installers; what it may fetch, and when it may start one, is the core's to say. */
export interface Updater {
  heard(message: unknown): void;
  coreGone(): void;
  /** Asks the core, before it ends, whether the version that waits may be installed now. */
  mayInstall(): Promise<boolean>;
  /** Starts the installer; false when it could not be, and everything is as before. */
  install(restart: boolean): Promise<boolean>;
}

/** The installer of the version that was running before the last update; null where none was kept. */
export function keptInstaller(keepIn: string): string | null {
  const [name] = existsSync(keepIn) ? readdirSync(keepIn) : [];
  return name === undefined ? null : join(keepIn, name);
}

export function createUpdater(options: UpdaterOptions): Updater {
  const { kind, log } = options;
  let updater: BaseUpdater | null = null;
  let downloaded: string | null = null;
  let answer: ((install: boolean) => void) | null = null;

  /** A new one for each download: one that has failed to install refuses to do anything more. */
  async function make(): Promise<BaseUpdater> {
    const { NsisUpdater, AppImageUpdater } = await import('electron-updater');
    const made = kind === 'nsis' ? new NsisUpdater() : new AppImageUpdater();
    made.logger = { info: (text) => log(`${String(text)}\n`), warn: (text) => log(`${String(text)}\n`), error: (text) => log(`${String(text)}\n`) };
    made.autoDownload = false;
    made.autoInstallOnAppQuit = false;
    made.allowDowngrade = false;
    made.disableWebInstaller = true;
    // Whose turn it is stands in the signed statement, which the core has read already.
    made.isUserWithinRollout = () => true;
    made.on('error', () => undefined);
    return made;
  }

  async function download(url: string): Promise<void> {
    try {
      const made = await make();
      updater = made;
      downloaded = null;
      made.setFeedURL({ provider: 'generic', url, useMultipleRangeRequest: true });
      const found = await made.checkForUpdates();
      if (!found?.isUpdateAvailable) return void options.send({ type: 'update', event: 'failed', code: 'NO_UPDATE', message: '' });
      const [file] = await made.downloadUpdate();
      if (updater !== made || file === undefined) return;
      downloaded = file;
      options.send({ type: 'update', event: 'downloaded', file });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      options.send({ type: 'update', event: 'failed', code: code ?? 'ERROR', message: String(message) });
    }
  }

  const installedFile = (): string | null => (kind === 'appimage' ? (process.env['APPIMAGE'] ?? null) : downloaded && join(dirname(dirname(downloaded)), 'installer.exe'));
  const keptFile = (installed: string): string => join(options.keepIn, `polevik-${app.getVersion()}${extname(installed)}`);

  /** Keeps what the running version can be installed from again. @throws Error where that is a must: the single file is replaced in its place */
  function keepPrevious(): void {
    const installed = installedFile();
    try {
      rmSync(options.keepIn, { recursive: true, force: true });
      mkdirSync(options.keepIn, { recursive: true });
      if (installed && existsSync(installed)) copyFileSync(installed, keptFile(installed));
    } catch (error) {
      if (kind === 'appimage') throw error;
      log(`the installer of this version is not kept: ${String(error)}\n`);
    }
  }
  function putBack(): void {
    const installed = installedFile();
    if (kind !== 'appimage' || !installed || existsSync(installed) || !existsSync(keptFile(installed))) return;
    try {
      copyFileSync(keptFile(installed), installed);
      chmodSync(installed, 0o755);
    } catch (error) {
      log(`${installed} could not be put back; it is kept as ${keptFile(installed)}: ${String(error)}\n`);
    }
  }

  return {
    heard: (message) => {
      const order = orderOf(message);
      if (!order) return;
      if (order.order === 'download') void download(order.url);
      else if (order.order === 'quit') answer?.(order.install);
      else options.onRestart();
    },
    coreGone: () => answer?.(false),
    mayInstall: async () => {
      if (!downloaded) return false;
      const late = new AbortController();
      const answered = new Promise<boolean>((resolve) => (answer = resolve));
      try {
        if (!options.send({ type: 'update', event: 'quitting' })) return false;
        return await Promise.race([answered, sleep(ANSWER_MS, false, { signal: late.signal }).catch(() => false)]);
      } finally {
        answer = null;
        late.abort();
      }
    },
    install: async (restart) => {
      const made = updater;
      if (!made || !downloaded) return false;
      let failed = (): void => {};
      const failure = new Promise<boolean>((resolve) => (failed = () => resolve(false)));
      made.once('error', failed);
      try {
        keepPrevious();
        if (made.install(true, restart) && (await Promise.race([failure, sleep(STARTED_MS, true)]))) return true;
      } catch (error) {
        log(`the installer could not be started: ${String(error)}\n`);
      } finally {
        made.off('error', failed);
      }
      putBack();
      return false;
    },
  };
}
