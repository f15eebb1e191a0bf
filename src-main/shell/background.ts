import { app } from 'electron';
import type { WindowLaunch } from './command-line.ts';

/** Switch of a start that shows no window, only the sign beside the clock. */
export const HIDDEN_FLAG = '--hidden';

/** Start with the system, and stay when the last window closes: one choice of the person, kept by the system itself. */
export interface Background {
  /** Whether the system can do it at all. */
  possible: boolean;
  isOn(): boolean;
  set(on: boolean): void;
}

/** The words with which this very data folder is opened again. */
export function wordsOfLaunch({ dataDir, demo }: Pick<WindowLaunch, 'dataDir' | 'demo'>): string[] {
  return [...(dataDir === undefined ? [] : ['--data-dir', dataDir]), ...(demo ? ['--demo'] : [])];
}

/** In development the system would start Electron without the program, so that only the installed one offers it. */
export function createBackground(launch: WindowLaunch, platform: NodeJS.Platform = process.platform): Background {
  const possible = app.isPackaged && (platform === 'win32' || platform === 'darwin');
  const args = [HIDDEN_FLAG, ...wordsOfLaunch(launch)];
  return {
    possible,
    isOn: () => possible && app.getLoginItemSettings({ args }).openAtLogin,
    set: (on) => {
      if (possible) app.setLoginItemSettings({ openAtLogin: on, args });
    },
  };
}
