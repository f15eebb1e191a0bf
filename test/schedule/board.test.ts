import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoardJudge } from '../../src-shared/schedule/judge.ts';
import type { AppError } from '../../src-shared/kernel/errors.ts';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';

/** A Monday; everybody works from nine to six in Moscow. */
const DATE = '2026-06-15';
const at = (time: string): string => new Date(`${DATE}T${time}:00+03:00`).toISOString();
const place = (index: number) => ({ address: `Москва, ул. Полевая, д. ${index}`, latitude: 55.7 + index * 0.01, longitude: 37.6 + (index % 3) * 0.02 });
let house: RunningHouse;
let client: DoorClient;
let token: string;
let petrov: string;
let sidorov: string;
let shop: string;

const visit = async (title: string, time: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await client.appointments.create({ client_id: shop, title, starts_at: at(time), duration_minutes: 60, ...more } as Parameters<DoorClient['appointments']['create']>[0])).id;
const refusal = async (work: Promise<unknown>): Promise<{ code: string; detail?: string | undefined; message: string }> => {
  try {
    await work;
  } catch (error) {
    const { code, data, message } = error as AppError;
    return { code, detail: data.detail, message };
  }
  throw new Error('it was not refused');
};

beforeAll(async () => {
  house = await startHouse({ clock: { now: () => Date.parse('2026-06-14T09:00:00.000Z') } });
  ({ token } = await registerOwner(house.url));
  client = clientOf(house.url, token);
  await client.organizations.update({ time_zone: 'Europe/Moscow', work_starts: '09:00', work_ends: '18:00' });
  petrov = (await client.users.create({ full_name: 'Петров', email: 'petrov@example.com', role: 'engineer' })).id;
  sidorov = (await client.users.create({ full_name: 'Сидоров', email: 'sidorov@example.com', role: 'engineer' })).id;
  shop = (await client.clients.create({ name: 'Ромашка', phone: '89991234567' })).id;
  await client.engineers.create({ user_id: petrov, ...place(1), skills: ['1С'], overtime_minutes: 60, lunch_from: '12:00', lunch_to: '13:00', lunch_minutes: 30, stock: [{ name: 'Картридж', quantity: 1 }] });
  await client.engineers.create({ user_id: sidorov, ...place(9), absences: [{ from: at('16:30'), to: at('18:00') }] });
});
afterAll(() => house.close());

