import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
/** Path of Electron's executable; the package tells it, and it is there when this suite is run. */
export const electronFile = (): string => createRequire(import.meta.url)('electron') as string;
/** Chromium has no sandbox for root, as in a container. */
export const UNBOXED = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export interface Desktop {
  app: ElectronApplication;
  page: Page;
}

interface Fixtures {
  /** A data folder that nobody has used yet. */
  dataDir: string;
  /** Starts the program on that folder; it is ended, and its profile deleted, when the test is over. */
  start(...words: string[]): Promise<Desktop>;
}

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to find what a fixture needs
  dataDir: async ({}, provide) => {
    const folder = mkdtempSync(join(tmpdir(), 'polevik-desktop-'));
    await provide(join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  },
  start: async ({ dataDir }, provide) => {
    const running = new Set<ElectronApplication>();
    const profiles = new Set<string>();
    await provide(async (...words) => {
      const app = await _electron.launch({
        args: [...UNBOXED, ROOT, '--data-dir', dataDir, ...words],
        env: { ...(process.env as Record<string, string>), POLEVIK_LANGUAGE: 'ru' },
        timeout: 60_000,
      });
      running.add(app);
      app.once('close', () => running.delete(app));
      const page = await app.firstWindow();
      profiles.add(await app.evaluate((electron) => electron.app.getPath('userData')));
      return { app, page };
    });
    for (const app of running) await app.close();
    for (const profile of profiles) rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  },
});

export { expect } from '@playwright/test';
