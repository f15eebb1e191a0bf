import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, type Random } from '../../../src-main/seed/random.ts';

const BUNDLE = join(import.meta.dirname, '../../../dist/main/polevik.mjs');
const OWNER = { ADMIN_EMAIL: 'owner@example.ru', ADMIN_PASSWORD: 'длинный пароль 12', ADMIN_NAME: 'Ольга Хозяйкина', ADMIN_ORGANIZATION: 'Север' };
const DEVICES = ['d1', 'd2', 'd3'] as const;
const REST_MS = 60_000;

interface Copy {
  name: string;
  port: number;
  token: string;
  child: ChildProcess | null;
}

/** What a run of killing came to. */
export interface KillingOutcome {
  kills: number;
  writes: number;
  faults: string[];
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

/** One hub and three devices as programs of their own, edited at random while any of them is killed at random; then quiet. */
export async function killAtRandom(seconds: number, seed: number): Promise<KillingOutcome> {
  const random: Random = createRandom(seed);
  const base = mkdtempSync(join(tmpdir(), 'polevik-killing-'));
  const lanPort = await freePort();
  const env = { ...process.env, POLEVIK_LANGUAGE: 'ru', POLEVIK_LAN_HOST: '127.0.0.1', POLEVIK_LOG_LEVEL: 'error', POLEVIK_PASSWORD: OWNER.ADMIN_PASSWORD, ...OWNER };
  const launch = (name: string, words: readonly string[]): ChildProcess => spawn(process.execPath, [BUNDLE, ...words, '--data-dir', join(base, name), '--json'], { stdio: ['ignore', 'pipe', 'inherit'], env });
  const run = (name: string, words: readonly string[]): Promise<Record<string, unknown>> =>
    new Promise((done, fail) => {
      const child = launch(name, words);
      let out = '';
      child.stdout?.on('data', (part: Buffer) => (out += part.toString()));
      child.once('close', (code) => (code === 0 ? done(JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>) : fail(new Error(`${name} ${words.join(' ')} ended with ${code}`))));
    });
  const start = async (copy: Copy): Promise<void> => {
    copy.child = launch(copy.name, copy.name === 'hub' ? ['hub', '--port', String(copy.port), '--lan-port', String(lanPort)] : ['serve', '--port', String(copy.port)]);
    const end = Date.now() + REST_MS;
    while (!(await fetch(`http://127.0.0.1:${copy.port}/health`).then((answer) => answer.ok, () => false))) {
      if (Date.now() > end) throw new Error(`${copy.name} does not come up`);
      await pause(30);
    }
    const login = await fetch(`http://127.0.0.1:${copy.port}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: OWNER.ADMIN_EMAIL, password: OWNER.ADMIN_PASSWORD }) });
    copy.token = ((await login.json()) as { access_token: string }).access_token;
  };
  const call = async <T>(copy: Copy, method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${copy.port}${path}`, { method, headers: { authorization: `Bearer ${copy.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${copy.name} ${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const copies: Copy[] = [];
  const outcome: KillingOutcome = { kills: 0, writes: 0, faults: [] };
  try {
    await run('hub', ['init-db']);
    for (const name of ['hub', ...DEVICES]) copies.push({ name, port: await freePort(), token: '', child: null });
    const [hub, ...devices] = copies as [Copy, ...Copy[]];
    await start(hub);
    for (const device of devices) {
      const { code } = (await run('hub', ['pair', '--for', OWNER.ADMIN_EMAIL])) as { code: string };
      await run(device.name, ['pair', '--code', code, '--hub', `127.0.0.1:${lanPort}`]);
      await start(device);
    }
    const written = new Set<string>();
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      const copy = random.pick(copies);
      if (random.chance(0.06)) {
        const gone = new Promise((done) => copy.child?.once('exit', done));
        copy.child?.kill('SIGKILL');
        await gone;
        outcome.kills++;
        await start(copy);
        continue;
      }
      const name = `ООО «${copy.name} ${outcome.writes}»`;
      if (written.size === 0 || random.chance(0.6)) {
        await call(copy, 'POST', '/api/clients', { name });
        written.add(name);
      } else {
        const { items } = await call<{ items: { id: string }[] }>(copy, 'GET', '/api/clients?limit=50');
        const row = items[Math.floor(random.chance(0.5) ? 0 : items.length / 2)];
        if (row) await call(copy, 'PUT', `/api/clients/${row.id}`, { comment: name });
      }
      outcome.writes++;
    }
    const rest = Date.now() + REST_MS;
    let states: { synchronised: boolean; cursor: number; head: number; waiting: number }[] = [];
    do {
      for (const device of devices) await call(device, 'POST', '/api/sync/now', {});
      states = await Promise.all(devices.map((device) => call<{ synchronised: boolean; cursor: number; head: number; waiting: number }>(device, 'GET', '/api/sync/status')));
    } while (!states.every((state) => state.synchronised && state.cursor === states[0]?.cursor) && Date.now() < rest);
    if (!states.every((state) => state.synchronised)) outcome.faults.push(`never at rest: ${JSON.stringify(states)}`);
    for (const copy of copies) {
      await call(copy, 'GET', '/api/system/doctor').then((found) => (found as { ok: boolean }).ok || outcome.faults.push(`${copy.name}: ${JSON.stringify(found)}`));
      const names = new Set<string>();
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: { items: { name: string }[]; next_cursor: string | null } = await call(copy, 'GET', `/api/clients?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
        for (const row of page.items) names.add(row.name);
        cursor = page.next_cursor;
      }
      for (const name of written) if (!names.has(name)) outcome.faults.push(`${copy.name} lacks ${name}`);
    }
  } finally {
    for (const copy of copies) copy.child?.kill('SIGKILL');
    rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  return outcome;
}