describe('a visit moved by hand', () => {
  const kinds: [string, string, Record<string, unknown>, { to?: () => string | null; time?: string }, RegExp][] = [
    ['who lacks the skill', 'Навык', { skills: ['1С'] }, { to: () => sidorov }, /нет навыка «1С»/],
    ['somebody who is excluded', 'Исключён', {}, { to: () => sidorov }, /не посылают/],
    ['another one than required', 'Нужен Петров', {}, { to: () => sidorov }, /только другой инженер/],
    ['a van without the part', 'Картриджи', { parts: [{ name: 'Картридж', quantity: 2 }] }, {}, /не хватает: Картридж/],
    ['a time outside the window', 'Окно', { windows: [{ from: at('14:00'), to: at('16:00') }] }, {}, /Вне окна/],
    ['a time before the shift', 'Рано', {}, { time: '07:00' }, /Раньше начала смены/],
    ['a time after it', 'Поздно', {}, { time: '18:40' }, /за предел на \d+ мин/],
    ['a time when he is away', 'Нет его', {}, { to: () => sidorov, time: '16:15' }, /отсутствует/],
    ['a time when another visit is', 'Поверх', {}, { time: '10:30' }, /Пересекается с выездом «Стоит»/],
    ['a time too soon after another visit', 'Впритык', place(30), { time: '11:05' }, /опоздание \d+ мин/],
    ['a time too soon before one', 'Перед', place(30), { time: '09:00' }, /Опоздает на «Стоит»|опоздание/],
    ['somewhere else though pinned', 'Закреплён', { assigned_to: 'petrov@example.com', pinned: 'both' }, { time: '14:00' }, /закреплён/i],
  ];
  it.each(kinds)('is refused in words: to %s', async (_what, title, more, to, words) => {
    const standing = await visit('Стоит', '10:00', { ...place(2), assigned_to: petrov });
    const id = await visit(title, '15:00', { ...place(3), ...more, ...(title === 'Исключён' ? { excluded_engineers: [sidorov] } : {}), ...(title === 'Нужен Петров' ? { required_engineer: petrov } : {}) });
    try {
      const move = { appointment_id: id, engineer_id: to.to?.() ?? petrov, starts_at: at(to.time ?? '13:30') };
      const refused = await refusal(client.schedule.move(move));
      expect(refused).toMatchObject({ code: 'CONFLICT', detail: 'move_refused' });
      expect(refused.message).toMatch(words);
      expect(await client.appointments.get({ id })).toMatchObject({ starts_at: at('15:00') });
      // The same without asking the core.
      const judge = new BoardJudge(await client.schedule.board({ date: DATE }));
      const start = Math.round((Date.parse(move.starts_at) - Date.parse(judge.rules.zero)) / 1000);
      expect(judge.judge(id, judge.shiftAt(move.engineer_id, start)?.key ?? '', start)?.breaches).not.toEqual([]);
      const forced = await client.schedule.move({ ...move, anyway: true });
      expect(forced.breaches.join(' ')).toMatch(words);
      expect(await client.appointments.get({ id })).toMatchObject({ starts_at: move.starts_at, assigned_to: move.engineer_id });
    } finally {
      for (const one of [id, standing]) await client.appointments.delete({ id: one });
    }
  });

  it('keeps crews together and orders in order', async () => {
    const first = await visit('Первый', '10:00', { ...place(2), assigned_to: petrov });
    const mate = await visit('Напарник', '10:00', { ...place(2), crew_with: first });
    const after = await visit('После', '15:00', { ...place(2), follows: first });
    try {
      expect((await refusal(client.schedule.move({ appointment_id: mate, engineer_id: sidorov, starts_at: at('11:00') }))).message).toMatch(/Напарник на выезде «Первый»/);
      expect((await refusal(client.schedule.move({ appointment_id: after, engineer_id: sidorov, starts_at: at('10:00') }))).message).toMatch(/порядок с выездом «Первый»/);
      expect((await client.schedule.move({ appointment_id: mate, engineer_id: sidorov, starts_at: at('10:00') })).breaches).toEqual([]);
    } finally {
      for (const one of [first, mate, after]) await client.appointments.delete({ id: one });
    }
  });

  it('is written as one change that can be taken back, with its cost and what it costs besides', async () => {
    const id = await visit('Свободный', '15:00', { ...place(3), windows: [{ from: at('10:00'), to: at('12:00'), hard: false }] });
    try {
      const moved = await client.schedule.move({ appointment_id: id, engineer_id: petrov, starts_at: at('14:00') });
      expect(moved).toMatchObject({ breaches: [], warnings: ['Мимо обещанного окна на 180 мин.'] });
      expect(moved.added_travel_minutes).toBeGreaterThan(0);
      expect(await client.appointments.get({ id })).toMatchObject({ starts_at: at('14:00'), ends_at: at('15:00'), assigned_to: petrov });
      const { items } = await client.audit.list({ entity: 'appointments', record_id: id } as Parameters<DoorClient['audit']['list']>[0]);
      expect(items.some((entry) => JSON.stringify(entry).includes(moved.change_id ?? 'none'))).toBe(true);
      await client.audit.undo({ change_id: moved.change_id ?? '' });
      expect(await client.appointments.get({ id })).toMatchObject({ starts_at: at('15:00'), assigned_to: null });
      expect((await client.schedule.move({ appointment_id: id, engineer_id: null, starts_at: at('15:00') })).change_id).toBeNull();
    } finally {
      await client.appointments.delete({ id });
    }
  });

  it('comes from another day too', async () => {
    const id = (await client.appointments.create({ client_id: shop, title: 'Завтрашний', starts_at: '2026-06-16T09:00:00.000Z', duration_minutes: 60, ...place(4), assigned_to: sidorov })).id;
    try {
      await client.schedule.move({ appointment_id: id, engineer_id: petrov, starts_at: at('14:00') });
      expect(await client.appointments.get({ id })).toMatchObject({ starts_at: at('14:00'), assigned_to: petrov });
    } finally {
      await client.appointments.delete({ id });
    }
  });
});

it('says why a visit stands where it does, and what other places would cost', async () => {
  const ids = [await visit('Утро', '10:00', { ...place(2), assigned_to: petrov }), await visit('День', '14:00', { ...place(1), assigned_to: petrov, windows: [{ from: at('13:00'), to: at('17:00') }] })];
  try {
    const { here, ways } = await client.schedule.why({ appointment_id: ids[1] ?? '' });
    expect(here).toMatchObject({ engineer_name: 'Петров', starts_at: at('14:00'), breaches: [] });
    expect(here?.sentence).toMatch(/^Петров в 14:00; \+\d+ мин в пути$/);
    expect(ways.map((way) => way.cost)).toEqual(ways.map((way) => way.cost).sort((a, b) => a - b));
    const other = ways.find((way) => way.engineer_id === sidorov);
    expect(other && other.starts_at >= at('13:00') && other.ends_at <= at('17:00')).toBe(true);
    expect(other?.more).toBe((other?.cost ?? 0) - (here?.cost ?? 0));
    expect(other?.more).toBeGreaterThan(0);
  } finally {
    for (const id of ids) await client.appointments.delete({ id });
  }
});
