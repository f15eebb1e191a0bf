import { request } from 'node:http';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_ATTACHMENT } from '../../src-shared/attachments/model.ts';
import { openDoor, type DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { content, fileOf } from './support.ts';

let house: RunningHouse;
let token: string;
let client: DoorClient;
let auth: Record<string, string>;
let folder: string;

beforeAll(async () => {
  house = await startHouse();
  ({ token } = await registerOwner(house.url));
  auth = { authorization: `Bearer ${token}`, 'accept-language': 'ru' };
  client = openDoor('rpc', house, token).client;
  const { id } = await client.clients.create({ name: 'ООО «Ромашка»' });
  await client.tickets.create({ client_id: id, subject: 'Не печатает принтер' });
  folder = join(house.dataDir, 'attachments', house.core.house.organizations.list()[0]?.id ?? '');
});
afterAll(() => house.close());

const form = (file: File, fields: Record<string, string> = { entity: 'tickets', row_id: '1' }): FormData => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  made.set('file', file);
  return made;
};
const post = (body: FormData, headers: Record<string, string> = {}, query = ''): Promise<Response> => fetch(`${house.url}/api/attachments${query}`, { method: 'POST', headers: { ...auth, ...headers }, body });
const add = async (bytes: Uint8Array<ArrayBuffer>, name: string, type: string): Promise<{ id: string }> => (await post(form(fileOf(bytes, name, type)))).json() as Promise<{ id: string }>;
const get = (id: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${house.url}/api/attachments/${id}/content`, { headers: { ...auth, ...headers } });
const incoming = (): string[] => (existsSync(join(folder, 'incoming')) ? readdirSync(join(folder, 'incoming')) : []);
/** Waits until nothing is left of what did not come in whole. */
async function nothingIncoming(): Promise<void> {
  const end = Date.now() + 30_000;
  while (incoming().length > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(incoming()).toEqual([]);
}

describe('a form with a file', () => {
  it('is taken in, and a repeated key makes nothing twice', async () => {
    const { bytes, sha256 } = content(100_000);
    const answers = [];
    for (let n = 0; n < 2; n++) answers.push(await (await post(form(fileOf(bytes, 'Фото.jpg', 'image/jpeg')), { 'idempotency-key': 'one-photo' })).json());
    expect(answers[0]).toMatchObject({ sha256, size: 100_000, file_name: 'Фото.jpg' });
    expect(answers[1]).toEqual(answers[0]);
    expect((await client.attachments.list({ entity: 'tickets', row_id: 1 })).items).toHaveLength(1);
  });

  it.each([
    ['nobody’s', { authorization: '' }, undefined, 401, 'UNAUTHENTICATED'],
    ['without a file', {}, ((): FormData => { const empty = new FormData(); empty.set('entity', 'tickets'); empty.set('row_id', '1'); return empty; })(), 422, 'INVALID'],
    ['on nothing that has files', {}, form(fileOf(Buffer.from('x'), 'a'), { entity: 'users', row_id: '1' }), 422, 'INVALID'],
    ['without a row', {}, form(fileOf(Buffer.from('x'), 'a'), { entity: 'tickets' }), 422, 'INVALID'],
    ['on a row that is not there', {}, form(fileOf(Buffer.from('x'), 'a'), { entity: 'tickets', row_id: '77' }), 422, 'REFERENCE_NOT_FOUND'],
    ['that is empty', {}, form(fileOf(Buffer.alloc(0), 'a')), 422, 'INVALID'],
  ])('%s is refused in words', async (_name, headers, body, status, code) => {
    const response = await post(body ?? form(fileOf(Buffer.from('x'), 'a')), headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, message: expect.stringMatching(/[а-я]/) });
    expect(incoming()).toEqual([]);
  });

  it('is refused while it comes in where it is larger than allowed, and leaves nothing', async () => {
    const boundary = 'xyz';
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const call = request(`${house.url}/api/attachments?entity=tickets&row_id=1`, { method: 'POST', headers: { ...auth, 'content-type': `multipart/form-data; boundary=${boundary}` } }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      call.on('error', reject);
      call.write(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n`);
      const chunk = Buffer.alloc(4 * 1024 * 1024);
      let left = MAX_ATTACHMENT + chunk.length;
      const pump = (): void => {
        while (left > 0 && !call.destroyed) {
          left -= chunk.length;
          if (!call.write(chunk)) return void call.once('drain', pump);
        }
        if (!call.destroyed) call.end(`\r\n--${boundary}--\r\n`);
      };
      pump();
    });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'TOO_LARGE' });
    await nothingIncoming();
  });

  it('that breaks off leaves nothing', async () => {
    await new Promise<void>((resolve) => {
      const call = request(`${house.url}/api/attachments?entity=tickets&row_id=1`, { method: 'POST', headers: { ...auth, 'content-type': 'multipart/form-data; boundary=xyz', 'content-length': '1000000' } });
      call.on('error', () => resolve());
      call.write('--xyz\r\ncontent-disposition: form-data; name="file"; filename="half.bin"\r\n\r\n');
      call.write(Buffer.alloc(300_000), () => setTimeout(() => call.destroy(new Error('cut')), 50));
    });
    await nothingIncoming();
    expect((await client.attachments.list({ q: 'half' })).items).toEqual([]);
  });
});

