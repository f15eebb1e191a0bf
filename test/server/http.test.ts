import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY } from '../../src-main/server/body-limit.ts';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { rawRequest } from '../support/http.ts';

let house: RunningHouse;
let token: string;
beforeAll(async () => {
  house = await startHouse();
  ({ token } = await registerOwner(house.url));
});
afterAll(() => house.close());

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}
async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(house.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text } };
}
const newClient = async (name: string): Promise<{ id: string; no: number; version: string }> => (await call('POST', '/api/clients', { name })).body as never;

describe('who may reach the server', () => {
  it('is nobody who calls it by another name, or from another page', async () => {
    const { port } = new URL(house.url);
    const auth = { authorization: `Bearer ${token}` };
    const status = async (headers: Record<string, string>): Promise<number> => (await rawRequest(`${house.url}/api/clients`, { headers: { ...auth, ...headers } })).status;
    expect(await status({ host: `127.0.0.1:${port}` })).toBe(200);
    expect(await status({ host: `localhost:${port}` })).toBe(200);
    for (const host of ['example.com', `example.com:${port}`, '127.0.0.1.example.com', 'localhost.example.com']) expect(await status({ host })).toBe(403);
    expect(await status({ host: `127.0.0.1:${port}`, origin: house.url })).toBe(200);
    for (const origin of ['http://example.com', 'null', `https://127.0.0.1:${port}`, 'http://127.0.0.1', `http://localhost:${port}`]) expect(await status({ host: `127.0.0.1:${port}`, origin })).toBe(403);
    const refused = await rawRequest(`${house.url}/api/auth/login`, { method: 'POST', headers: { host: 'example.com', 'content-type': 'application/json' }, body: [JSON.stringify(OWNER)] });
    expect([refused.status, JSON.parse(refused.text)]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
  });

  it('gets headers that keep a browser from being used against the page', async () => {
    for (const path of ['/health', '/api/clients', '/rpc/nowhere']) {
      const { headers } = await call('GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toMatch(/DENY|SAMEORIGIN/);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toMatch(/default-src '(self|none)'.*frame-ancestors 'none'|frame-ancestors 'none'.*default-src/);
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});

describe('what is there without an account', () => {
  it('is how the server does, and what it understands', async () => {
    const health = await fetch(`${house.url}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok', version: expect.any(String), started_at: expect.any(String) }]);
    const openapi = (await (await fetch(`${house.url}/openapi.json`)).json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(openapi.openapi).toMatch(/^3\.1/);
    expect(Object.keys(openapi.paths['/clients/{id}'] ?? {}).sort()).toEqual(['delete', 'get', 'put']);
  });

  it('is nothing else', async () => {
    for (const path of ['/api/clients', '/api/users', '/api/audit', '/events']) {
      const response = await fetch(house.url + path);
      expect([path, response.status, ((await response.json()) as { code: string }).code]).toEqual([path, 401, 'UNAUTHENTICATED']);
    }
  });
});

describe('what does not fit', () => {
  it('is a path that there is not', async () => {
    for (const path of ['/api/nowhere', '/api/clients/1/nowhere', '/rpc/nowhere', '/api/']) {
      const { status, headers, body } = await call('GET', path);
      expect([path, status, body['code']]).toEqual([path, 404, 'NOT_FOUND']);
      expect(headers.get('content-type')).toContain('application/json');
    }
  });

  it('is a body that is no JSON', async () => {
    for (const body of ['{"name":', 'name=x', '{"name": "x",}']) {
      const answer = await call('POST', '/api/clients', body, { 'accept-language': 'en' });
      expect([answer.status, answer.body['code'], answer.body['message']]).toEqual([400, 'BAD_REQUEST', 'The request was not understood.']);
    }
    for (const body of ['[]', 'null', '"x"', undefined]) {
      const answer = await call('POST', '/api/clients', body, { 'accept-language': 'ru' });
      expect([body, answer.status, answer.body]).toEqual([body, 400, expect.objectContaining({ code: 'BAD_REQUEST', message: 'Нужен объект JSON с полями.' })]);
    }
  });

  it('is a field at fault, which the answer names', async () => {
    const { status, body } = await call('POST', '/api/clients', '{}', { 'accept-language': 'ru' });
    expect([status, body]).toEqual([422, expect.objectContaining({ code: 'INVALID', message: 'Заполните поле «name».', field: 'name' })]);
  });

  it('is a body that is too large, whether it says so or not', async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'accept-language': 'en' };
    const declared = await rawRequest(`${house.url}/api/clients`, { method: 'POST', headers: { ...headers, 'content-length': String(MAX_BODY + 1) }, body: ['{"name":'] });
    expect([declared.status, JSON.parse(declared.text)]).toEqual([413, expect.objectContaining({ code: 'TOO_LARGE', message: 'Too much data.' })]);
    const pieces = function* (): Generator<Buffer> {
      for (let sent = 0; sent < 4 * MAX_BODY; sent += 65_536) yield Buffer.alloc(65_536, 'x');
    };
    const chunked = await rawRequest(`${house.url}/rpc/clients/create`, { method: 'POST', headers, body: pieces() });
    expect([chunked.status, JSON.parse(chunked.text)]).toEqual([413, expect.objectContaining({ code: 'TOO_LARGE' })]);
    expect((await rawRequest(`${house.url}/api/clients`, { method: 'POST', headers, body: ['{"name":', '"По частям"}'] })).status).toBe(201);
  });
});

describe('versions', () => {
  it('stand in the ETag, and are demanded by If-Match in any of its spellings', async () => {
    const { no, version } = await newClient('Версия');
    const path = `/api/clients/${no}`;
    const read = await call('GET', path);
    expect(read.headers.get('etag')).toBe(`"${version}"`);
    const first = await call('PUT', path, { comment: 'раз' }, { 'if-match': `"${version}"` });
    expect(first.status).toBe(200);
    const etag = first.headers.get('etag') as string;
    expect(etag).not.toBe(`"${version}"`);
    for (const stale of [`"${version}"`, `W/"${version}"`, version]) {
      const refused = await call('PUT', path, { comment: 'нет' }, { 'if-match': stale });
      expect([refused.status, refused.body['code']]).toEqual([409, 'VERSION_MISMATCH']);
    }
    const weak = await call('PATCH', path, { comment: 'два' }, { 'if-match': `W/${etag}` });
    expect([weak.status, weak.body['comment'], weak.body['name']]).toEqual([200, 'два', 'Версия']);
    expect((await call('PATCH', path, { comment: 'три' }, { 'if-match': '*' })).status).toBe(200);
    expect((await call('GET', path)).body['comment']).toBe('три');
  });

  it('are demanded for a deletion too', async () => {
    const { no, version } = await newClient('Удаление');
    const path = `/api/clients/${no}`;
    const { headers } = await call('PATCH', path, { comment: 'раз' });
    expect((await call('DELETE', path, undefined, { 'if-match': `"${version}"` })).status).toBe(409);
    expect((await call('GET', path)).status).toBe(200);
    const done = await call('DELETE', path, undefined, { 'if-match': headers.get('etag') as string });
    expect([done.status, done.body]).toEqual([200, { id: expect.any(String), change_id: expect.any(String) }]);
    expect((await call('GET', path)).status).toBe(404);
    const missing = await call('DELETE', path, undefined, { 'if-match': '*' });
    expect([missing.status, missing.body['code']]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('as a person types it', () => {
  it('numbers and names stand for rows', async () => {
    const client = await newClient('ООО «Бухгалтерия»');
    const joined = await call('POST', '/api/users', { full_name: 'Иван Смирнов', email: 'ivan@example.com', role: 'engineer' });
    expect(joined.status).toBe(201);
    const made = await call('POST', '/api/tickets', { client_id: client.no, subject: 'Настройка нового сервера', priority: 'high', status: 'open', assigned_to: 'Иван', due_date: '2026-09-01' });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ client_id: client.id, client_name: 'ООО «Бухгалтерия»', assigned_to: joined.body['id'], assigned_to_name: 'Иван Смирнов', priority: 'high', status: 'open', due_date: '2026-09-01' })]);
    const task = await call('POST', '/api/tasks', { title: 'Заказать диск', client_id: String(client.no), assigned_to: 'ivan@example.com' });
    expect([task.status, task.body['assigned_to_name']]).toEqual([201, 'Иван Смирнов']);
    const asset = await call('POST', `/api/clients/${client.no}/assets`, { name: 'Сервер', type: 'server' });
    expect([asset.status, asset.body['client_id']]).toEqual([201, client.id]);
    const list = await call('GET', `/api/tickets?client_id=${client.no}&status=open&assigned_to=${encodeURIComponent('Иван')}&limit=5`);
    expect((list.body['items'] as { id: string }[]).map((row) => row.id)).toEqual([made.body['id']]);
    const unknown = await call('POST', '/api/tickets', { client_id: client.no, subject: 'Кому', assigned_to: 'Ива' });
    expect([unknown.status, unknown.body['code'], unknown.body['data']]).toEqual([422, 'REFERENCE_NOT_FOUND', expect.objectContaining({ field: 'assigned_to', candidates: [expect.objectContaining({ label: 'Иван Смирнов' })] })]);
  });
});

describe('signing in', () => {
  it('gives a browser a cookie that no script reads and no other site sends', async () => {
    const response = await fetch(`${house.url}/rpc/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ json: { email: OWNER.email, password: OWNER.password } }) });
    const [cookie = '', ...rest] = response.headers.getSetCookie();
    expect(rest).toEqual([]);
    expect(cookie).toMatch(/^polevik_refresh=[^;]{40,}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/);
    expect(((await response.json()) as { json: { refresh_token: unknown } }).json.refresh_token).toBeNull();

    const refreshed = await fetch(`${house.url}/rpc/auth/refresh`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: cookie.split(';')[0] as string }, body: '{"json":{}}' });
    expect(refreshed.status).toBe(200);
    const next = refreshed.headers.getSetCookie()[0]?.split(';')[0] as string;
    expect(next).not.toBe(cookie.split(';')[0]);
    const out = await fetch(`${house.url}/rpc/auth/logout`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: next }, body: '{"json":{}}' });
    expect(out.headers.getSetCookie()[0]).toMatch(/^polevik_refresh=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/);
    expect((await fetch(`${house.url}/rpc/auth/refresh`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: next }, body: '{"json":{}}' })).status).toBe(401);
  });

  it('gives a program its tokens in the answer, and no cookie', async () => {
    const answer = await call('POST', '/api/auth/login', { email: OWNER.email, password: OWNER.password });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.body).toMatchObject({ token_type: 'Bearer', access_token: expect.any(String), refresh_token: expect.any(String) });
  });

  it('is limited per address and minute', async () => {
    let last: Answer | null = null;
    for (let i = 0; i < 61; i++) last = await call('POST', '/api/auth/link', { token: `неверный-${i}` });
    expect([last?.status, last?.body['code']]).toEqual([429, 'RATE_LIMITED']);
    expect((await call('GET', '/api/clients')).status).toBe(200);
  });
});

