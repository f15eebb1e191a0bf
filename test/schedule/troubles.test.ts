import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';

/** A Monday at noon; everybody works from nine to six in Moscow. */
const DATE = '2026-06-15';
const at = (time: string, date = DATE): string => new Date(`${date}T${time}:00+03:00`).toISOString();
const place = (index: number) => ({ address: `Москва, ул. Полевая, д. ${index}`, latitude: 55.7 + index * 0.01, longitude: 37.6 });
let house: RunningHouse;
let token: string;
let shop: string;
let petrov: string;
let sidorov: string;

const speaking = (language: 'ru' | 'en'): DoorClient => createORPCClient(new RPCLink({ url: `${house.url}/rpc`, headers: { authorization: `Bearer ${token}`, 'accept-language': language } }));

beforeAll(async () => {
  house = await startHouse({ clock: { now: () => Date.parse(at('12:00')) } });
  ({ token } = await registerOwner(house.url));
  const client = speaking('ru');
  await client.organizations.update({ time_zone: 'Europe/Moscow', work_starts: '09:00', work_ends: '18:00' });
  petrov = (await client.users.create({ full_name: 'Петров', email: 'petrov@example.com', role: 'engineer' })).id;
  sidorov = (await client.users.create({ full_name: 'Сидоров', email: 'sidorov@example.com', role: 'engineer' })).id;
  shop = (await client.clients.create({ name: 'Ромашка' })).id;
  await client.engineers.create({ user_id: petrov, ...place(1) });
  await client.engineers.create({ user_id: sidorov, ...place(2), absences: [{ from: DATE, to: DATE }] });
  const visit = (title: string, time: string, more: Record<string, unknown>) => client.appointments.create({ client_id: shop, title, starts_at: at(time), duration_minutes: 60, ...place(3), ...more } as Parameters<DoorClient['appointments']['create']>[0]);
  await visit('хорошо', '14:00', {});
  await visit('place_unknown', '14:00', { address: 'Нигде, 5', latitude: null, longitude: null });
  await visit('window_short', '14:00', { windows: [{ from: at('14:00'), to: at('14:30') }] });
  await visit('window_past', '14:00', { windows: [{ from: at('09:00'), to: at('11:00') }] });
  await visit('skill_nobody', '14:00', { skills: ['лампы'] });
  await visit('engineer_off', '14:00', { required_engineer: sidorov });
  await visit('pin_without_engineer', '14:00', { pinned: 'engineer' });
  await visit('закреплён', '15:00', { ...place(6), assigned_to: petrov, pinned: 'both' });
  await visit('pins_clash', '15:30', { assigned_to: petrov, pinned: 'both' });
  await client.appointments.create({ client_id: shop, title: 'no_shifts', starts_at: at('12:00', '2026-06-21'), duration_minutes: 60, ...place(3) });
});
afterAll(() => house.close());

const SENTENCES = {
  ru: {
    place_unknown: 'Место неизвестно: нет ни координат, ни такого адреса среди известных.',
    window_short: 'Окно короче самой работы.',
    window_past: 'Все окна уже прошли.',
    skill_nobody: 'Навыка «лампы» в этот день нет ни у кого.',
    engineer_off: 'Нужный инженер в этот день не работает.',
    pin_without_engineer: 'Инженер закреплён, но не назван.',
    pins_clash: 'Закреплён на то же время, что и другой выезд того же инженера.',
  },
  en: {
    place_unknown: 'The place is unknown: no coordinates, and no such address among the known ones.',
    window_short: 'The window is shorter than the work itself.',
    window_past: 'All windows are over.',
    skill_nobody: 'Nobody has the skill “лампы” on that day.',
    engineer_off: 'The engineer it needs does not work on that day.',
    pin_without_engineer: 'The engineer is pinned, but not named.',
    pins_clash: 'Pinned to the same time as another appointment of the same engineer.',
  },
};

it.each(['ru', 'en'] as const)('names everything that is wrong with a visit in %s, and plans the rest', async (language) => {
  const plan = await speaking(language).schedule.optimize({ date: DATE, seconds: 0.2 });
  expect(Object.fromEntries(plan.problems.map((one) => [one.reason, one.sentence]))).toEqual(SENTENCES[language]);
  for (const one of plan.problems) expect(one.title).toBe(one.reason);
  expect(plan.routes.flatMap((route) => route.stops.map((stop) => stop.title)).sort()).toEqual(['закреплён', 'хорошо']);
});

it.each([['ru', 'В этот день никто не работает.'], ['en', 'Nobody works on that day.']] as const)('answers a day without shifts in %s', async (language, sentence) => {
  expect((await speaking(language).schedule.optimize({ date: '2026-06-21', seconds: 0.2 })).problems).toMatchObject([{ title: 'no_shifts', reason: 'no_shifts', sentence }]);
});

it('takes the buffer and the working day by their other names, and answers intervals and advice', async () => {
  const answer = await fetch(`${house.url}/api/schedule/optimize`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'accept-language': 'ru' },
    body: JSON.stringify({ date: DATE, travel_buffer: 45, working_hours: { start: '09:00', end: '17:00' }, seconds: 0.2 }),
  });
  const plan = (await answer.json()) as { routes: { engineer_name: string; shift_to: string }[]; intervals: { title: string; starts_at: string; ends_at: string; assigned_to_name: string; duration_minutes: number }[]; assignments: { title: string; sentence: string }[]; overload: unknown[]; progress: { cost: number }[] };
  expect(plan.routes.find((route) => route.engineer_name === 'Петров')?.shift_to).toBe(at('17:00'));
  expect(plan.intervals.map(({ title, assigned_to_name, duration_minutes }) => ({ title, assigned_to_name, duration_minutes }))).toContainEqual({ title: 'хорошо', assigned_to_name: 'Петров', duration_minutes: 60 });
  const [first, second] = plan.intervals;
  expect(Date.parse(second?.starts_at ?? '') - Date.parse(first?.ends_at ?? '')).toBeGreaterThan(45 * 60_000);
  expect(plan.assignments).toMatchObject([{ title: 'хорошо', sentence: expect.stringMatching(/^Петров в \d\d:\d\d$/) as string }]);
  expect(plan.progress.map((one) => one.cost)).toEqual(plan.progress.map((one) => one.cost).sort((a, b) => b - a));
});
