import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../src-shared/kernel/errors.ts';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';

/** A Monday; everybody works from nine to six in Moscow. */
const DATE = '2026-06-15';
const NOW = Date.parse('2026-06-14T09:00:00.000Z');
let house: RunningHouse;
let client: DoorClient;
let petrov: string;
let sidorov: string;
let ids: string[];

const at = (time: string): string => new Date(`${DATE}T${time}:00+03:00`).toISOString();
const refusal = async (work: Promise<unknown>): Promise<{ code: string; detail?: string | undefined; field?: string | undefined }> => {
  try {
    await work;
  } catch (error) {
    const { code, data } = error as AppError;
    return { code, detail: data.detail, field: data.field };
  }
  throw new Error('it was not refused');
};
const place = (index: number) => ({ address: `Москва, ул. Полевая, д. ${index}`, latitude: 55.7 + index * 0.01, longitude: 37.6 + (index % 3) * 0.02 });
async function visit(title: string, time: string, more: Record<string, unknown> = {}): Promise<string> {
  const { id } = (await client.clients.list({ limit: 1 })).items[0] ?? (await client.clients.create({ name: 'Ромашка' }));
  return (await client.appointments.create({ client_id: id, title, starts_at: at(time), duration_minutes: 60, ...more } as Parameters<DoorClient['appointments']['create']>[0])).id;
}
const plan = (more: Record<string, unknown> = {}) => client.schedule.optimize({ date: DATE, seconds: 0.4, ...more });

beforeAll(async () => {
  house = await startHouse({ clock: { now: () => NOW } });
  const { token } = await registerOwner(house.url);
  client = clientOf(house.url, token);
  await client.organizations.update({ time_zone: 'Europe/Moscow', work_starts: '09:00', work_ends: '18:00' });
  petrov = (await client.users.create({ full_name: 'Петров', email: 'petrov@example.com', role: 'engineer' })).id;
  sidorov = (await client.users.create({ full_name: 'Сидоров', email: 'sidorov@example.com', role: 'engineer' })).id;
  await client.engineers.create({ user_id: petrov, ...place(1), skills: ['1С'], overtime_minutes: 60, lunch_from: '12:00', lunch_to: '14:00', lunch_minutes: 30 });
  await client.engineers.create({ user_id: sidorov, ...place(9), day_ends: 'last' });
  ids = [
    await visit('Касса', '10:00', { ...place(2), assigned_to: petrov }),
    await visit('Сервер', '10:30', { ...place(3), assigned_to: petrov }),
    await visit('Принтер', '11:00', { ...place(8) }),
    await visit('1С', '12:00', { ...place(4), skills: ['1С'] }),
    await visit('Ворота', '15:00', { ...place(7), assigned_to: sidorov, windows: [{ from: at('14:00'), to: at('17:00') }] }),
  ];
});
afterAll(() => house.close());

