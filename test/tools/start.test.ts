import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';

// `npm start` as a newcomer meets it: with and without a display, with an Electron that works, and with one that does not.
const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'polevik-start-'));
const running = new Set<ChildProcess>();

beforeAll(() => ensureBuilt(), 240_000);
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  text(): string;
  code: Promise<number | null>;
}

function start(script: string, words: string[], env: Record<string, string> = {}): Started {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  const child = spawn(process.execPath, [join(ROOT, script), ...words], { cwd: folder, env: { ...rest, POLEVIK_LANGUAGE: 'ru', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, text: () => text, code: new Promise((resolve) => child.once('close', resolve)) };
}

const freshData = (): string => join(mkdtempSync(join(folder, 'data-')), 'data');
const address = (text: string): string | undefined => /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];

/** Waits until the program serves, asks it, ends it as a terminal does, and answers what it had said. */
async function served({ child, text, code }: Started): Promise<string> {
  let over: number | null | undefined;
  void code.then((status) => (over = status));
  await expect.poll(() => over !== undefined || address(text()) !== undefined, { timeout: 25_000 }).toBe(true);
  expect(over, text()).toBeUndefined();
  const health = await fetch(`${address(text())}/health`);
  expect(((await health.json()) as { status: string }).status).toBe('ok');
  child.kill('SIGTERM');
  await code;
  await expect(fetch(`${address(text())}/health`)).rejects.toThrow();
  return text();
}

it.runIf(process.platform === 'linux')('says that there is no display, and serves the program instead', async () => {
  const said = await served(start('tools/start.mjs', ['--port', '0', '--data-dir', freshData()]));
  expect(said).toContain('нет экрана');
  expect(said).not.toMatch(/\n\s+at |Error:/);
});

it('says nothing about windows when none is wanted', async () => {
  const said = await served(start('tools/start.mjs', ['--headless', '--port', '0', '--data-dir', freshData()]));
  expect(said).not.toMatch(/окн|экран|Electron/i);
});

it('refuses a word that it does not know, with the words that it does', async () => {
  const { code, text } = start('tools/start.mjs', ['--prot', '5000']);
  expect(await code).toBe(2);
  expect(text()).toContain('--prot');
  expect(text()).toContain('--headless');
});

describe.runIf(process.platform !== 'win32')('with something in the place of Electron', () => {
  /** Something in the place of Electron's executable: it writes down what it is told and ends as it is told. */
  const inPlaceOfElectron = (script: string): Record<string, string> => {
    const place = mkdtempSync(join(folder, 'electron-'));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'electron'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(place, 'electron'), 0o755);
    return { ELECTRON_OVERRIDE_DIST_PATH: place, DISPLAY: ':99' };
  };

  it('opens the window where it can, with the same words, and ends with it', async () => {
    const told = join(folder, 'told');
    const { code, text } = start('tools/start.mjs', ['--demo', '--data-dir', '/data/фирма'], inPlaceOfElectron(`printf '%s\\n' "$@" > ${told}`));
    expect(await code, text()).toBe(0);
    expect(readFileSync(told, 'utf8').trim().split('\n')).toEqual([ROOT, '--demo', '--data-dir', '/data/фирма']);
  });

  it('tells in one line why the window did not open, and serves', async () => {
    const broken = inPlaceOfElectron('echo "electron: error while loading shared libraries: libnss3.so" >&2\nexit 127');
    const said = await served(start('tools/start.mjs', ['--port', '0', '--data-dir', freshData()], broken));
    expect(said.split('\n').filter((line) => line.includes('libnss3.so'))).toHaveLength(1);
    expect(said).toContain('Окно не открылось');
  });

  it('passes a signal on to the window', async () => {
    const ready = join(folder, 'ready');
    const { child, code } = start('tools/start.mjs', [], inPlaceOfElectron(`trap 'exit 0' TERM\n: > ${ready}\nwhile :; do sleep 0.1; done`));
    await expect.poll(() => existsSync(ready), { timeout: 20_000 }).toBe(true);
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });
});

it('answers on the command line as npx polevik does, wherever one stands', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const { code, text } = start('tools/polevik.mjs', ['--version']);
  expect([await code, text().trim()]).toEqual([0, version]);
});
