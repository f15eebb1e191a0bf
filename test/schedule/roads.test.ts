import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AppError } from '../../src-shared/kernel/errors.ts';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';

const DATE = '2026-06-15';
let house: RunningHouse;
let client: DoorClient;
let osrm: Server;
let asked = 0;
let reply: (from: number, to: number) => unknown;

const travelOf = async (): Promise<number> => (await client.schedule.day({ date: DATE })).routes.reduce((sum, route) => sum + route.travel_minutes, 0);
const plan = () => client.schedule.optimize({ date: DATE, seconds: 0.2 });
const refusal = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    const { code, data } = error as AppError;
    return { code, detail: data.detail, params: data.params };
  }
  throw new Error('it was not refused');
};

beforeAll(async () => {
  house = await startHouse({ clock: { now: () => Date.parse('2026-06-14T09:00:00.000Z') } });
  client = clientOf(house.url, (await registerOwner(house.url)).token);
  await client.organizations.update({ time_zone: 'Europe/Moscow', work_starts: '09:00', work_ends: '18:00' });
  const user = await client.users.create({ full_name: 'Петров', email: 'petrov@example.com', role: 'engineer' });
  await client.engineers.create({ user_id: user.id, address: 'База', latitude: 55.7, longitude: 37.6 });
  const { id } = await client.clients.create({ name: 'Ромашка' });
  await client.appointments.create({ client_id: id, title: 'Касса', starts_at: `${DATE}T09:00:00.000Z`, duration_minutes: 60, assigned_to: user.id, address: 'Москва, Полевая, 7', latitude: 55.75, longitude: 37.65 });
  osrm = createServer((request, answer) => {
    asked++;
    const url = new URL(request.url ?? '', 'http://osrm');
    const [from, to] = [url.searchParams.get('sources')?.split(';').length ?? 0, url.searchParams.get('destinations')?.split(';').length ?? 0];
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(reply(from, to)));
  });
  await new Promise<void>((done) => osrm.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  osrm.close();
  await house.close();
});

it('asks a server of one’s own once, and goes on with what it told when it is gone', async () => {
  const straight = await travelOf();
  reply = (from, to) => ({ code: 'Ok', durations: Array.from({ length: from }, () => Array.from({ length: to }, () => 3_600)), distances: Array.from({ length: from }, () => Array.from({ length: to }, () => 50_000)) });
  await client.schedule.updateSettings({ osrm_url: `http://127.0.0.1:${(osrm.address() as AddressInfo).port}` });
  await plan();
  expect(await travelOf()).toBeGreaterThan(straight + 60);
  const before = asked;
  await plan();
  expect(asked).toBe(before);
  await client.schedule.updateSettings({ osrm_url: 'http://127.0.0.1:9' });
  expect(await travelOf()).toBeGreaterThan(straight + 60);
});

it('takes what is no table for no answer', async () => {
  const { id } = (await client.clients.list({ limit: 1 })).items[0] ?? { id: '' };
  await client.appointments.create({ client_id: id, title: 'Новое место', starts_at: `${DATE}T12:00:00.000Z`, duration_minutes: 30, latitude: 55.9, longitude: 37.5, address: 'Далеко' });
  reply = () => ({ code: 'Ok', durations: 'many' });
  await client.schedule.updateSettings({ osrm_url: `http://127.0.0.1:${(osrm.address() as AddressInfo).port}` });
  expect((await plan()).problems).toEqual([]);
  expect(house.logged()).toContain('roads could not be asked for');
});

it('believes an imported table before all else, and names the line at fault', async () => {
  const table = (text: string) => client.schedule.importTravel({ file: new File([text], 'путь.csv') });
  expect(await table('откуда;куда;минуты;км\r\nБаза;Москва Полевая 7;10;4,2\r\nМосква, Полевая, 7;55.7 37.6;12;4.5\r\n')).toEqual({ pairs: 2 });
  expect(await travelOf()).toBeLessThan(40);
  expect(await refusal(table('База;Москва Полевая 7;десять;4\nБаза;Москва Полевая 7;-1;4'))).toMatchObject({ code: 'INVALID', detail: 'travel_line', params: { line: 2 } });
  expect(await refusal(table('База;Неизвестно где;10;4'))).toMatchObject({ code: 'INVALID', detail: 'travel_place', params: { line: 1 } });
});

it.each(['ftp://osrm', 'javascript:alert(1)', 'не адрес'])('takes no %j for a server', async (osrm_url) => {
  expect(await refusal(client.schedule.updateSettings({ osrm_url }))).toMatchObject({ code: 'INVALID' });
});
