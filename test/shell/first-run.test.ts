import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { createClient, createTicket, findInPalette, onDesk, registerOwner } from '../support/journey.ts';
import { startShell, type RunningShell } from '../support/shell.ts';

// A program that nobody has used yet: its window, from the first start to the first ticket, and its second day.
const SUBJECT = 'Не печатает принтер на складе';
const folder = mkdtempSync(join(tmpdir(), 'polevik-first-'));
const place = { args: ['--data-dir', join(folder, 'data')], appData: join(folder, 'system') };
let shell: RunningShell;

beforeAll(async () => {
  ensureBuilt();
  shell = await startShell(place);
}, 240_000);

afterAll(async () => {
  await shell?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('takes the owner from the first start to the first ticket', async () => {
  const page = await shell.page();
  await registerOwner(page);
  await createClient(page, 'ООО «Ромашка»');
  await createTicket(page, 'ромаш', 'ООО «Ромашка»', SUBJECT);
}, 90_000);

it('finds its line to the core again after a reload', async () => {
  const page = await shell.page();
  await page.reload();
  await page.getByText(SUBJECT).first().waitFor();
});

it('knows its person and the work of yesterday when it is started again', async () => {
  expect(await shell.stop()).toBe(0);
  shell = await startShell(place);
  const page = await shell.page();
  await onDesk(page);
  await findInPalette(page, 'принтер', SUBJECT);
}, 60_000);
