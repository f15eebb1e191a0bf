import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { record } from './record.ts';

type Listener = (event: unknown, ...args: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  handlers = new Map<string, Listener>();
  handle(channel: string, handler: Listener): void {
    record('ipcMain.handle', { channel });
    this.handlers.set(channel, handler);
  }
  override on(channel: string, listener: Listener): this {
    record('ipcMain.on', { channel });
    return super.on(channel, listener);
  }
}
export const ipcMain = new IpcMain();

export const shell = {
  async openExternal(url: string): Promise<void> {
    record('shell.openExternal', { url });
  },
  async openPath(path: string): Promise<string> {
    record('shell.openPath', { path });
    return '';
  },
};

export const dialog = {
  async showMessageBox(...words: unknown[]): Promise<{ response: number }> {
    record('dialog.showMessageBox', { options: words.at(-1) });
    return { response: 0 };
  },
};

export interface MenuItem {
  label?: string;
  enabled?: boolean;
  checked?: boolean;
  click?: () => void;
  submenu?: MenuItem[];
}
export const Menu = {
  buildFromTemplate: (items: MenuItem[]) => ({ items, popup: () => record('menu.popup', { labels: items.map((item) => item.label) }) }),
  setApplicationMenu: (menu: { items: MenuItem[] } | null): void => record('Menu.setApplicationMenu', { labels: menu?.items.flatMap((item) => [item.label, ...(item.submenu ?? []).map((sub) => sub.label)]) ?? null }),
};

const WORK_AREA = { x: 0, y: 0, width: 1600, height: 900 };
export const screen = { getDisplayMatching: () => ({ workArea: WORK_AREA }) };

/** Not encryption: it only makes a text unlike itself, so that a test sees whether the program called it. */
const turned = (text: string): string => [...text].reverse().join('');
const MARK = 'sealed:';
const noKeyStore = Boolean(process.env['STAND_IN_NO_KEY_STORE']);
export const safeStorage = {
  isAsyncEncryptionAvailable: async (): Promise<boolean> => app.isReady,
  getSelectedStorageBackend: (): string => (noKeyStore ? 'basic_text' : 'gnome_libsecret'),
  encryptStringAsync: async (text: string): Promise<Buffer> => Buffer.from(MARK + turned(text)),
  async decryptStringAsync(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    const text = sealed.toString();
    if (!text.startsWith(MARK)) throw new Error('not sealed here');
    return { result: turned(text.slice(MARK.length)), shouldReEncrypt: false };
  },
};
