import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { basename, join } from 'node:path';
import { record } from './record.ts';

const ROOT = process.env['STAND_IN_APP'] ?? join(import.meta.dirname, '../../..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** An event that a listener can refuse. */
export class Refusable {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

class App extends EventEmitter {
  isPackaged = Boolean(process.env['STAND_IN_PACKAGED']);
  dock = undefined;
  #paths = new Map([['appData', process.env['STAND_IN_APP_DATA'] ?? '']]);
  #ready = new Promise<void>((resolve) => setTimeout(resolve, 20));
  isReady = false;
  #atLogin = Boolean(process.env['STAND_IN_AT_LOGIN']);
  /** Closes the windows; set by them, so that the two need not know each other. */
  closeWindows: () => void = () => {};

  constructor() {
    super();
    void this.#ready.then(() => {
      this.isReady = true;
      this.emit('ready');
    });
  }
  whenReady = (): Promise<void> => this.#ready;
  getName = (): string => 'Polevik';
  getVersion = (): string => version;
  getAppPath = (): string => ROOT;
  getLocale = (): string => process.env['STAND_IN_LOCALE'] ?? 'ru';
  getPath = (name: string): string => this.#paths.get(name) ?? '';
  setPath(name: string, path: string): void {
    record('app.setPath', { name, path, ready: this.isReady });
    this.#paths.set(name, path);
  }
  enableSandbox = (): void => record('app.enableSandbox', { ready: this.isReady });
  disableHardwareAcceleration = (): void => record('app.disableHardwareAcceleration', { ready: this.isReady });
  setAppUserModelId = (id: string): void => record('app.setAppUserModelId', { id });
  setJumpList = (list: unknown): void => record('app.setJumpList', { list });
  getLoginItemSettings = (): { openAtLogin: boolean } => ({ openAtLogin: this.#atLogin });
  setLoginItemSettings(settings: { openAtLogin: boolean; args: string[] }): void {
    record('app.setLoginItemSettings', { ...settings });
    this.#atLogin = settings.openAtLogin;
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    record('app.setAsDefaultProtocolClient', { scheme });
    return true;
  }

  /** The first holder listens on a socket in the profile; a later one leaves what it has to say there and is told no. */
  requestSingleInstanceLock(data: unknown): boolean {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    record('app.requestSingleInstanceLock', { folder, ready: this.isReady });
    const path = process.platform === 'win32' ? `\\\\.\\pipe\\stand-in-${basename(folder)}` : join(folder, 's');
    return !process.env['STAND_IN_SECOND'] ? this.#listen(path) : this.#tell(path, data);
  }
  #listen(path: string): true {
    rmSync(path, { force: true });
    createServer((socket) => {
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => this.emit('second-instance', {}, [], '', JSON.parse(text)));
    }).listen(path);
    return true;
  }
  #tell(path: string, data: unknown): false {
    connect(path).end(JSON.stringify(data ?? null));
    return false;
  }

  quit(): void {
    const event = new Refusable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.closeWindows();
    this.emit('will-quit', new Refusable());
    setTimeout(() => process.exit(0), 50);
  }
  exit = (code: number): void => process.exit(code);
}

export const app = new App();