describe('a content', () => {
  it('is sent whole, in ranges, and not again where it is known', async () => {
    const { bytes, sha256 } = content(50_000);
    const { id } = await add(bytes, 'данные.bin', '');
    const whole = await get(id);
    expect(whole.status).toBe(200);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    expect(whole.headers.get('etag')).toBe(`"${sha256}"`);
    const part = await get(id, { range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([206, 'bytes 100-199/50000', '100']);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
    expect((await get(id, { range: 'bytes=50000-' })).status).toBe(416);
    expect((await get(id, { range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
    expect((await get(id, { 'if-none-match': `W/"${sha256}"` })).status).toBe(304);
    expect((await get(id, { authorization: '' })).status).toBe(401);
  });

  it.each([
    ['страница.html', 'text/html', 'attachment', 'application/octet-stream'],
    ['рисунок.svg', 'image/svg+xml', 'attachment', 'application/octet-stream'],
    ['снимок.png', 'image/png', 'inline', 'image/png'],
    ['"; filename="evil.exe', 'text/html', 'attachment', 'application/octet-stream'],
  ])('%s of %s can do nothing in a browser', async (name, type, disposition, served) => {
    const { id } = await add(Buffer.from('<script>alert(1)</script>'), name, type);
    const { headers } = await get(id);
    expect(headers.get('content-type')).toBe(served);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('content-disposition')).toMatch(new RegExp(`^${disposition}; filename="[^"]*"; filename\\*=UTF-8''[^;]*$`));
  });

  it('that somebody has removed by hand is not said to be here any more', async () => {
    const { bytes, sha256 } = content(1_000);
    const { id } = await add(bytes, 'a.bin', '');
    rmSync(join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256));
    const response = await get(id);
    expect([response.status, ((await response.json()) as { data: { detail: string } }).data.detail]).toEqual([404, 'content_not_here']);
    expect((await client.attachments.get({ id })).place).toBe('nowhere');
    await add(bytes, 'b.bin', '');
    expect((await get(id)).status).toBe(200);
  });

  it('goes once no row refers to it any more, and not before', async () => {
    const { bytes, sha256 } = content(1_000);
    const first = await add(bytes, 'a.bin', '');
    const second = await add(bytes, 'b.bin', '');
    const contents = house.core.house.attachments.of(house.core.house.organizations.list()[0]?.id ?? '');
    await client.attachments.delete({ id: first.id });
    await client.attachments.delete({ id: second.id });
    contents.sweep();
    expect(contents.sizeOf(sha256)).toBe(1_000);
    await client.trash.purge({ entity: 'attachments', id: first.id });
    contents.sweep();
    expect(contents.sizeOf(sha256)).toBe(1_000);
    await client.trash.purge({ entity: 'attachments', id: second.id });
    const end = Date.now() + 30_000;
    while (contents.sizeOf(sha256) !== null && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(contents.sizeOf(sha256)).toBeNull();
    expect(readdirSync(join(folder, sha256.slice(0, 2), sha256.slice(2, 4)))).toEqual([]);
  });
});
