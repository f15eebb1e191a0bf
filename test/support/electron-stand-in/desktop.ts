import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { record } from './record.ts';
import type { MenuItem } from './services.ts';

export const crashReporter = {
  start: (options: { uploadToServer?: boolean }): void => record('crashReporter.start', { ...options, ready: app.isReady }),
};

let menu: MenuItem[] = [];

export class Tray extends EventEmitter {
  constructor(icon: string) {
    super();
    record('Tray', { icon, ready: app.isReady });
  }
  setToolTip = (text: string): void => record('Tray.setToolTip', { text });
  setContextMenu(built: { items: MenuItem[] }): void {
    menu = built.items;
    record('Tray.setContextMenu', { items: menu.map(({ label, enabled, checked }) => ({ label, enabled, checked })) });
  }
}

let clickLast: (() => void) | null = null;

export class Notification extends EventEmitter {
  static isSupported = (): boolean => true;
  #options: object;
  constructor(options: object) {
    super();
    this.#options = options;
  }
  show(): void {
    record('Notification.show', { ...this.#options });
    clickLast = () => void this.emit('click', {});
  }
}

/** Clicks the last notice as a person does; answers whether there was one. */
export function clickNotice(): boolean {
  clickLast?.();
  return clickLast !== null;
}

/** Chooses from the menu of the tray as a person does; answers whether there is such a line that can be chosen. */
export function chooseInTray(label: string): boolean {
  const item = menu.find((one) => one.label === label);
  if (!item?.click || item.enabled === false) return false;
  item.click();
  return true;
}
