import { chromium, type Browser, type Page } from '@playwright/test';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchBrowser } from './browser.ts';
import type { Question } from './electron-stand-in/control.ts';
import type { Recorded } from './electron-stand-in/record.ts';

const ROOT = join(import.meta.dirname, '../..');
const REGISTER = pathToFileURL(join(import.meta.dirname, 'electron-stand-in/register.ts')).href;

export interface ShellOptions {
  args?: string[];
  env?: Record<string, string>;
  /** The folder that holds `dist/`; the project itself unless told otherwise. */
  app?: string;
  /** Where the system keeps the programs' own folders; a fresh one unless told otherwise. */
  appData?: string;
}

/** The program's built shell, running in the stand-in for Electron. */
export interface RunningShell {
  /** The page of the first window, once it is there. */
  page(): Promise<Page>;
  pages(): Page[];
  ask<T = unknown>(question: Question): Promise<T>;
  /** What the program has asked of Electron under that name. */
  recorded(what: string): Promise<Recorded[]>;
  output(): string;
  process: ChildProcess;
  /** Asks the program to end as the system does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Runs the built main file without a browser, to its end: what a command line sees. */
export async function runShell({ args = [], env = {}, app = ROOT, appData }: ShellOptions): Promise<{ code: number | null; output: string; recorded: Recorded[] }> {
  const { child, output, ask } = start({ args, env, app, appData: appData ?? tmpdir() }, '');
  const recorded = ask<Recorded[]>({ ask: 'recorded' }).catch(() => []);
  const code = await ended(child);
  return { code, output: output(), recorded: await recorded };
}

/** Starts the program with a real Chromium for its windows. */
export async function startShell(options: ShellOptions = {}): Promise<RunningShell> {
  const port = await freePort();
  const browser = await launchBrowser({ args: [`--remote-debugging-port=${port}`] });
  const address = `http://127.0.0.1:${port}`;
  const watching: Browser = await chromium.connectOverCDP(address);
  const appData = options.appData ?? mkdtempSync(join(tmpdir(), 'polevik-shell-'));
  const { child, output, ask } = start({ args: withPort(options.args ?? []), env: options.env ?? {}, app: options.app ?? ROOT, appData }, address);
  const context = watching.contexts()[0];
  if (!context) throw new Error('Chromium has no context');
  const pages = (): Page[] => context.pages().filter((page) => page.url() !== 'about:blank');
  return {
    process: child,
    output,
    ask,
    pages,
    page: async () => {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const [page] = pages();
        if (page) return page;
        if (child.exitCode !== null || Date.now() > deadline) throw new Error(`no window came:\n${output()}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    recorded: async (what) => (await ask<Recorded[]>({ ask: 'recorded' })).filter((entry) => entry.what === what),
    stop: async () => {
      const over = ended(child);
      if (child.exitCode === null) child.send({ id: 0, ask: 'quit' });
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      const code = await over;
      clearTimeout(timer);
      await watching.close();
      await browser.close();
      if (!options.appData) rmSync(appData, { recursive: true, force: true });
      return code;
    },
  };
}

/** Any free port, unless the test names one: the usual one may belong to a program in use. */
const withPort = (args: string[]): string[] => (args.includes('--port') ? args : [...args, '--port', '0']);

function start({ args, env, app, appData }: Required<ShellOptions>, chromiumAddress: string): { child: ChildProcess; output: () => string; ask: RunningShell['ask'] } {
  const child = fork(join(app, 'dist/shell/main.mjs'), args, {
    execArgv: ['--import', REGISTER],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, STAND_IN_APP: app, STAND_IN_APP_DATA: appData, STAND_IN_CHROMIUM: chromiumAddress, NODE_NO_WARNINGS: '1', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let next = 1;
  const ask = <T>(question: Question): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = next++;
      const listen = (message: { id: number; value: T }): void => {
        if (message.id !== id) return;
        child.off('message', listen);
        child.off('exit', over);
        resolve(message.value);
      };
      const over = (): void => reject(new Error(`the program has ended:\n${output}`));
      if (!child.connected) return over();
      child.on('message', listen);
      child.once('exit', over);
      child.send({ id, ...question });
    });
  return { child, output: () => output, ask };
}

const ended = (child: ChildProcess): Promise<number | null> => (child.exitCode !== null ? Promise.resolve(child.exitCode) : new Promise((resolve) => child.once('exit', (code) => resolve(code))));

/** A port that nobody holds at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
