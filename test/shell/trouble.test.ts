import type { Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { startShell, type RunningShell, type ShellOptions } from '../support/shell.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'polevik-trouble-'));
let shell: RunningShell | null = null;

beforeAll(() => ensureBuilt(), 240_000);
afterEach(async () => {
  await shell?.stop();
  shell = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loads overtake each other here, so that only the outcome can be waited for. */
async function atTrouble(page: Page): Promise<void> {
  await expect.poll(() => page.url(), { timeout: 20_000 }).toMatch(/\/shell\/trouble$/);
}

/** Starts the program and waits for the page that says what is wrong. */
async function startInTrouble(options: ShellOptions): Promise<{ page: Page; text: string; running: RunningShell }> {
  const running = await startShell(options);
  shell = running;
  const page = await running.page();
  await atTrouble(page);
  return { page, text: await page.locator('main').innerText(), running };
}

/** The built shell with a core and a page of the test's own. */
function withCore(source: string): string {
  const app = mkdtempSync(join(folder, 'app-'));
  for (const part of ['main', 'ui']) mkdirSync(join(app, 'dist', part), { recursive: true });
  cpSync(join(ROOT, 'dist/shell'), join(app, 'dist/shell'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(app, 'package.json'));
  writeFileSync(join(app, 'dist/main/core-process.mjs'), source);
  writeFileSync(join(app, 'dist/ui/index.html'), '<p>страница</p>');
  return app;
}

it('says in Russian that another program has the data, and goes on when it has left', async () => {
  const dataDir = join(folder, 'taken');
  const other = spawn(process.execPath, [join(ROOT, 'dist/main/polevik.mjs'), 'serve', '--port', '0', '--data-dir', dataDir], { stdio: 'ignore' });
  await expect.poll(() => existsSync(join(dataDir, 'owner.json')), { timeout: 20_000 }).toBe(true);
  const { page, text, running } = await startInTrouble({ args: ['--data-dir', dataDir] });
  expect(text).toContain('Данные уже открыты другой копией');
  expect(text).toContain(String(other.pid));
  expect(text).toContain(dataDir);

  await page.getByRole('link', { name: 'Попробовать снова' }).click();
  const told = async (): Promise<number> => (await running.recorded('served')).filter((entry) => entry['path'] === '/shell/trouble').length;
  await expect.poll(told, { timeout: 20_000 }).toBe(2);
  await atTrouble(page);

  const gone = new Promise((resolve) => other.once('exit', resolve));
  other.kill('SIGTERM');
  await gone;
  await page.getByRole('link', { name: 'Попробовать снова' }).click();
  await page.locator('input').first().waitFor();
}, 90_000);

it('says that a file is damaged, and offers to open its folder', async () => {
  const dataDir = join(folder, 'damaged');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'directory.sqlite'), 'это не база данных, а что-то другое'.repeat(400));
  const { page, text, running } = await startInTrouble({ args: ['--data-dir', dataDir] });
  expect(text).toMatch(/повреждён/);
  expect(text).toContain('STORE_UNAVAILABLE');
  await page.getByRole('link', { name: 'Открыть папку данных' }).click();
  await expect.poll(() => running.recorded('shell.openPath')).toEqual([expect.objectContaining({ path: dataDir })]);
  await page.getByRole('link', { name: 'Выйти' }).click();
  await expect.poll(() => running.process.exitCode, { timeout: 10_000 }).toBe(0);
});

it('names the service that would copy the open database', async () => {
  const { text } = await startInTrouble({ args: ['--data-dir', join(folder, 'OneDrive', 'Полевик')] });
  expect(text).toContain('OneDrive');
});

it('shows a refusal of the core as text, whatever is in it, in the language of the system', async () => {
  const app = withCore(`process.parentPort.postMessage({ type: 'fatal', code: 'STORE_UNAVAILABLE', message: '<img src=x onerror=alert(1)> no space left' });`);
  const { page, text } = await startInTrouble({ app, args: ['--data-dir', join(folder, 'full')], env: { STAND_IN_LOCALE: 'en-GB', POLEVIK_LANGUAGE: '' } });
  expect(text).toContain('<img src=x onerror=alert(1)> no space left');
  expect(text).toContain('Polevik cannot open the data');
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});

it('gives up on a core that dies again and again, instead of trying for ever', async () => {
  const { text, running } = await startInTrouble({ app: withCore('process.exit(7);'), args: ['--data-dir', join(folder, 'dying')] });
  expect(text).toContain('не смог запуститься снова');
  expect(await running.recorded('utilityProcess.fork')).toHaveLength(4);
});

it('loads a page again that has crashed, and says so when it does not stay', async () => {
  shell = await startShell({ app: withCore(`process.parentPort.on('message', ({ data }) => data.type === 'stop' && process.exit(0)); process.parentPort.postMessage({ type: 'ready' });`), args: ['--data-dir', join(folder, 'page')] });
  const page = await shell.page();
  for (let crash = 0; crash < 3; crash += 1) await shell.ask({ ask: 'crash-page' });
  expect(page.url()).not.toContain('/shell/trouble');
  await shell.ask({ ask: 'crash-page' });
  await atTrouble(page);
  await page.getByText('Страница перестала отвечать').waitFor();
});