describe('optimize', () => {
  it('parts what overlaps, gives out what nobody goes to, and says what changes', async () => {
    const made = await plan();
    const stops = made.routes.flatMap((route) => route.stops.map((stop) => ({ ...stop, engineer: route.engineer_id })));
    expect(stops.map((stop) => stop.appointment_id).sort()).toEqual([...ids].sort());
    expect(made.unassigned).toEqual([]);
    for (const route of made.routes) for (const [index, stop] of route.stops.entries()) expect(stop.starts_at >= (route.stops[index - 1]?.ends_at ?? '')).toBe(true);
    expect(stops.find((stop) => stop.title === '1С')?.engineer).toBe(petrov);
    const gate = stops.find((stop) => stop.title === 'Ворота');
    expect(gate && gate.starts_at >= at('14:00') && gate.ends_at <= at('17:00')).toBe(true);
    expect(made.comparison.before).toMatchObject({ unassigned: 2, late: 1 });
    expect(made.comparison.after).toMatchObject({ visits: 5, unassigned: 0, late: 0 });
  });

  it('names what cannot be planned as it is written, and plans the rest', async () => {
    const bad = {
      place_unknown: await visit('Неизвестно где', '11:00', { address: 'Нигде, 5', latitude: null, longitude: null }),
      window_short: await visit('Мало времени', '11:00', { ...place(5), windows: [{ from: at('11:00'), to: at('11:30') }] }),
      skill_nobody: await visit('Редкость', '11:00', { ...place(5), skills: ['ламповые ЭВМ'] }),
      pin_without_engineer: await visit('Без инженера', '11:00', { ...place(5), pinned: 'engineer' }),
    };
    try {
      const made = await plan();
      expect(Object.fromEntries(made.problems.map((one) => [one.reason, one.appointment_id]))).toEqual(bad);
      expect(made.problems.find((one) => one.reason === 'skill_nobody')?.sentence).toBe('Навыка «ламповые ЭВМ» в этот день нет ни у кого.');
      expect(made.routes.flatMap((route) => route.stops)).toHaveLength(ids.length);
    } finally {
      for (const id of Object.values(bad)) await client.appointments.delete({ id });
    }
  });

  it('finds a place by an address that the organisation knows', async () => {
    const id = await visit('По адресу', '16:00', { address: 'москва улица полевая дом 3', latitude: null, longitude: null });
    try {
      const made = await plan();
      expect(made.problems).toEqual([]);
      const stop = made.routes.flatMap((route) => route.stops).find((one) => one.appointment_id === id);
      expect(stop).toMatchObject({ latitude: place(3).latitude });
    } finally {
      await client.appointments.delete({ id });
    }
  });

  it('says why something has no place, and how it would fit', async () => {
    const late = await visit('Поздно', '19:00', { ...place(2), skills: ['1С'], windows: [{ from: at('18:00'), to: at('19:30') }] });
    try {
      const made = await plan();
      const [left] = made.unassigned;
      expect(left).toMatchObject({ appointment_id: late, reason: 'window', sentence: 'Ни одно окно не подходит.' });
      expect(left?.fits[0]).toMatchObject({ engineer_name: 'Петров' });
      expect(left?.fits[0]?.sentence).toMatch(/^Петров в 18:\d\d, если разрешить переработку \d+ мин; \+\d+ мин в пути$/);
    } finally {
      await client.appointments.delete({ id: late });
    }
  });

  it('gives what needs parts to whoever has them in his van', async () => {
    const { items } = await client.engineers.list({});
    const of = (user: string) => items.find((one) => one.user_id === user)?.id ?? '';
    await client.engineers.update({ id: of(petrov), stock: [{ name: 'Картридж', quantity: 1 }, { name: 'Кабель', quantity: 50 }] });
    await client.engineers.update({ id: of(sidorov), stock: [{ name: 'Кабель', quantity: 5 }] });
    const needs = [await visit('Картридж', '11:00', { ...place(8), parts: [{ name: 'Картридж', quantity: 1 }] }), await visit('Ещё картридж', '11:30', { ...place(8), parts: [{ name: 'Картридж', quantity: 1 }] }), await visit('Кабель', '12:00', { ...place(9), parts: [{ name: 'Кабель', quantity: 10 }] })];
    try {
      const made = await plan();
      const served = made.routes.flatMap((route) => route.stops.filter((stop) => needs.includes(stop.appointment_id)).map((stop) => [stop.title, route.engineer_id]));
      expect(served).toHaveLength(2);
      expect(new Set(served.map(([, engineer]) => engineer))).toEqual(new Set([petrov]));
      expect(made.unassigned).toMatchObject([{ reason: 'capacity', sentence: 'В машинах не хватает деталей.' }]);
    } finally {
      for (const id of needs) await client.appointments.delete({ id });
      for (const user of [petrov, sidorov]) await client.engineers.update({ id: of(user), stock: [] });
    }
  });

  it('keeps pins, and answers the same for the same seed', async () => {
    const pinned = await visit('Закреплён', '13:00', { ...place(5), assigned_to: sidorov, pinned: 'both' });
    try {
      const stop = (await plan()).routes.flatMap((route) => route.stops.map((one) => ({ ...one, engineer: route.engineer_id }))).find((one) => one.appointment_id === pinned);
      expect(stop).toMatchObject({ starts_at: at('13:00'), engineer: sidorov, changed: 'same' });
    } finally {
      await client.appointments.delete({ id: pinned });
    }
  });

  it.each([
    ['an end before the start', { until: '2026-06-14' }, { code: 'INVALID', field: 'until', detail: 'end_before_start' }],
    ['too many days', { until: '2026-08-01' }, { code: 'INVALID', field: 'until', detail: 'too_many_days' }],
    ['hours the wrong way round', { work_starts: '18:00', work_ends: '09:00' }, { code: 'INVALID', field: 'work_ends', detail: 'shift_ends_first' }],
    ['an unknown engineer', { engineers: ['nobody@example.com'] }, { code: 'REFERENCE_NOT_FOUND', field: 'engineers.0' }],
  ])('refuses %s', async (_what, more, expected) => {
    expect(await refusal(plan(more))).toMatchObject(expected);
  });

  it('answers a day on which nobody works with a reason for each', async () => {
    const id = (await client.appointments.create({ client_id: (await client.clients.list({ limit: 1 })).items[0]?.id ?? '', title: 'В воскресенье', starts_at: '2026-06-21T09:00:00.000Z', duration_minutes: 30, ...place(2) })).id;
    const made = await client.schedule.optimize({ date: '2026-06-21', seconds: 0.2 });
    expect(made.problems).toMatchObject([{ appointment_id: id, reason: 'no_shifts' }]);
  });
});

