import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutFlagForm } from '../../src-main/cli/program.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';
import type { DoorClient } from '../support/doors.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/main/polevik.mjs');
let folder: string;
let house: RunningHouse;
let client: DoorClient;
let number: string;
let servers: Server[] = [];

const anydesk = (script: string): string => {
  const file = join(folder, 'any desk');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
};
const WORKS = 'case "$1" in --get-id) echo 123456789;; --get-status) echo online;; esac';

function run(words: readonly string[], script: string | null, { env = {}, command = 'sync-anydesk-id' }: { env?: Record<string, string>; command?: string } = {}): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [BUNDLE, command, ...words, '--patience', '0', '--data-dir', join(folder, 'данные')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/nowhere', HOME: folder, POLEVIK_LANGUAGE: 'ru', ...(script === null ? {} : { POLEVIK_ANYDESK: anydesk(script) }), ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}
async function answering(body: string, type: string): Promise<string> {
  const server = createServer((_request, answer) => answer.writeHead(200, { 'content-type': type }).end(body));
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'полевик удалённо '));
  house = await startHouse();
  client = clientOf(house.url, (await registerOwner(house.url)).token);
  number = String((await client.clients.create({ name: 'Аптека' })).no);
  const { token } = await client.auth.createToken({ name: 'касса' });
  writeFileSync(join(folder, 'token'), `${token}\n`);
});
afterAll(async () => {
  for (const server of servers) server.close();
  servers = [];
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});
const toHub = (url: string, ...more: string[]): string[] => [number, '--hub', url, '--token-file', join(folder, 'token'), ...more];

describe('sync-anydesk-id', () => {
  it('writes the address into the client’s card at the hub', async () => {
    const done = await run(toHub(house.url), WORKS);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain('Адрес AnyDesk 123456789 записан');
    expect(await client.remoteAccess.ofClient({ id: number })).toMatchObject({ remote_id: '123456789', online: 'online' });
  });

  it('keeps the address while the hub is out of reach, without the token, and sends it later', async () => {
    const outbox = join(folder, 'данные', 'remote-outbox.json');
    expect(await run(toHub('http://127.0.0.1:9'), WORKS)).toMatchObject({ code: 24 });
    expect(readFileSync(outbox, 'utf8')).toContain('123456789');
    expect(readFileSync(outbox, 'utf8')).not.toContain(readFileSync(join(folder, 'token'), 'utf8').trim());
    writeFileSync(outbox, readFileSync(outbox, 'utf8').replace('http://127.0.0.1:9', house.url));
    expect(await run(toHub(house.url), WORKS)).toMatchObject({ code: 0 });
    expect(existsSync(outbox)).toBe(false);
  });

  it.each<[string, string | null, number, string]>([
    ['no tool', null, 20, 'AnyDesk на этой машине не установлен'],
    ['a tool that is not ready', 'echo 0', 23, 'не сообщил адрес вовремя'],
  ])('with %s: an exit code and a sentence of its own, and the card knows why', async (_what, script, code, sentence) => {
    const elsewhere = String((await client.clients.create({ name: 'В другом городе' })).no);
    await client.remoteAccess.sync({ id: elsewhere });
    const done = await run([elsewhere, ...toHub(house.url).slice(1)], script);
    expect(done.code).toBe(code);
    expect(done.out).toContain(sentence);
    expect((await client.remoteAccess.ofClient({ id: elsewhere })).request).toMatchObject({ state: 'failed' });
  });

  it('says what is missing for an installation', async () => {
    const done = await run(toHub(house.url, '--install', '--json'), null);
    expect(done.code).toBe(21);
    expect(JSON.parse(done.out)).toMatchObject({ outcome: 'install_refused', install: { why: 'no_installer' } });
  });

  it('installs from the administrator’s file only with its checksum, and says what became of what was begun', async () => {
    const installers = join(folder, 'установщики');
    mkdirSync(installers);
    const installer = join(installers, 'AnyDesk.exe');
    const calls = join(folder, 'вызовы');
    writeFileSync(installer, `#!/bin/sh\necho "$*" >> "${calls}"\nexit 3\n`, { mode: 0o755 });
    const env = { POLEVIK_INSTALLERS: installers, PATH: process.env['PATH'] ?? '' };
    writeFileSync(`${installer}.sha256`, '0'.repeat(64));
    const differs = await run(toHub(house.url, '--install'), null, { env });
    expect(differs).toMatchObject({ code: 21, out: expect.stringContaining('сумма файла установки не сходится') });
    expect(existsSync(calls)).toBe(false);
    writeFileSync(`${installer}.sha256`, createHash('sha256').update(readFileSync(installer)).digest('hex'));
    const failed = await run(toHub(house.url, '--install'), null, { env });
    expect(failed).toMatchObject({ code: 22, out: expect.stringMatching(/с кодом 3.*\n.*Начатое убрано/) });
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toEqual([expect.stringMatching(/^--install .* --silent$/), '--remove --silent']);
  });

  it('is a switch of the program as well', async () => {
    const done = await run(toHub(house.url, '--json'), WORKS, { command: '--sync-anydesk-id' });
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(done.out)).toMatchObject({ outcome: 'done', address: '123456789' });
    expect(withoutFlagForm(['--json', '--sync-anydesk-id=12'])).toEqual(['sync-anydesk-id', '12', '--json']);
    expect(withoutFlagForm(['serve', '--port', '0'])).toEqual(['serve', '--port', '0']);
  });

  it.each([
    ['a router’s page', '<html><body>Войдите в сеть</body></html>', 'text/html'],
    ['megabytes', 'x'.repeat(3_000_000), 'application/json'],
    ['another program', '{"ok":true}', 'application/json'],
  ])('takes %s for no hub, and keeps nothing', async (_what, body, type) => {
    const done = await run(toHub(await answering(body, type)), WORKS);
    expect(done).toMatchObject({ code: 25 });
    expect(done.out).toContain('отвечает не Полевик');
    expect(existsSync(join(folder, 'данные', 'remote-outbox.json'))).toBe(false);
  });

  it('is refused with a wrong token, an unknown client, and without a token', async () => {
    writeFileSync(join(folder, 'wrong'), 'plv_nothing');
    expect(await run([number, '--hub', house.url, '--token-file', join(folder, 'wrong')], WORKS)).toMatchObject({ code: 4 });
    expect(await run(['777777', '--hub', house.url, '--token-file', join(folder, 'token')], WORKS)).toMatchObject({ code: 3 });
    expect(await run([number, '--hub', house.url], WORKS)).toMatchObject({ code: 2 });
  });
});