describe('repeating a call', () => {
  it('keeps neither the secrets that came with it nor those that it answered', async () => {
    const input = { full_name: 'Пётр Орлов', email: 'orlov@example.com', role: 'operator', password: 'Запасной-ключ-от-склада-3' };
    const headers = { 'idempotency-key': 'add-orlov' };
    const first = await call('POST', '/api/users', input, headers);
    expect(first.status).toBe(201);
    expect((await call('POST', '/api/users', input, headers)).body).toEqual(first.body);
    expect((await call('POST', '/api/users', { ...input, role: 'engineer' }, headers)).body['code']).toBe('IDEMPOTENCY_MISMATCH');
    const invited = await call('POST', '/api/users', { full_name: 'Вера Ёлкина', email: 'vera@example.com', role: 'operator' }, { 'idempotency-key': 'add-vera' });
    const made = await call('POST', '/api/auth/tokens', { name: 'скрипт' }, { 'idempotency-key': 'token' });

    const { organizations } = house.core.house;
    const kept = JSON.stringify(organizations.open(organizations.list()[0]?.id ?? '').read.all('SELECT * FROM local_idempotency_keys'));
    expect(kept).toContain('add-vera');
    for (const secret of [input.password, invited.body['invitation_token'], made.body['token'], createHash('sha256').update(JSON.stringify(input)).digest('hex')]) {
      expect(secret).toEqual(expect.any(String));
      expect(kept).not.toContain(secret);
    }
  });
});

it('tells whoever listens that something changed', async () => {
  const gone = new AbortController();
  const response = await fetch(`${house.url}/events`, { headers: { authorization: `Bearer ${token}` }, signal: gone.signal });
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([200, 'text/event-stream; charset=utf-8', 'no-store']);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let heard = '';
  const until = async (text: string): Promise<void> => {
    while (!heard.includes(text)) heard += Buffer.from((await reader.read()).value ?? []).toString('utf8');
  };
  await until(': open\n\n');
  const { id } = await newClient('Слышно');
  await until(id);
  const [, position, data] = /id: (\d+)\nevent: change\ndata: (.*)\n\n/.exec(heard) ?? [];
  expect(JSON.parse(data ?? '{}')).toEqual({ position: Number(position), entities: ['clients'], ids: [id] });
  gone.abort();
});
