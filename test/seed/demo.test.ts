import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDemo } from '../../src-main/seed/index.ts';
import { startHouse, type RunningHouse } from '../support/house.ts';

let house: RunningHouse;
let token = '';
beforeAll(async () => {
  house = await startHouse({ demo: true });
  await seedDemo(house.core.house);
});
afterAll(() => house.close());

/** As curl sends it: no Origin, JSON, a token where there is one. */
async function call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const response = await fetch(house.url + path, { method, headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as T };
}

/** One-time code of RFC 6238 for a Base32 secret, now. */
function codeOf(secret: string): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

interface Rows {
  items: Record<string, unknown>[];
}

describe('the demonstration', () => {
  test('lets user 1 in by the password of the reference', async () => {
    const login = await call<{ access_token: string; user: { no: number; role: string } }>('POST', '/api/auth/login', { email: 'admin@example.com', password: 'adminpass' });
    expect(login).toMatchObject({ status: 200, body: { user: { no: 1, role: 'owner' } } });
    token = login.body.access_token;
  });

  test('creates the ticket of the reference for client 1 and the only Ivan', async () => {
    const made = await call('POST', '/api/tickets', { client_id: 1, subject: 'Настройка нового сервера', priority: 'high', assigned_to: 'Иван', due_date: '2024-09-01' });
    expect(made).toMatchObject({ status: 201, body: { client_no: 1, assigned_to_name: 'Иван Петров', status: 'open', due_date: '2024-09-01' } });
  });

  test('holds an upcoming visit and a strategic meeting that is over', async () => {
    const { body } = await call<{ next_appointment: { starts_at: string } | null; appointments: { title: string; status: string }[] }>('GET', '/api/clients/1/overview');
    expect(Date.parse(body.next_appointment?.starts_at ?? '')).toBeGreaterThan(Date.now() - 86_400_000);
    expect(body.appointments).toContainEqual(expect.objectContaining({ title: expect.stringContaining('Стратегическая встреча') as string, status: 'completed' }));
  });

  test('has something to show on every page', async () => {
    const items = async (path: string): Promise<Record<string, unknown>[]> => (await call<Rows>('GET', path)).body.items;
    const now = new Date().toISOString();
    const tickets = await items('/api/tickets?limit=200');
    expect(new Set(tickets.map((ticket) => ticket['status']))).toEqual(new Set(['open', 'in_progress', 'waiting', 'resolved', 'closed']));
    expect(new Set(tickets.map((ticket) => ticket['priority']))).toEqual(new Set(['low', 'medium', 'high', 'critical']));
    expect((await items('/api/tickets?overdue=true')).length).toBeGreaterThan(0);
    expect((await items('/api/tasks?limit=200')).filter((task) => task['rrule']).length).toBeGreaterThan(2);
    expect((await items(`/api/appointments?from=${now}&limit=200`)).length).toBeGreaterThan(5);
    const month = new Date(Date.now() + 45 * 86_400_000).toISOString().slice(0, 10);
    expect((await items(`/api/contracts?expiring_before=${month}`)).length).toBeGreaterThan(1);
    expect((await items(`/api/assets?warranty_before=${month}&sort=-warranty_until`)).filter((asset) => String(asset['warranty_until']) >= now.slice(0, 10)).length).toBeGreaterThan(0);
    expect((await items('/api/branches')).length).toBe(2);
    expect((await items('/api/trash')).length).toBeGreaterThan(0);
    const { body: desk } = await call<{ counts: Record<string, number> }>('GET', '/api/dashboard/desk');
    for (const bucket of ['overdue', 'today', 'week']) expect([bucket, desk.counts[bucket]]).not.toEqual([bucket, 0]);
  });

  test('tells its history in the order of time', async () => {
    const { body } = await call<Rows>('GET', '/api/clients/1/history?limit=50');
    const moments = body.items.map((entry) => String(entry['at']));
    expect(moments).toEqual([...moments].sort().reverse());
    expect(new Set(moments.map((moment) => moment.slice(0, 10))).size).toBeGreaterThan(5);
  });

  test('starting again changes nothing', async () => {
    const count = async (): Promise<unknown> => (await call<{ total: number }>('GET', '/api/tickets?limit=1&total=true')).body.total;
    const before = await count();
    await seedDemo(house.core.house);
    expect(await count()).toBe(before);
    expect(house.core.house.organizations.list()).toHaveLength(1);
  });

  test('switches two-factor on as the reference does, with a real code', async () => {
    const setup = await call<{ secret: string; otpauth_url: string }>('POST', '/api/auth/two-factor/setup', { user_id: 1, password: 'adminpass' });
    expect(setup).toMatchObject({ status: 200, body: { otpauth_url: expect.stringMatching(/^otpauth:\/\/totp\//) as string } });
    const verified = await call('POST', '/api/auth/two-factor/verify', { user_id: 1, otp: codeOf(setup.body.secret) });
    expect(verified).toMatchObject({ status: 200, body: { enabled: true } });
  });
});
