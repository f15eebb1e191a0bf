import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { onDesk } from '../support/journey.ts';
import { freePort, startShell, type RunningShell } from '../support/shell.ts';

// `npm start -- --demo` where there is a display: the demonstration in the window, and the same core for programs of this machine.
const OWNER = { email: 'admin@example.com', password: 'adminpass' };
const folder = mkdtempSync(join(tmpdir(), 'polevik-demo-'));
let shell: RunningShell;
let port = 0;

beforeAll(async () => {
  ensureBuilt();
  port = await freePort();
  shell = await startShell({ args: ['--demo', '--data-dir', join(folder, 'data'), '--port', String(port)], appData: join(folder, 'system') });
}, 240_000);
afterAll(async () => {
  await shell?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('shows the demonstration firm to its owner', async () => {
  const page = await shell.page();
  await page.locator('input[name="email"]').fill(OWNER.email);
  await page.locator('input[name="password"]').fill(OWNER.password);
  await page.keyboard.press('Enter');
  await onDesk(page);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('row').nth(5).waitFor();
}, 60_000);

it('answers the other programs of this machine at the port that was asked for', async () => {
  const signedIn = await fetch(`http://127.0.0.1:${port}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(OWNER) });
  expect(signedIn.status).toBe(200);
  const { access_token } = (await signedIn.json()) as { access_token: string };
  const tickets = await fetch(`http://127.0.0.1:${port}/api/tickets?limit=3`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(((await tickets.json()) as { items: unknown[] }).items).toHaveLength(3);
});
