import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { startShell, type RunningShell } from '../support/shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'polevik-tray-'));
let shell: RunningShell;

const tips = async (): Promise<unknown[]> => (await shell.recorded('Tray.setToolTip')).map((entry) => entry['text']);
const path = (): string[] => shell.pages().map((page) => new URL(page.url()).pathname);

beforeAll(async () => {
  ensureBuilt();
  shell = await startShell({ args: ['--data-dir', join(folder, 'data'), '--demo'], appData: join(folder, 'system') });
  await shell.page();
}, 240_000);
afterAll(async () => {
  await shell?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('says beside the clock how the program is', async () => {
  await expect.poll(tips, { timeout: 60_000 }).toEqual(['Полевик запускается', 'Полевик работает']);
  expect(await shell.recorded('Tray')).toEqual([expect.objectContaining({ ready: true })]);
});

it('opens what is asked for without looking for the window', async () => {
  expect(await shell.ask({ ask: 'tray', label: 'Новая заявка' })).toBe(true);
  await expect.poll(path, { timeout: 20_000 }).toContain('/tickets/new');
});

it('offers nothing that the system cannot do', async () => {
  expect(await shell.ask({ ask: 'tray', label: 'Запускать вместе с системой и не закрывать' })).toBe(false);
  expect(await shell.recorded('app.setLoginItemSettings')).toEqual([]);
});

it('keeps crash reports on the machine, from before the program is ready', async () => {
  expect(await shell.recorded('crashReporter.start')).toEqual([expect.objectContaining({ uploadToServer: false, ready: false })]);
  const paths = await shell.recorded('app.setPath');
  expect(paths.find((entry) => entry['name'] === 'crashDumps')?.['path']).toMatch(/crashes$/);
});

it('ends the program from there, in order', async () => {
  const over = new Promise<number | null>((resolve) => shell.process.once('exit', (code) => resolve(code)));
  await shell.ask({ ask: 'tray', label: 'Выйти' }).catch(() => undefined);
  expect(await over).toBe(0);
});
