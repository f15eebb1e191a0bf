import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { record } from './record.ts';
import { WebContents, type WebPreferences } from './web-contents.ts';

interface WindowOptions {
  width?: number;
  height?: number;
  webPreferences?: WebPreferences;
}

const open: BrowserWindow[] = [];

export class BrowserWindow extends EventEmitter {
  webContents: WebContents;
  #options: WindowOptions;

  constructor(options: WindowOptions = {}) {
    super();
    const { webPreferences = {}, ...rest } = options;
    record('BrowserWindow', { options: rest, webPreferences });
    this.#options = options;
    this.webContents = new WebContents(webPreferences, { width: options.width ?? 800, height: options.height ?? 600 });
    open.push(this);
    app.emit('web-contents-created', {}, this.webContents);
    this.webContents.once('loaded', () => this.emit('ready-to-show'));
    this.webContents.once('closed', () => this.#closed());
  }
  static getAllWindows = (): BrowserWindow[] => [...open];
  static getFocusedWindow = (): BrowserWindow | null => open.at(-1) ?? null;

  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url);
  show = (): void => record('BrowserWindow.show');
  focus = (): void => record('BrowserWindow.focus');
  restore = (): void => record('BrowserWindow.restore');
  maximize = (): void => record('BrowserWindow.maximize');
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  getNormalBounds = () => ({ x: 10, y: 10, width: this.#options.width ?? 800, height: this.#options.height ?? 600 });
  close(): void {
    this.emit('close', {});
    void this.webContents.closePage();
  }
  #closed(): void {
    const index = open.indexOf(this);
    if (index < 0) return;
    open.splice(index, 1);
    this.emit('closed');
    if (open.length === 0) app.emit('window-all-closed');
  }
}

app.closeWindows = () => {
  for (const window of BrowserWindow.getAllWindows()) window.close();
};