describe('apply', () => {
  it('writes the plan as one change that can be taken back whole', async () => {
    const before = (await client.appointments.list({ from: DATE, to: DATE })).items.map(({ id, starts_at, assigned_to }) => ({ id, starts_at, assigned_to }));
    const made = await plan();
    const done = await client.schedule.apply({ plan_id: made.plan_id });
    expect(done.changed).toBe(made.comparison.changed);
    const day = await client.schedule.day({ date: DATE });
    expect(day.totals).toMatchObject({ visits: 5, unassigned: 0, late: 0 });
    expect(day.routes.map((route) => route.stops.map((stop) => stop.starts_at))).toEqual(made.routes.map((route) => route.stops.map((stop) => stop.starts_at)));
    const { items } = await client.audit.list({ entity: 'appointments' } as Parameters<DoorClient['audit']['list']>[0]);
    expect(items.filter((entry) => JSON.stringify(entry).includes(`"${done.change_id}"`)).length).toBeGreaterThan(0);
    await client.audit.undo({ change_id: done.change_id ?? '' });
    const after = (await client.appointments.list({ from: DATE, to: DATE })).items.map(({ id, starts_at, assigned_to }) => ({ id, starts_at, assigned_to }));
    expect(after).toEqual(before);
  });

  it('is refused when an appointment has changed meanwhile, and when the proposal is gone', async () => {
    const made = await plan();
    await client.appointments.update({ id: ids[2] ?? '', comment: 'Позвонить' });
    expect(await refusal(client.schedule.apply({ plan_id: made.plan_id }))).toMatchObject({ code: 'CONFLICT', detail: 'schedule_changed' });
    expect(await refusal(client.schedule.apply({ plan_id: 'другой' }))).toMatchObject({ code: 'NOT_FOUND', detail: 'plan_gone' });
  });
});

describe('slots', () => {
  it('offers engineers and moments that fit between what people were told', async () => {
    const { items } = await client.schedule.slots({ date: DATE, ...place(2), duration_minutes: 45 });
    expect(items.length).toBeGreaterThan(0);
    expect(items.map((one) => one.cost)).toEqual(items.map((one) => one.cost).sort((a, b) => a - b));
    const told = (await client.appointments.list({ from: DATE, to: DATE, assigned_to: items[0]?.engineer_id })).items;
    for (const { starts_at, ends_at } of told) expect(items[0] && (items[0].ends_at <= starts_at || items[0].starts_at >= ends_at)).toBe(true);
    const skilled = await client.schedule.slots({ date: DATE, ...place(2), duration_minutes: 45, skills: '1С' });
    expect([...new Set(skilled.items.map((one) => one.engineer_id))]).toEqual([petrov]);
    expect(await refusal(client.schedule.slots({ date: DATE, address: 'Нигде, 5' }))).toMatchObject({ code: 'INVALID', field: 'address', detail: 'place_unknown' });
  });
});

