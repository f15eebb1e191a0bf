import { test as base, type Browser, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../support/browser.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/main/polevik.mjs');

interface Program {
  url: string;
  dataDir: string;
}

/** Starts the shipped program on a folder of its own and waits for its address. */
async function startProgram(demo: boolean): Promise<Program & { stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'polevik-e2e-'));
  const words = ['serve', '--json', '--port', '0', '--data-dir', dataDir, ...(demo ? ['--demo'] : [])];
  const child: ChildProcess = spawn(process.execPath, [BUNDLE, ...words], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, POLEVIK_LAN_PORT: '0', POLEVIK_LAN_HOST: '127.0.0.1' } });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((part) => part.startsWith('{') && part.endsWith('}'));
      if (line) resolve((JSON.parse(line) as { url: string }).url);
    });
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}: ${text}`)));
  });
  const stop = async (): Promise<void> => {
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await gone;
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url, dataDir, stop };
}

interface Options {
  language: 'ru' | 'en';
}

interface WorkerFixtures {
  browser: Browser;
  /** A program with the demonstration organisation, one for all tests of a worker. */
  demo: Program;
}

interface Fixtures {
  /** A program that nobody has used yet. */
  fresh: Program;
  /** A program with the demonstration organisation that has just been started, of one test alone. */
  ownDemo: Program;
  /** A page of the demonstration, signed in as its owner. */
  desk: Page;
}

export const DEMO_OWNER = { email: 'admin@example.com', password: 'adminpass', name: 'Алексей Смирнов' };

/** Signs in through the page, as a person does. */
export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Почта').fill(DEMO_OWNER.email);
  await page.getByLabel('Пароль', { exact: true }).fill(DEMO_OWNER.password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByRole('heading', { name: 'Рабочий стол' }).waitFor();
}

/** A fixture: a program that lives as long as whoever asks for it. */
const programOf =
  (demo: boolean) =>
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to find what a fixture needs
  async ({}, provide: (program: Program) => Promise<void>): Promise<void> => {
    const program = await startProgram(demo);
    await provide(program);
    await program.stop();
  };

export const test = base.extend<Fixtures & Options, WorkerFixtures>({
  language: ['ru', { option: true }],
  browser: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to find what a fixture needs
    async ({}, provide) => {
      const browser = await launchBrowser();
      await provide(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  demo: [programOf(true), { scope: 'worker' }],
  fresh: programOf(false),
  ownDemo: programOf(true),
  desk: async ({ page, demo }, provide) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await signIn(page, demo.url);
    await provide(page);
    if (faults.length > 0) throw new Error(`the page threw: ${faults.join('; ')}`);
  },
});

export { expect } from '@playwright/test';
