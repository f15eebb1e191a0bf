import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUNDLE = join(import.meta.dirname, '../../../dist/main/polevik.mjs');
export const OWNER = { ADMIN_EMAIL: 'owner@example.ru', ADMIN_PASSWORD: 'длинный пароль 12', ADMIN_NAME: 'Ольга Хозяйкина', ADMIN_ORGANIZATION: 'Север' };
const UP_MS = 90_000;

/** A program that serves a data folder of its own, by the name of the folder. */
export interface Program {
  name: string;
  /** Of its hub, for others. */
  address: string;
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  kill(): Promise<void>;
  /** With these words besides the usual ones. @throws Error with what it says where it does not come up */
  start(more?: readonly string[]): Promise<void>;
}

export interface Programs {
  base: string;
  run(name: string, words: readonly string[]): Promise<Record<string, unknown>>;
  start(name: string, as: 'hub' | 'serve'): Promise<Program>;
  /** All that any of them has printed. */
  said(): string;
  close(): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Real programs as processes of their own; `hubEnv` is for those that are hubs. */
export async function startPrograms(hubEnv: Record<string, string>): Promise<Programs> {
  const base = mkdtempSync(join(tmpdir(), 'polevik-programs-'));
  const children = new Set<ChildProcess>();
  let said = '';
  const launch = (name: string, words: readonly string[]): ChildProcess => {
    const env = { PATH: process.env['PATH'], POLEVIK_LANGUAGE: 'ru', POLEVIK_LAN_HOST: '127.0.0.1', POLEVIK_LOG_LEVEL: 'warn', POLEVIK_PASSWORD: OWNER.ADMIN_PASSWORD, ...OWNER, ...(words[0] === 'hub' ? hubEnv : {}) };
    const child = spawn(process.execPath, [BUNDLE, ...words, '--data-dir', join(base, name), '--json'], { stdio: ['ignore', 'pipe', 'pipe'], env });
    children.add(child);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (said += part.toString()));
    return child;
  };
  return {
    base,
    run: (name, words) =>
      new Promise((done, fail) => {
        const child = launch(name, words);
        let [out, err] = ['', ''];
        child.stdout?.on('data', (part: Buffer) => (out += part.toString()));
        child.stderr?.on('data', (part: Buffer) => (err += part.toString()));
        child.once('close', (code) => (code === 0 ? done(JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>) : fail(new Error(`${name} ${words.join(' ')} ended with ${code}: ${err}${out}`))));
      }),
    start: async (name, as) => {
      const [port, lanPort] = [await freePort(), await freePort()];
      let child: ChildProcess | null = null;
      let token = '';
      const program: Program = {
        name,
        address: `127.0.0.1:${lanPort}`,
        call: async (method, path, body) => {
          const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
          if (!answer.ok) throw new Error(`${name} ${method} ${path}: ${answer.status} ${await answer.text()}`);
          return (await answer.json()) as never;
        },
        kill: async () => {
          const gone = new Promise((done) => child?.once('exit', done));
          child?.kill('SIGKILL');
          await gone;
        },
        start: async (more = []) => {
          const mine = launch(name, [...(as === 'hub' ? ['hub', '--port', String(port), '--lan-port', String(lanPort)] : ['serve', '--port', String(port)]), ...more]);
          child = mine;
          const end = Date.now() + UP_MS;
          // A hub says so once it serves the network too.
          let out = '';
          mine.stdout?.on('data', (part: Buffer) => (out += part.toString()));
          while (!out.includes(as === 'hub' ? '"fingerprint"' : '"url"')) {
            if (Date.now() > end || mine.exitCode !== null) throw new Error(`${name} does not come up: ${said.slice(-2000)}`);
            await pause(30);
          }
          const login = await fetch(`http://127.0.0.1:${port}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: OWNER.ADMIN_EMAIL, password: OWNER.ADMIN_PASSWORD }) });
          token = ((await login.json()) as { access_token: string }).access_token;
        },
      };
      await program.start();
      return program;
    },
    said: () => said,
    close: async () => {
      for (const child of children) child.kill('SIGKILL');
      await pause(200);
      rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
