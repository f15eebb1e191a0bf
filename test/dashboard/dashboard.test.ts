import { afterEach, describe, expect, it } from 'vitest';
import { appointments } from '../../src-main/appointments/service.ts';
import { clients } from '../../src-main/clients/service.ts';
import { contracts } from '../../src-main/contracts/service.ts';
import { deskOf } from '../../src-main/dashboard/desk.ts';
import { overviewOf } from '../../src-main/dashboard/overview.ts';
import { tickets } from '../../src-main/tickets/service.ts';
import { desk as deskSchema, overview as overviewSchema, type DeskBucket } from '../../src-shared/dashboard/model.ts';
import type { Actor, Role } from '../../src-shared/kernel/permissions.ts';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
afterEach(() => house.close());

const open = (options: Parameters<typeof openTestHouse>[0] = {}): string => {
  house = openTestHouse(options);
  return clients.create(house.session(), { name: 'Ромашка' }).id;
};
const addTask = (title: string, values: Record<string, unknown> = {}, who: Role | Actor = 'owner'): string =>
  house.session(who).mutate((tx) => tx.insert('tasks', { title, status: 'pending', priority: PRIORITIES.indexOf('medium'), ...values }).id);
const names = (bucket: DeskBucket): string[] => [...bucket.tickets.map((row) => row.subject), ...bucket.tasks.map((row) => row.title), ...bucket.appointments.map((row) => row.title)];

