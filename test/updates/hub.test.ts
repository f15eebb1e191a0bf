import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Served } from '../../src-shared/updates/contract.ts';
import { serverCertificate } from '../../src-main/sync/index.ts';
import { registerOwner, startHouse } from '../support/house.ts';
import { clientOf, startHub } from '../sync/support/network.ts';
import { makeKeys, NSIS, publishNsis, signAgain, type Keys } from './support/release.ts';

const base = mkdtempSync(join(tmpdir(), 'polevik-served-'));
const folder = join(base, 'updates');
const name = NSIS('1.0.1');
let keys: Keys;
let installer: Buffer;
let hub: Awaited<ReturnType<typeof startHub>>;
let authority: string;

beforeAll(async () => {
  keys = makeKeys(base);
  await publishNsis(folder, '1.0.0', { keys });
  installer = await publishNsis(folder, '1.0.1', { keys, percent: 40, notes: { ru: 'Стало быстрее', en: 'Faster' } });
  writeFileSync(join(base, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'notes-of-the-publisher.txt'), 'secret');
  hub = await startHub({ config: { updateKeys: [keys.publicKey], updatesFolder: folder } });
  const { sync } = hub.house.core.house;
  authority = (await serverCertificate(sync.db, sync.clock)).authority;
});
afterAll(async () => {
  await hub.close();
  rmSync(base, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Asks the hub as another machine of the network does, or over loopback; the path goes out as it is written here. */
function ask(path: string, { method = 'GET', headers = {}, lan = true }: { method?: string; headers?: Record<string, string>; lan?: boolean } = {}): Promise<Answer> {
  const [host, port] = (lan ? hub.address : new URL(hub.house.url).host).split(':');
  return new Promise((resolve, reject) => {
    const sent = (lan ? httpsRequest : httpRequest)({ host, port, path, method, headers, ...(lan ? { ca: authority, checkServerIdentity: () => undefined } : {}) }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
const get = (file: string, headers: Record<string, string> = {}): Promise<Answer> => ask(`/updates/${file}`, { headers });

describe.each([
  ['the network', true],
  ['loopback', false],
])('over %s, with nobody signed in', (_name, lan) => {
  it('hands out the feed, its signature, the installer and the block maps', async () => {
    for (const file of ['latest.yml', 'latest.yml.sig', name, `${name}.blockmap`, `${NSIS('1.0.0')}.blockmap`]) {
      const whole = await ask(`/updates/${file}`, { lan });
      expect([whole.status, whole.body.equals(readFileSync(join(folder, file)))], file).toEqual([200, true]);
      expect(whole.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(whole.body.length), 'x-content-type-options': 'nosniff' });
      const head = await ask(`/updates/${file}`, { lan, method: 'HEAD' });
      expect([head.status, head.body.length, head.headers['content-length'], head.headers.etag]).toEqual([200, 0, String(whole.body.length), whole.headers.etag]);
    }
  });

  it('hands out nothing else', async () => {
    const paths = ['/updates', '/updates/', '/updates/notes-of-the-publisher.txt', `/updates/${NSIS('1.0.0')}`, '/updates/secret.txt', '/updates/../secret.txt', '/updates/..%2fsecret.txt', '/updates/%2e%2e/secret.txt', '/updates/%2e%2e%2fsecret.txt', '/updates/..%5csecret.txt', `/updates/${encodeURIComponent(join(base, 'secret.txt'))}`, '/updates//etc/passwd', '/updates/latest.yml%00', '/updates/LATEST.YML', '/updates/.', '/updates/%252e%252e%252fsecret.txt', `/updates/${'a'.repeat(5000)}`, '/updates/%', '/updates/__proto__', '/updates/constructor'];
    for (const path of paths) {
      const answer = await ask(path, { lan });
      expect([400, 404, 414], `${path} ${answer.status}`).toContain(answer.status);
      expect(answer.body.toString(), path).not.toBe('secret');
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) expect((await ask('/updates/latest.yml', { lan, method })).status, method).toBe(404);
  });
});

describe('parts of a file', () => {
  it('hands out one range', async () => {
    const { status, headers, body } = await get(name, { range: 'bytes=1000-1999' });
    expect([status, headers['content-range'], body.equals(installer.subarray(1000, 2000))]).toEqual([206, `bytes 1000-1999/${installer.length}`, true]);
    expect((await get(name, { range: 'bytes=-5' })).body).toEqual(installer.subarray(-5));
  });

  it('hands out several ranges in one answer, in the order that was asked for', async () => {
    const { status, headers, body } = await get(name, { range: 'bytes=5000-5009, 10-19' });
    const boundary = /^multipart\/byteranges; boundary=(\w+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    const part = (start: number, end: number): Buffer => Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${start}-${end}/${installer.length}\r\n\r\n`), installer.subarray(start, end + 1), Buffer.from('\r\n')]);
    expect(status).toBe(206);
    expect(body).toEqual(Buffer.concat([part(5000, 5009), part(10, 19), Buffer.from(`--${boundary}--\r\n`)]));
    expect(headers['content-length']).toBe(String(body.length));
  });

  it('reads a header of a thousand ranges', async () => {
    const starts = Array.from({ length: 1_000 }, (_, index) => 2_000_000 + index * 100);
    const { status, body } = await get(name, { range: `bytes=${starts.map((start) => `${start}-${start + 9}`).join(', ')}` });
    expect([status, body.toString('latin1').split('Content-Range').length - 1]).toEqual([206, 1_000]);
  });

  it.each([
    ['far outside', 'bytes=900719925474099-', 416],
    ['the whole file twice', 'bytes=0-,0-', 416],
    ['a thousand times all of it', `bytes=${Array.from({ length: 1_000 }, () => '0-').join(',')}`, 416],
    ['more parts than any file needs', `bytes=${Array.from({ length: 1_025 }, (_, index) => `${index}-${index}`).join(',')}`, 416],
    ['nonsense', 'bytes=1-x', 200],
    ['another unit', 'lines=1-2', 200],
  ])('answers %s', async (_name, range, status) => {
    const answer = await get(name, { range });
    expect([answer.status, answer.body.length]).toEqual([status, status === 416 ? 0 : installer.length]);
    if (status === 416) expect(answer.headers['content-range']).toBe(`bytes */${installer.length}`);
  });

  it('hands out the whole file where the part belongs to another one', async () => {
    const { headers } = await get(name);
    const etag = headers.etag ?? '';
    expect((await get(name, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(name, { range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await get(name, { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
  });

  it('lets go of a file whose reader has gone', async () => {
    const [host, port] = new URL(hub.house.url).host.split(':');
    for (let turn = 0; turn < 20; turn++) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), host, () => socket.write(`GET /updates/${name} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`));
        socket.once('data', () => socket.destroy());
        socket.once('close', () => resolve());
      });
    }
    expect((await get(name)).body.equals(installer)).toBe(true);
  });
});

it('shows the administrator what is served, to how many, and who has which version', async () => {
  const served = await hub.client.updates.served();
  expect(served).toMatchObject({ folder, fixed: true, problems: [], devices: [], feeds: [{ feed: 'latest.yml', version: '1.0.1', percent: 40, expired: false, size: installer.length, notes: { ru: 'Стало быстрее', en: 'Faster' } }] });
  await expect(hub.client.updates.serve({ folder: base })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('--updates') as string });
});

describe('a folder that is not in order', () => {
  /** What is said and served after the folder was changed. */
  async function after(change: () => void | Promise<unknown>): Promise<{ problems: Served['problems']; status: number[] }> {
    await change();
    // The folder is looked at again once a moment has passed.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { problems } = await hub.client.updates.served();
    return { problems, status: await Promise.all(['latest.yml', 'latest.yml.sig', name].map(async (file) => (await get(file)).status)) };
  }
  const nothing = [404, 404, 404];
  const everything = { problems: [], status: [200, 200, 200] };
  const file = (of: string): string => join(folder, of);
  const whole = new Map<string, Buffer>();
  beforeAll(() => {
    for (const one of ['latest.yml', 'latest.yml.sig', name]) whole.set(one, readFileSync(file(one)));
  });
  const restore = (): void => {
    for (const [one, bytes] of whole) {
      rmSync(file(one), { force: true });
      writeFileSync(file(one), bytes);
    }
  };

  it.each<[string, () => void, string, string]>([
    ['a changed feed', () => appendFileSync(file('latest.yml'), '# x\n'), 'latest.yml', 'изменено после подписи'],
    ['no signature', () => unlinkSync(file('latest.yml.sig')), 'latest.yml.sig', 'Подписи издателя нет'],
    ['a signature that is none', () => writeFileSync(file('latest.yml.sig'), '<html>'), 'latest.yml', 'Подписи издателя нет'],
    ['an exchanged installer of the same length', () => writeFileSync(file(name), Buffer.alloc(installer.length)), name, 'не тот'],
    ['a shortened installer', () => writeFileSync(file(name), installer.subarray(0, 1000)), name, 'не тот'],
    ['no installer', () => unlinkSync(file(name)), name, 'Файла нет'],
    ['no feed at all', () => unlinkSync(file('latest.yml')), '', 'нет latest.yml'],
  ])('with %s serves nothing of it and says why', async (_name, change, of, message) => {
    const { problems, status } = await after(change);
    expect(status).toEqual(nothing);
    expect(problems).toEqual([{ file: of, message: expect.stringContaining(message) as string }]);
    expect(hub.house.logged()).toContain('an update is not served');
    expect(await after(restore)).toEqual(everything);
  });

  // Windows lets only administrators make links.
  it.runIf(process.platform !== 'win32').each([name, 'latest.yml'])('with a link in place of %s serves nothing', async (of) => {
    const { problems, status } = await after(() => {
      renameSync(file(of), join(base, 'elsewhere'));
      symlinkSync(join(base, 'elsewhere'), file(of));
    });
    expect(status).toEqual(nothing);
    expect(problems).toEqual([{ file: of, message: expect.stringContaining('ссылка') as string }]);
    expect(await after(restore)).toEqual(everything);
  });

  it('signed with another key it is not served', async () => {
    const stranger = makeKeys(base, 'stranger');
    expect((await after(() => signAgain(folder, { keys: stranger }))).problems).toEqual([{ file: 'latest.yml', message: expect.stringContaining('не ключом издателя') as string }]);
    expect(await after(restore)).toEqual(everything);
  });

  it('hands out no file that was exchanged since it was checked', async () => {
    expect((await get(name)).status).toBe(200);
    writeFileSync(file(name), Buffer.alloc(installer.length, 1));
    expect((await get(name)).status).toBe(404);
    expect(await after(restore)).toEqual(everything);
  });

  it('takes a new version up by itself', async () => {
    const { problems } = await after(() => publishNsis(folder, '1.0.2', { keys }));
    expect(problems).toEqual([]);
    expect((await hub.client.updates.served()).feeds.map((feed) => feed.version)).toEqual(['1.0.2']);
    expect((await get(NSIS('1.0.2'))).status).toBe(200);
    expect((await get(name)).status).toBe(404);
  });
});

it('serves nothing without a key, without a folder, and lets the page choose one', async () => {
  const house = await startHouse({ config: { updatesFolder: folder } });
  const { token } = await registerOwner(house.url);
  expect((await clientOf(house.url, token).updates.served()).problems).toEqual([{ file: '', message: expect.stringContaining('не знает ключа') as string }]);
  expect((await fetch(`${house.url}/updates/latest.yml`)).status).toBe(404);
  await house.close();

  const second = await startHouse({ config: { updateKeys: [keys.publicKey] } });
  const client = clientOf(second.url, (await registerOwner(second.url)).token);
  expect(await client.updates.served()).toMatchObject({ folder: null, fixed: false, feeds: [] });
  await expect(client.updates.serve({ folder: 'updates' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'folder' } });
  expect((await client.updates.serve({ folder: join(base, 'none') })).problems).toEqual([{ file: '', message: expect.stringContaining('Папки нет') as string }]);
  expect((await client.updates.serve({ folder })).feeds).toHaveLength(1);
  expect((await fetch(`${second.url}/updates/latest.yml`)).status).toBe(200);
  expect((await client.updates.serve({ folder: null })).folder).toBeNull();
  expect((await fetch(`${second.url}/updates/latest.yml`)).status).toBe(404);
  await second.close();
});
