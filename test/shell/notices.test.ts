import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { startShell, type RunningShell } from '../support/shell.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'polevik-notices-'));
let shell: RunningShell;

/** A core that only says what the real one says when a job of the timetable has failed and when a task is due, among things that nobody understands. */
const CORE = `
process.parentPort.on('message', ({ data }) => { if (data.type === 'stop') process.exit(0); });
for (const message of [{ type: 'ready' }, { type: 'job_failed' }, { type: 'job_failed', name: 7 }, null, 'job_failed', 
  { type: 'notice' }, { type: 'notice', key: 'trouble.title', params: {}, path: '/desk' }, { type: 'notice', key: 'due_soon', params: { title: 'x' }, path: 'https://elsewhere.example' }, { type: 'notice', key: 'due_soon', params: { title: 'Позвонить' }, path: '/tasks/7' },
  { type: 'job_failed', name: 'backup' }]) process.parentPort.postMessage(message);
`;

beforeAll(async () => {
  ensureBuilt();
  for (const part of ['main', 'ui']) mkdirSync(join(folder, 'dist', part), { recursive: true });
  cpSync(join(ROOT, 'dist/shell'), join(folder, 'dist/shell'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  writeFileSync(join(folder, 'dist/main/core-process.mjs'), CORE);
  writeFileSync(join(folder, 'dist/ui/index.html'), '<p>страница</p>');
  shell = await startShell({ app: folder, args: ['--data-dir', join(folder, 'data')] });
  await shell.page();
}, 240_000);
afterAll(async () => {
  await shell?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('tells of a task that is due, and once of a job that failed unwatched, in words, with a way to its page', async () => {
  await expect.poll(async () => (await shell.recorded('Notification.show')).length, { timeout: 20_000 }).toBe(2);
  expect(await shell.recorded('Notification.show')).toEqual([
    expect.objectContaining({ title: 'Срок подходит: Позвонить', actions: [{ type: 'button', text: 'Открыть' }] }),
    expect.objectContaining({ title: 'Не удалось: Резервная копия', actions: [{ type: 'button', text: 'Открыть задания' }] }),
  ]);
  expect(await shell.ask({ ask: 'notice' })).toBe(true);
  await expect.poll(() => shell.pages().map((page) => new URL(page.url()).pathname), { timeout: 20_000 }).toContain('/settings/jobs');
});
