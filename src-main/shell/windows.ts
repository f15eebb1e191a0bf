import { app, BrowserWindow, type WebContents } from 'electron';
import { ownPath, ownUrl, SHELL_PATH, TROUBLE_PATH } from './addresses.ts';
import { VERSION_FLAG } from './channels.ts';
import { offerTextMenu } from './menu.ts';
import { keepWindowState, readWindowState } from './window-state.ts';
import { say } from './words.ts';

const HOME = '/';
const RELOADS = 3;
const WITHIN_MS = 60_000;

interface WindowsOptions {
  preload: string;
  stateFile: string;
  icon: string;
  /** Whether there is nothing to show but what went wrong. */
  blocked(): boolean;
  /** A page that crashes again and again. */
  onPageLost(): void;
}

/** The open windows. All of them show pages of our own and have the same narrow rights. */
export interface Windows {
  open(path?: string): void;
  /** Brings the program to the front, at a path where one is given. */
  show(path: string | null): void;
  reload(): void;
  showTrouble(): void;
  leaveTrouble(): void;
  /** The window for a message, or null while there is none. */
  front(): BrowserWindow | null;
}

export function createWindows({ preload, stateFile, icon, blocked, onPageLost }: WindowsOptions): Windows {
  const all = (): BrowserWindow[] => BrowserWindow.getAllWindows();
  const front = (): BrowserWindow | null => BrowserWindow.getFocusedWindow() ?? all()[0] ?? null;

  function open(path = HOME): void {
    const others = all().length;
    const { bounds, maximized } = readWindowState(stateFile);
    const place = others === 0 ? bounds : { width: bounds.width, height: bounds.height };
    const window = new BrowserWindow({
      ...place,
      minWidth: 360,
      minHeight: 480,
      show: false,
      title: say('window.title'),
      icon,
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        additionalArguments: [`${VERSION_FLAG}${app.getVersion()}`],
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        safeDialogs: true,
        spellcheck: false,
      },
    });
    window.once('ready-to-show', () => {
      if (maximized && others === 0) window.maximize();
      window.show();
    });
    window.on('close', () => keepWindowState(stateFile, window));
    offerTextMenu(window.webContents);
    surviveCrashes(window.webContents, onPageLost);
    load(window, blocked() ? TROUBLE_PATH : path);
  }

  return {
    open,
    front,
    show: (path) => {
      const window = front();
      if (!window) return open(path ?? HOME);
      if (window.isMinimized()) window.restore();
      window.focus();
      if (path !== null && !blocked()) load(window, path);
    },
    reload: () => {
      for (const window of all()) window.webContents.reload();
    },
    showTrouble: () => {
      for (const window of all()) load(window, TROUBLE_PATH);
    },
    leaveTrouble: () => {
      for (const window of all()) if (isTrouble(window)) load(window, HOME);
    },
  };
}

const isTrouble = (window: BrowserWindow): boolean => ownPath(window.webContents.getURL())?.startsWith(SHELL_PATH) ?? false;

/** A load that another load overtakes is refused by Chromium; the later one counts. */
const load = (window: BrowserWindow, path: string): void => void window.loadURL(ownUrl(path)).catch(() => undefined);

/** A page whose process died is loaded again; what was being typed is in the drafts. */
function surviveCrashes(contents: WebContents, onPageLost: () => void): void {
  let deaths: number[] = [];
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = Date.now();
    deaths = [...deaths.filter((death) => now - death < WITHIN_MS), now];
    if (deaths.length <= RELOADS) contents.reload();
    else onPageLost();
  });
}
