import { app, dialog, ipcMain, protocol, session, shell } from 'electron';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../core/config.ts';
import { readMemory } from '../core/update-memory.ts';
import { LINK_SCHEME, pathOfLink, SCHEME, TROUBLE_PATH } from './addresses.ts';
import { createBackground } from './background.ts';
import { CHANNEL } from './channels.ts';
import { linkOfSecondStart, type WindowLaunch } from './command-line.ts';
import { createCoreHost, type Fatal } from './core-host.ts';
import { keepCrashReports } from './crashes.ts';
import { guardContents, guardSession, isFromOwnPage } from './guard.ts';
import { installJumpList } from './jump-list.ts';
import { createLogFile } from './log-file.ts';
import { installMenu } from './menu.ts';
import { notice, noticeFailedJob } from './notices.ts';
import { pageFiles } from './page-files.ts';
import { createSecrets } from './secrets.ts';
import { TROUBLE_ACTION, troublePage, type Trouble } from './trouble-page.ts';
import { createTray } from './tray.ts';
import { createUpdater, keptInstaller, kindOfProgram } from './updater.ts';
import { createWindows } from './windows.ts';
import { say, shellLanguage } from './words.ts';

const DIST = join(import.meta.dirname, '..');
const ID = 'app.polevik.desktop';

/** Chromium's own folder (its profile, its lock), one per data folder, so that the demonstration and the real thing run side by side. */
function profileFolder(dataDir: string): string {
  const name = process.platform === 'win32' ? dataDir.toLowerCase() : dataDir;
  return join(app.getPath('appData'), 'Polevik', `window-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`);
}

/** The program with its windows, until the last one is closed. Call it before Electron is ready. */
export async function runApplication(launch: WindowLaunch): Promise<void> {
  const { dataDir } = readConfig({ dataDir: launch.dataDir, demo: launch.demo });
  const profile = profileFolder(dataDir);
  mkdirSync(profile, { recursive: true });
  app.setPath('userData', profile);
  app.setAppUserModelId(ID);
  if (!app.requestSingleInstanceLock({ link: launch.link })) return app.quit();
  keepCrashReports(join(profile, 'crashes'));
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
  app.enableSandbox();
  await app.whenReady();
  open({ launch, dataDir, profile });
}

interface Place {
  launch: WindowLaunch;
  dataDir: string;
  profile: string;
}

function open({ launch, dataDir, profile }: Place): void {
  let trouble: Trouble | null = null;
  const icon = join(app.getAppPath(), 'resources', 'icon.png');
  const background = createBackground(launch);
  const windows = createWindows({
    preload: join(import.meta.dirname, 'preload.cjs'),
    stateFile: join(profile, 'window.json'),
    icon,
    blocked: () => trouble !== null,
    onPageLost: () => fail({ code: 'PAGE', message: '' }, say('trouble.page_failed')),
  });
  const log = app.isPackaged ? createLogFile(join(profile, 'logs', 'core.log')) : (text: string) => void process.stderr.write(text);
  const kind = kindOfProgram();
  const keepIn = join(profile, 'previous');
  const updater = createUpdater({ kind, keepIn, log, send: (event) => core.send(event), onRestart: () => void leave(true) });
  const core = createCoreHost({
    script: join(DIST, 'main', 'core-process.mjs'),
    args: ['--data-dir', dataDir, ...(launch.demo ? ['--demo'] : []), ...(launch.port ? ['--port', launch.port] : []), ...(kind ? ['--updater', kind] : [])],
    env: { ...process.env, POLEVIK_LANGUAGE: shellLanguage() },
    log,
    onMessage: (message) => updater.heard(message),
    onGone: () => updater.coreGone(),
    onReady: () => {
      if (!trouble) tray.setState('working');
    },
    onNotice: (message) => notice(message, windows.show),
    onJobFailed: (name) => noticeFailedJob(name, windows.show),
    onFatal: (fatal) => fail(fatal, fatal.code === 'CONFLICT' ? say('trouble.already_running') : say('trouble.title')),
    onRestarted: () => {
      windows.reload();
      const window = windows.front();
      if (window) void dialog.showMessageBox(window, { type: 'info', title: say('restarted.title'), message: say('restarted.title'), detail: say('restarted.message'), buttons: [say('restarted.ok')] });
    },
    onGivenUp: () => fail({ code: 'CRASHED', message: '' }, say('trouble.crashed')),
  });
  const secrets = createSecrets(join(profile, 'secrets.json'));

  function fail(fatal: Fatal, title: string): void {
    trouble = { title, message: fatal.message, code: fatal.code, folder: dataDir, update: sinceUpdate() };
    tray.setState('trouble');
    windows.showTrouble();
  }
  /** A version that has not come up since it was installed: which one was there before, and where its installer lies. */
  function sinceUpdate(): string[] {
    const attempt = readMemory(dataDir)?.attempt;
    if (attempt?.to !== app.getVersion()) return [];
    const file = keptInstaller(keepIn);
    return [say('trouble.after_update', { from: attempt.from, to: attempt.to }), ...(file ? [say('trouble.previous_kept', { file })] : [])];
  }
  function act(action: string): void {
    if (action === TROUBLE_ACTION.quit) return app.quit();
    if (action === TROUBLE_ACTION.folder) return void shell.openPath(dataDir);
    if (action !== TROUBLE_ACTION.retry) return;
    trouble = null;
    tray.setState('starting');
    core.start();
    windows.leaveTrouble();
  }

  const tray = createTray({ icon, background, show: windows.show, quit: () => app.quit() });

  guardSession(session.defaultSession, !app.isPackaged);
  app.on('web-contents-created', (_event, contents) => guardContents(contents, { openWindow: windows.open, shellAction: act }));
  protocol.handle(
    SCHEME,
    pageFiles(join(DIST, 'ui'), (path) => (path === TROUBLE_PATH && trouble ? troublePage(shellLanguage(), trouble) : null)),
  );
  ipcMain.on(CHANNEL.wantPort, (event) => {
    if (isFromOwnPage(event)) core.attach(event.sender);
  });
  ipcMain.handle(CHANNEL.secretGet, (event, name: unknown) => (isFromOwnPage(event) ? secrets.get(name) : null));
  ipcMain.handle(CHANNEL.secretSet, (event, name: unknown, value: unknown) => (isFromOwnPage(event) ? secrets.set(name, value) : undefined));

  const follow = (link: string | null): void => windows.show(link === null ? null : pathOfLink(link));
  app.on('second-instance', (_event, _argv, _folder, data) => follow(linkOfSecondStart(data)));
  app.on('open-url', (event, link) => {
    event.preventDefault();
    follow(link);
  });
  app.on('activate', () => follow(null));
  app.on('window-all-closed', () => {
    if (!background.isOn()) app.quit();
  });
  let stopped = false;
  let leaving = false;
  /** Ends the core in order, starts the installer where one may run, and ends. Where it was to come back and cannot be updated, it goes on. */
  async function leave(updating: boolean): Promise<void> {
    if (leaving) return;
    leaving = true;
    const install = updating || (await updater.mayInstall());
    await core.stop();
    const installed = install && (await updater.install(updating));
    if (updating && !installed) {
      leaving = false;
      core.start();
      return windows.reload();
    }
    stopped = true;
    app.quit();
  }
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void leave(false);
  });

  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  installMenu(!app.isPackaged, windows.open);
  installJumpList(launch);
  core.start();
  if (!launch.hidden || !background.isOn()) windows.open((launch.link && pathOfLink(launch.link)) ?? undefined);
}