describe('desk of one person', () => {
  it('sorts his work by when it is due, in the days of the organisation', async () => {
    const client = open();
    const me = house.people.engineer.user_id;
    const ticket = (subject: string, due: string | null, status = 'open', to = me): void =>
      void tickets.create(house.session('engineer'), { client_id: client, subject, due_date: due, status, assigned_to: to });
    // The clock stands at 9:00 of the 15th in Moscow, 6:00 UTC.
    ticket('вчера', '2026-06-14');
    ticket('час назад', '2026-06-15T05:00:00.000Z');
    ticket('сегодня', '2026-06-15');
    ticket('сегодня поздно', '2026-06-15T20:59:00.000Z');
    ticket('ночью в Москве уже завтра', '2026-06-15T21:30:00.000Z');
    ticket('через неделю', '2026-06-22');
    ticket('через восемь дней', '2026-06-23');
    ticket('вечером через неделю', '2026-06-22T20:00:00.000Z');
    ticket('без срока', null);
    ticket('решена вчера', '2026-06-14', 'resolved');
    ticket('чужая', '2026-06-14', 'open', house.people.operator.user_id);
    addTask('задача вчера', { due_date: '2026-06-14', assigned_to: me }, 'engineer');
    addTask('задача сделана', { due_date: '2026-06-14', assigned_to: me, status: 'completed' }, 'engineer');
    addTask('задача завтра', { due_date: '2026-06-16', assigned_to: me }, 'engineer');
    const visit = (title: string, start: string, minutes: number, status = 'scheduled'): void =>
      void appointments.create(house.session('engineer'), { client_id: client, title, starts_at: start, duration_minutes: minutes, assigned_to: me, status });
    visit('выезд прошёл', '2026-06-14T08:00:00.000Z', 60);
    visit('выезд идёт', '2026-06-15T05:30:00.000Z', 60);
    visit('выезд сегодня', '2026-06-15T12:00:00.000Z', 60);
    visit('выезд отменён', '2026-06-15T13:00:00.000Z', 60, 'cancelled');
    visit('выезд завтра', '2026-06-15T21:00:00.000Z', 60);
    visit('выезд нескоро', '2026-06-22T21:00:00.000Z', 60);

    const desk = await deskOf(house.session('engineer'));
    expect(names(desk.overdue)).toEqual(['вчера', 'час назад', 'задача вчера', 'выезд прошёл']);
    expect(names(desk.today)).toEqual(['сегодня', 'сегодня поздно', 'выезд идёт', 'выезд сегодня']);
    expect(names(desk.week)).toEqual(['ночью в Москве уже завтра', 'через неделю', 'вечером через неделю', 'задача завтра', 'выезд завтра']);
    expect(names(desk.newly_assigned)).toEqual([]);
    expect(desk.counts).toEqual({ overdue: 4, today: 4, week: 5, newly_assigned: 0 });
    expect(deskSchema.parse(desk)).toEqual(desk);

    expect(names((await deskOf(house.session('owner'), house.people.operator.user_id)).overdue)).toEqual(['чужая']);
    expect(names((await deskOf(house.session('owner'), 'Пётр Орлов')).overdue)).toEqual(['чужая']);
    await expect(deskOf(house.session('owner'), 'Никто')).rejects.toMatchObject({ code: 'REFERENCE_NOT_FOUND', data: { field: 'user_id' } });
  });

  it('lets the zone of the organisation say which day it is', async () => {
    // 2:00 UTC of the 15th is still the evening of the 14th in New York.
    const client = open({ now: '2026-06-15T02:00:00.000Z', timeZone: 'America/New_York' });
    const me = house.people.owner.user_id;
    for (const due_date of ['2026-06-13', '2026-06-14', '2026-06-15', '2026-06-15T03:30:00.000Z', '2026-06-15T04:30:00.000Z']) {
      tickets.create(house.session(), { client_id: client, subject: due_date, due_date, assigned_to: me });
    }
    const desk = await deskOf(house.session());
    expect(names(desk.overdue)).toEqual(['2026-06-13']);
    expect(names(desk.today)).toEqual(['2026-06-14', '2026-06-15T03:30:00.000Z']);
    expect(names(desk.week)).toEqual(['2026-06-15', '2026-06-15T04:30:00.000Z']);
  });

  it('shows what others gave him within a day, and not what he took himself', async () => {
    const client = open({ now: '2026-06-13T06:00:00.000Z' });
    const me = house.people.engineer.user_id;
    const old = tickets.create(house.session('operator'), { client_id: client, subject: 'дана давно', assigned_to: me });
    house.clock.set('2026-06-15T06:00:00.000Z');
    tickets.update(house.session('operator'), old.id, { priority: 'high' });
    tickets.create(house.session('operator'), { client_id: client, subject: 'создана на него', assigned_to: me });
    tickets.create(house.session('engineer'), { client_id: client, subject: 'создал себе', assigned_to: me });
    const free = tickets.create(house.session('operator'), { client_id: client, subject: 'взял сам' });
    tickets.update(house.session('engineer'), free.id, { assigned_to: me });
    const moved = tickets.create(house.session('engineer'), { client_id: client, subject: 'передана' });
    tickets.update(house.session('operator'), moved.id, { assigned_to: me });
    tickets.update(house.session('engineer'), moved.id, { status: 'in_progress' });
    const away = tickets.create(house.session('operator'), { client_id: client, subject: 'ушла другому', assigned_to: me });
    tickets.update(house.session('operator'), away.id, { assigned_to: house.people.admin.user_id });
    addTask('задача от другого', { assigned_to: me }, 'operator');
    appointments.create(house.session('coordinator'), { client_id: client, title: 'выезд от другого', starts_at: '2026-07-01T08:00:00.000Z', duration_minutes: 60, assigned_to: me });

    const desk = await deskOf(house.session('engineer'));
    expect(names(desk.newly_assigned)).toEqual(['передана', 'создана на него', 'задача от другого', 'выезд от другого']);
    expect(desk.counts.newly_assigned).toBe(4);
    house.clock.set('2026-06-16T06:00:00.001Z');
    expect((await deskOf(house.session('engineer'))).counts.newly_assigned).toBe(0);
  });

  it('counts more than it shows', async () => {
    const client = open();
    const me = house.people.owner.user_id;
    house.session().mutate((tx) => {
      for (let n = 0; n < 60; n++) tx.insert('tickets', { client_id: client, subject: `№ ${n}`, status: 'open', priority: 1, due_date: '2026-06-01', assigned_to: me });
    });
    const desk = await deskOf(house.session());
    expect(desk.overdue.tickets).toHaveLength(50);
    expect(desk.counts.overdue).toBe(60);
  });
});