describe('replan', () => {
  it('moves what an engineer who fell ill cannot do, and leaves the others alone', async () => {
    const made = await plan();
    await client.schedule.apply({ plan_id: made.plan_id });
    const again = await client.schedule.replan({ event: { kind: 'ill', engineer_id: petrov }, at: at('09:30'), seconds: 0.4 });
    const theirs = again.routes.filter((route) => route.engineer_id === petrov).flatMap((route) => route.stops);
    expect(theirs).toEqual([]);
    expect([...again.unassigned, ...again.problems].map((one) => one.title)).toContain('1С');
    const stays = made.routes.filter((route) => route.engineer_id === sidorov).flatMap((route) => route.stops);
    const moved = again.routes.flatMap((route) => route.stops).filter((stop) => stays.some((one) => one.appointment_id === stop.appointment_id) && stop.changed !== 'same');
    expect(moved.length).toBeLessThanOrEqual(stays.length);
    expect(await refusal(client.schedule.replan({ event: { kind: 'no_show', appointment_id: ids[0] ?? '' }, at: '2026-06-20T09:00:00.000Z' }))).toMatchObject({ code: 'INVALID', detail: 'visit_other_day' });
  });
});

describe('replan, after what may happen in a day', () => {
  const stopsOf = (made: Awaited<ReturnType<typeof plan>>) => made.routes.flatMap((route) => route.stops.map((stop) => ({ ...stop, engineer: route.engineer_id })));
  const told = async () => {
    const made = await plan();
    if (made.comparison.changed > 0) await client.schedule.apply({ plan_id: made.plan_id });
    return stopsOf(made).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  };

  it('an engineer who is late begins later, and what he did already stands', async () => {
    const before = await told();
    const [first] = before.filter((stop) => stop.engineer === petrov);
    const at_ = new Date(Date.parse(first?.ends_at ?? '') + 60_000).toISOString();
    const made = stopsOf(await client.schedule.replan({ event: { kind: 'late', engineer_id: petrov, minutes: 60 }, at: at_, seconds: 0.4 }));
    expect(made.find((stop) => stop.appointment_id === first?.appointment_id)).toMatchObject({ starts_at: first?.starts_at, engineer: petrov, changed: 'same' });
    const free = new Date(Date.parse(at_) + 3_600_000).toISOString();
    expect(made.filter((stop) => stop.engineer === petrov && stop.appointment_id !== first?.appointment_id).every((stop) => stop.starts_at >= free)).toBe(true);
  });

  it('a client who is not there is left out, and the others are not moved for nothing', async () => {
    const before = await told();
    const gone = before.at(-1)?.appointment_id ?? '';
    const made = stopsOf(await client.schedule.replan({ event: { kind: 'no_show', appointment_id: gone }, at: at('09:00'), seconds: 0.4 }));
    expect(made.map((stop) => stop.appointment_id).sort()).toEqual(before.map((stop) => stop.appointment_id).filter((id) => id !== gone).sort());
    expect(made.filter((stop) => stop.changed !== 'same').length).toBeLessThanOrEqual(1);
  });

  it('an emergency is served soon, before what may wait', async () => {
    await told();
    const urgent = await visit('Затопило серверную', '17:00', place(4));
    try {
      const made = stopsOf(await client.schedule.replan({ event: { kind: 'emergency', appointment_id: urgent }, at: at('09:30'), seconds: 0.6 }));
      const stop = made.find((one) => one.appointment_id === urgent);
      expect(stop && stop.starts_at < at('12:00')).toBe(true);
    } finally {
      await client.appointments.delete({ id: urgent });
    }
  });
});

it('tells the best cost while it thinks, and can be stopped', async () => {
  const thinking = client.schedule.optimize({ date: DATE, seconds: 20, task_id: 'дума' });
  const task = async () => (await client.progress.list()).items.find((one) => one.id === 'дума');
  const end = Date.now() + 10_000;
  while (((await task())?.best ?? null) === null && Date.now() < end) await new Promise((done) => setTimeout(done, 20));
  const shown = await task();
  if (shown?.state === 'running') {
    await client.progress.cancel({ id: 'дума' });
    expect(await refusal(thinking)).toMatchObject({ code: 'CANCELLED' });
  } else await thinking;
  expect(shown?.best).toBeGreaterThan(0);
});
