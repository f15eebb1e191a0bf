import { spawn } from 'node:child_process';
import { createClient, createTicket, findInPalette, onDesk, registerOwner } from '../support/journey.ts';
import { electronFile, expect, ROOT, test, UNBOXED } from './desktop.ts';

const SUBJECT = 'Не печатает принтер на складе';

test('from the first start to the first ticket, and the same person the next day', async ({ start }) => {
  const first = await start();
  await registerOwner(first.page);
  await createClient(first.page, 'ООО «Ромашка»');
  await createTicket(first.page, 'ромаш', 'ООО «Ромашка»', SUBJECT);
  await first.page.reload();
  await first.page.getByText(SUBJECT).first().waitFor();
  await first.app.close();

  const second = await start();
  await onDesk(second.page);
  await findInPalette(second.page, 'принтер', SUBJECT);
});

test('the window has the rights that the program asked for, and no more', async ({ start }) => {
  const { app, page } = await start();
  // Only Windows and macOS say whether a process has its sandbox.
  const sandboxed = await app.evaluate((electron) => electron.app.getAppMetrics().filter((process) => process.type === 'Tab').map((process) => process.sandboxed ?? true));
  expect(sandboxed).toEqual(sandboxed.map(() => true));
  expect(page.url()).toMatch(/^app:\/\/polevik\//);
  const seen = await page.evaluate(() => ['require', 'process', 'module', 'ipcRenderer', 'Buffer', 'global'].filter((name) => name in window));
  expect(seen).toEqual([]);
  expect(await page.evaluate(() => fetch('https://example.com/').then(() => 'let out', () => 'kept in'))).toBe('kept in');
  expect(await page.evaluate(() => fetch('app://polevik/../package.json').then((answer) => answer.status))).toBe(404);
  expect(await page.evaluate(() => new Promise((done) => navigator.geolocation.getCurrentPosition(() => done('granted'), () => done('refused'))))).toBe('refused');
});

test('links leave by the system, and only those that may', async ({ start }) => {
  const { app, page } = await start();
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url) => void opened.push(url);
  });
  const address = page.url();
  for (const url of ['https://example.com/help', 'file:///etc/passwd', 'mailto:anna@example.com', 'http://example.com/']) await page.evaluate((target) => void window.open(target), url);
  const opened = () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
  await expect.poll(opened).toEqual(['https://example.com/help', 'mailto:anna@example.com']);
  await page.evaluate(() => window.location.assign('https://example.com/away'));
  await expect.poll(async () => (await opened()).at(-1)).toBe('https://example.com/away');
  expect(page.url()).toBe(address);
  expect(app.windows()).toHaveLength(1);
});

test('a card opens in a window of its own', async ({ start }) => {
  const { app, page } = await start();
  await registerOwner(page);
  await createClient(page, 'ООО «Ромашка»');
  const [card] = await Promise.all([app.waitForEvent('window'), page.evaluate(() => void window.open('/clients/1', '_blank', 'noopener'))]);
  await card.getByText('ООО «Ромашка»').first().waitFor();
  expect(card.url()).toBe('app://polevik/clients/1');
});

test('a core that dies comes back with everything that was saved', async ({ start }) => {
  const { app, page } = await start();
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
  });
  await registerOwner(page);
  await createClient(page, 'ООО «Ромашка»');
  const coreOf = () => app.evaluate((electron) => electron.app.getAppMetrics().find((process) => process.type === 'Utility' && process.name === 'Polevik core')?.pid ?? 0);
  const before = await coreOf();
  expect(before).toBeGreaterThan(0);
  process.kill(before);
  await expect.poll(coreOf, { timeout: 20_000 }).not.toBe(before);
  await page.getByText('ООО «Ромашка»').first().waitFor();
});

test('a second start hands its link over and leaves', async ({ dataDir, start }) => {
  const { page } = await start();
  await registerOwner(page);
  await createClient(page, 'ООО «Ромашка»');
  await page.keyboard.press('Escape');
  const again = await run('--data-dir', dataDir, 'polevik://clients');
  expect(again.code).toBe(0);
  await page.waitForURL('app://polevik/clients');
});

test('a command answers without a window', async () => {
  const { code, text } = await run('--version');
  expect([code, text.trim()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
});

/** Runs the program past Playwright, as a terminal does. */
function run(...words: string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(electronFile(), [...UNBOXED, ROOT, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });
}
