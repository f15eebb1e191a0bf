import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { answersOf, freePort, makeSingleFile } from '../support/single-file.ts';
import { compile, NODE_FOR_WINE } from '../support/windows-probe.ts';
import { runProgram, startProgram } from '../support/windows.ts';

const winePrefix = inject('winePrefix');
const base = mkdtempSync(join(tmpdir(), 'polevik-single-'));
const folder = join(base, 'Папка с пробелом');
const PROGRAM = 'my crm.exe';
const run = (...words: string[]) => runProgram(folder, PROGRAM, words, { winePrefix });

beforeAll(() => {
  mkdirSync(folder);
  makeSingleFile(['--target', 'win-x64', '--name', 'my crm', '--output', folder, ...(winePrefix ? ['--node', NODE_FOR_WINE] : [])]);
});
afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

it('prints and ends like a console program', async () => {
  expect(await run('--version')).toEqual({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\r?\n$/) });
  const wrong = await run('export');
  expect([wrong.code, wrong.output]).toEqual([2, expect.stringContaining('--entity')]);
});

it('makes a base, finds it whole, and serves the page and the API', async () => {
  const data = ['--demo', '--data-dir', 'data folder'];
  const port = await freePort();
  const served = startProgram(folder, PROGRAM, ['serve', ...data, '--port', String(port)], { winePrefix });
  try {
    const answers = await answersOf(`http://127.0.0.1:${port}`, served.output);
    expect(answers).toMatchObject({ page: expect.stringContaining('<div id="root"'), documentation: expect.stringContaining('swagger'), health: { status: 'ok' }, signedIn: 200 });
  } finally {
    await served.stop();
  }
});

it('reads AnyDesk’s address of its machine into a client’s card', async () => {
  const place = winePrefix ? join(winePrefix, 'drive_c/Program Files (x86)/AnyDesk') : 'C:\\Program Files (x86)\\AnyDesk';
  mkdirSync(place);
  try {
    compile('anydesk', join(place, 'AnyDesk.exe'));
    const { code, output } = await run('--sync-anydesk-id', '1', '--json', '--patience', '30', '--demo', '--data-dir', 'data folder');
    expect([code, JSON.parse(output)]).toMatchObject([0, { outcome: 'done', address: '912345678', alias: 'kassa@ad', online: 'online' }]);
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
