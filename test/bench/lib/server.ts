import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { ADMIN } from './data.ts';
import { ROOT } from './report.ts';

const PROGRAM = join(ROOT, 'dist/main/polevik.mjs');

/** The built program, serving a data folder in a process of its own. */
export interface Server {
  url: string;
  /** One-time link by which a browser signs in. */
  link: string;
  /** From the start of the process to its first word, which it says when it answers. */
  readyMs: number;
  /** Resident memory in MiB; null where the system does not tell. */
  rssMib(): number | null;
  /** CPU time of the process so far in milliseconds; null where the system does not tell. */
  cpuMs(): number | null;
  /** Bytes that the process has had written to the disk; null where the system does not tell. */
  writtenBytes(): number | null;
  stop(): Promise<void>;
}

export async function startServer(dir: string, words: readonly string[] = ['serve'], env: Record<string, string> = {}): Promise<Server> {
  const started = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...words, '--data-dir', dir, '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, POLEVIK_LOG_LEVEL: 'warn', ...env } });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { url, link } = await firstWord(child);
  const readyMs = performance.now() - started;
  return {
    url,
    link,
    readyMs,
    rssMib: () => {
      const kib = /VmRSS:\s+(\d+)/.exec(procFile(child, 'status'))?.[1];
      return kib ? Number(kib) / 1024 : null;
    },
    cpuMs: () => {
      const fields = procFile(child, 'stat').split(') ')[1]?.split(' ');
      return fields ? (Number(fields[11]) + Number(fields[12])) * 10 : null;
    },
    writtenBytes: () => {
      const bytes = /^write_bytes: (\d+)/m.exec(procFile(child, 'io'))?.[1];
      return bytes ? Number(bytes) : null;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

const procFile = (child: ChildProcess, name: string): string => (existsSync(`/proc/${child.pid}/${name}`) ? readFileSync(`/proc/${child.pid}/${name}`, 'utf8') : '');

function firstWord(child: ChildProcess): Promise<{ url: string; link: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const end = text.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(text.slice(0, end)) as { url: string; link: string });
    });
    child.once('exit', (code) => reject(new Error(`the program ended with ${code} before it served`)));
  });
}

/** Runs a command of the built program to its end. @returns what it printed as JSON */
export async function runProgram(dir: string, words: readonly string[], env: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [PROGRAM, ...words, '--data-dir', dir, '--json'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, POLEVIK_LOG_LEVEL: 'warn', ...env } });
  const out = await text(child.stdout);
  if (child.exitCode) throw new Error(`${words.join(' ')} ended with ${child.exitCode}`);
  return JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
}

export async function postJson<T>(url: string, token: string, body: unknown): Promise<T> {
  const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Signs in over REST. @returns the access token. */
export async function signIn(url: string, password: string = ADMIN.password): Promise<string> {
  const response = await fetch(`${url}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: ADMIN.email, password }) });
  const body = (await response.json()) as { access_token?: string };
  if (!body.access_token) throw new Error(`sign-in: ${response.status} ${JSON.stringify(body)}`);
  return body.access_token;
}

export async function getJson<T>(url: string, token: string): Promise<T> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