describe('overview of the organisation', () => {
  it('is all zeroes where there is nothing yet', async () => {
    open();
    const figures = await overviewOf(house.session());
    expect(figures).toMatchObject({ clients: 1, companies: 0, assets: 0, tickets_by_status: { open: 0, in_progress: 0, waiting: 0, resolved: 0, closed: 0 }, overdue_tickets: 0, expiring_contracts: [] });
    expect(figures.load).toEqual([{ user_id: house.people.engineer.user_id, full_name: 'Иван Смирнов', open_tickets: 0, overdue_tickets: 0, open_tasks: 0, appointments_week: 0, minutes_week: 0 }]);
  });

  it('counts work by status, priority, person and term; the trash does not count', async () => {
    const client = open();
    const { engineer, operator } = house.people;
    const ticket = (values: Record<string, unknown>): string => tickets.create(house.session(), { client_id: client, subject: 'Сеть', ...values }).id;
    ticket({ status: 'open', priority: 'critical', due_date: '2026-06-14', assigned_to: engineer.user_id });
    ticket({ status: 'in_progress', priority: 'low', due_date: '2026-06-15', assigned_to: engineer.user_id });
    ticket({ status: 'waiting', priority: 'low', due_date: '2026-06-15T05:00:00.000Z' });
    ticket({ status: 'closed', priority: 'critical', due_date: '2026-06-01', assigned_to: operator.user_id });
    tickets.remove(house.session(), ticket({ status: 'open' }));
    addTask('первая', { assigned_to: operator.user_id, due_date: '2026-06-14' });
    addTask('вторая', { status: 'in_progress' });
    addTask('третья', { status: 'completed', due_date: '2026-06-14' });
    const visit = (start: string, minutes: number, values: Record<string, unknown> = {}): void =>
      void appointments.create(house.session(), { client_id: client, title: 'Выезд', starts_at: start, duration_minutes: minutes, assigned_to: engineer.user_id, ...values });
    visit('2026-06-14T21:00:00.000Z', 90);
    visit('2026-06-14T20:00:00.000Z', 30);
    visit('2026-06-15T21:00:00.000Z', 45, { status: 'completed' });
    visit('2026-06-16T08:00:00.000Z', 600, { status: 'cancelled' });
    visit('2026-06-22T20:59:00.000Z', 15);
    visit('2026-06-22T21:00:00.000Z', 15);
    const contract = (title: string, start_date: string, end_date: string | null): void => void contracts.create(house.session(), { client_id: client, title, start_date, end_date });
    contract('бессрочный', '2025-01-01', null);
    contract('кончается сегодня', '2025-01-01', '2026-06-15');
    contract('кончается через месяц', '2025-01-01', '2026-07-15');
    contract('кончается позже', '2025-01-01', '2026-07-16');
    contract('кончился', '2025-01-01', '2026-06-14');
    contract('ещё не начался', '2026-07-01', null);

    const figures = await overviewOf(house.session('engineer'));
    expect(overviewSchema.parse(figures)).toEqual(figures);
    expect(figures).toMatchObject({
      clients: 1,
      tickets_by_status: { open: 1, in_progress: 1, waiting: 1, resolved: 0, closed: 1 },
      open_by_priority: { low: 2, medium: 0, high: 0, critical: 1 },
      overdue_tickets: 2,
      unassigned_tickets: 1,
      tasks_pending: 2,
      tasks_overdue: 1,
      appointments_today: 1,
      appointments_week: 3,
      active_contracts: 4,
    });
    expect(figures.expiring_contracts.map((row) => row.title)).toEqual(['кончается сегодня', 'кончается через месяц']);
    expect(figures.load).toEqual([
      { user_id: engineer.user_id, full_name: 'Иван Смирнов', open_tickets: 2, overdue_tickets: 1, open_tasks: 0, appointments_week: 3, minutes_week: 150 },
      { user_id: operator.user_id, full_name: 'Пётр Орлов', open_tickets: 0, overdue_tickets: 0, open_tasks: 1, appointments_week: 0, minutes_week: 0 },
    ]);
  });

  it('never walks a table where there is an index', async () => {
    open();
    const session = house.session();
    const plans: string[] = [];
    await overviewOf({
      ...session,
      readers: {
        ...session.readers,
        all: async (file, sql, params) => {
          plans.push(...house.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...params).map((step) => step.detail));
          return session.readers.all(file, sql, params);
        },
      },
    });
    expect(plans.filter((step) => /^SCAN \w+$/.test(step))).toEqual([]);
  });
});
