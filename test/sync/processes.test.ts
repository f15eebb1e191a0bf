import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const BUNDLE = join(import.meta.dirname, '../../dist/main/polevik.mjs');
const OWNER = { ADMIN_EMAIL: 'owner@example.ru', ADMIN_PASSWORD: 'длинный пароль 12', ADMIN_NAME: 'Ольга Хозяйкина', ADMIN_ORGANIZATION: 'Север' };

/** A dozen programs are started one after another: on a busy machine that alone takes minutes. */
const MANY_STARTS_MS = 400_000;

let base: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'polevik-processes-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  rmSync(base, { recursive: true, force: true });
});

interface Running {
  child: ChildProcess;
  ended: Promise<{ code: number | null; out: string; err: string }>;
  said(pattern: RegExp): Promise<RegExpMatchArray>;
}

function start(copy: string, words: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [BUNDLE, ...words, '--data-dir', join(base, copy), '--json'], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], POLEVIK_LANGUAGE: 'ru', POLEVIK_LAN_HOST: '127.0.0.1', ...env } });
  running.push(child);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  const said = async (pattern: RegExp): Promise<RegExpMatchArray> => {
    const end = Date.now() + 30_000;
    for (;;) {
      const match = pattern.exec(out);
      if (match) return match;
      if (Date.now() > end || child.exitCode !== null) throw new Error(`never said ${pattern}: ${out} ${err}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  return { child, ended, said };
}
const run = async (copy: string, words: readonly string[], env?: Record<string, string>): Promise<Record<string, unknown>> => {
  const { code, out, err } = await start(copy, words, env).ended;
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}${out}`);
  return JSON.parse(out) as Record<string, unknown>;
};

it('a hub and a device as programs of their own: pairing, exchange, cutting off, all from the command line', async () => {
  await start('hub', ['init-db'], OWNER).ended;
  const hub = start('hub', ['hub', '--port', '0', '--lan-port', '0']);
  const [, port] = await hub.said(/"urls":\["https:\/\/[^"]+?:(\d+)"/);
  const address = `127.0.0.1:${port}`;
  const { code } = await run('hub', ['pair', '--for', OWNER.ADMIN_EMAIL]);
  const joined = await run('device', ['pair', '--code', String(code), '--hub', address], { POLEVIK_PASSWORD: 'другой пароль 34' });
  expect(joined).toMatchObject({ organization: { name: 'Север' }, member: { email: OWNER.ADMIN_EMAIL } });
  expect(await run('device', ['sync', '--once'])).toMatchObject({ role: 'device', waiting: 0, synchronised: true });

  const served = start('device', ['serve', '--port', '0']);
  const [, url] = await served.said(/"url":"([^"]+)"/);
  const login = (await (await fetch(`${url}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: OWNER.ADMIN_EMAIL, password: 'другой пароль 34' }) })).json()) as { access_token: string };
  const made = await fetch(`${url}/api/clients`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${login.access_token}` }, body: JSON.stringify({ name: 'ООО «Из другого процесса»' }) });
  expect(made.status).toBe(201);
  const end = Date.now() + 20_000;
  let above: { items: { name: string }[] } = { items: [] };
  while (above.items.length === 0 && Date.now() < end) {
    await run('hub', ['export', '--entity', 'clients', '--format', 'json', '--out', join(base, 'clients.json')]);
    above = { items: JSON.parse(readFileSync(join(base, 'clients.json'), 'utf8')) as { name: string }[] };
  }
  expect(above.items.map((one) => one.name)).toEqual(['ООО «Из другого процесса»']);

  const [device] = (await run('hub', ['device', 'list']))['items'] as { id: string; user_name: string }[];
  expect(device).toMatchObject({ user_name: OWNER.ADMIN_NAME, version: expect.any(String), lag: expect.any(Number), last_contact: expect.any(String), position: expect.any(Number), holds_back: expect.any(Boolean), revoked_at: null });
  served.child.kill('SIGTERM');
  await served.ended;

  const watching = start('device', ['sync', '--watch']);
  const [line] = await watching.said(/\{.*"state":"synchronised".*\}/);
  expect(JSON.parse(line)).toMatchObject({ role: 'device', waiting: 0, online: true, work_offline: false });
  watching.child.kill('SIGTERM');
  expect((await watching.ended).code).toBe(0);

  hub.child.kill('SIGTERM');
  await hub.ended;
  const alone = await start('device', ['sync', '--once']).ended;
  expect([alone.code, JSON.parse(alone.err)]).toEqual([5, { error: expect.objectContaining({ code: 'STORE_UNAVAILABLE', data: expect.objectContaining({ detail: 'sync_unreachable' }) }) }]);
  // It comes back on another port; whoever is told goes on there, under the certificate that he knows.
  const again = start('hub', ['hub', '--port', '0', '--lan-port', '0']);
  const [, elsewhere] = await again.said(/"urls":\["https:\/\/[^"]+?:(\d+)"/);
  const there = `127.0.0.1:${elsewhere}`;
  const guided = start('device', ['sync', '--watch', '--hub', there]);
  const [found] = await guided.said(/\{.*"state":"synchronised".*\}/);
  expect(JSON.parse(found)).toMatchObject({ hub_url: `https://${there}`, waiting: 0, online: true });
  guided.child.kill('SIGTERM');
  expect((await guided.ended).code).toBe(0);
  expect((await start('hub', ['device', 'revoke', 'nobody']).ended).code).toBe(3);
  expect(await run('hub', ['device', 'revoke', device?.id ?? ''])).toEqual({ done: true });
  const cut = await start('device', ['sync', '--once', '--hub', there]).ended;
  expect([cut.code, cut.err]).toEqual([4, expect.stringContaining('Узел отключил это устройство')]);
}, MANY_STARTS_MS);

it('a device without a hub in reach says so, with an exit code of its own', async () => {
  await start('alone', ['init-db'], OWNER).ended;
  const alone = await start('alone', ['sync', '--once']).ended;
  expect([alone.code, alone.err]).toEqual([5, expect.stringContaining('нет узла')]);
  const wrong = await start('empty', ['pair', '--code', '1234'], { POLEVIK_PASSWORD: 'другой пароль 34' }).ended;
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('четырёх групп')]);
});
