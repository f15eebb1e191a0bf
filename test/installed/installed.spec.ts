import { chromium, expect, test, type Page } from '@playwright/test';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient, createTicket, findInPalette, onDesk, registerOwner } from '../support/journey.ts';

// The program as a person has it: installed, with its fuses set, so that nothing looks into its main process. POLEVIK_INSTALLED names it.
const file = process.env['POLEVIK_INSTALLED'];
if (!file) throw new Error('POLEVIK_INSTALLED must name the installed executable');
const run = promisify(execFile);
// A trace would outlive the browser that it is taken from: the program ends with its last window.
test.use({ trace: 'off' });
const SUBJECT = 'Не печатает принтер на складе';
const folder = mkdtempSync(join(tmpdir(), 'polevik-installed-'));
const dataDir = join(folder, 'data');

test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));

/** Starts the program with Chromium's own debugging port, which shows pages and nothing else. */
async function start(): Promise<{ page: Page; close: () => Promise<void> }> {
  const port = await freePort();
  const child: ChildProcess = spawn(file as string, [`--remote-debugging-port=${port}`, '--data-dir', dataDir], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const browser = await connect(`http://127.0.0.1:${port}`);
  const context = browser.contexts()[0];
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (!page) throw new Error('the program has no window');
  // The last window closed ends the program.
  const close = async (): Promise<void> => {
    await page.close();
    await gone;
  };
  return { page, close };
}

async function connect(address: string) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await chromium.connectOverCDP(address);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

test('from the first start to the first ticket, and the same person the next day', async () => {
  test.setTimeout(180_000);
  const first = await start();
  await registerOwner(first.page);
  await createClient(first.page, 'ООО «Ромашка»');
  await createTicket(first.page, 'ромаш', 'ООО «Ромашка»', SUBJECT);
  await first.close();

  const second = await start();
  await onDesk(second.page);
  await findInPalette(second.page, 'принтер', SUBJECT);
  await second.close();
});

test('commands answer without a window', async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
  expect((await run(file as string, ['--version'])).stdout.trim()).toBe(version);
  const doctor = await run(file as string, ['doctor', '--data-dir', dataDir, '--json']);
  expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: true });
});

test('nobody can turn the executable into something else', async () => {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require=./no-such-file.js' };
  const { stdout } = await run(file as string, ['--version'], { env });
  expect(stdout.trim()).not.toMatch(/^v\d+/);
});
