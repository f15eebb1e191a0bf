import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clients } from '../../src-main/clients/service.ts';
import { tasks } from '../../src-main/tasks/service.ts';
import { AppError, type ErrorData } from '../../src-shared/kernel/errors.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

function refusal(work: () => unknown): ErrorData & { code: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.data };
    throw error;
  }
  throw new Error('was not refused');
}
const add = (fields: Record<string, unknown>) => tasks.create(house.session(), { title: 'Проверить копии', ...fields });
const list = async (filters: Partial<Parameters<typeof tasks.list>[1]> = {}): Promise<string[]> => (await tasks.list(house.session(), { limit: 50, sort: 'due_date', ...filters })).items.map((one) => one.title);

it('starts pending and of medium priority, and names whom it is about', () => {
  const client = clients.create(house.session(), { name: 'Ромашка' });
  expect(add({ client_id: client.no, assigned_to: 'Иван', due_date: '2026-06-20' })).toMatchObject({
    status: 'pending', priority: 'medium', client_name: 'Ромашка', assigned_to_name: 'Иван Смирнов', due_date: '2026-06-20', completed_at: null, rrule: null, series_id: null,
  });
});

it('stamps the moment of completion, and takes it back with the status', () => {
  const { id } = add({ priority: 'critical' });
  expect(tasks.complete(house.session(), id)).toMatchObject({ status: 'completed', completed_at: '2026-06-15T06:00:00.000Z', next_task_id: null });
  house.clock.advance(60_000);
  expect(tasks.complete(house.session(), id)).toMatchObject({ completed_at: '2026-06-15T06:00:00.000Z' });
  expect(tasks.update(house.session(), id, { title: 'Иначе' })).toMatchObject({ title: 'Иначе', completed_at: '2026-06-15T06:00:00.000Z', priority: 'critical' });
  expect(tasks.update(house.session(), id, { status: 'in_progress' })).toMatchObject({ status: 'in_progress', completed_at: null });
  expect(tasks.update(house.session(), id, { status: 'completed' })).toMatchObject({ completed_at: '2026-06-15T06:01:00.000Z' });
  expect(add({ status: 'completed' }).completed_at).toBe('2026-06-15T06:01:00.000Z');
});

it('goes to the trash and comes back as one change', () => {
  const { id } = add({});
  tasks.remove(house.session(), id);
  expect(refusal(() => tasks.get(house.session(), id)).code).toBe('NOT_FOUND');
});

describe('lists', () => {
  it('filters by status, priority, client and assignee', async () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    add({ title: 'А', client_id: client.id, priority: 'high', due_date: '2026-06-16' });
    add({ title: 'Б', assigned_to: 'Иван', status: 'in_progress', due_date: '2026-06-17' });
    add({ title: 'В', status: 'completed' });
    expect(await list()).toEqual(['А', 'Б', 'В']);
    expect(await list({ status: ['pending', 'in_progress'] })).toEqual(['А', 'Б']);
    expect(await list({ priority: ['high', 'critical'] })).toEqual(['А']);
    expect(await list({ client_id: client.no ?? 0 })).toEqual(['А']);
    expect(await list({ assigned_to: 'Иван Смирнов' })).toEqual(['Б']);
    expect(await list({ assigned_to: 'none', sort: '-due_date' })).toEqual(['А', 'В']);
  });

  it('calls late what is over where the organisation is', async () => {
    house.clock.set('2026-06-15T21:30:00.000Z');
    add({ title: 'вчера по Москве', due_date: '2026-06-15' });
    add({ title: 'сегодня по Москве', due_date: '2026-06-16' });
    add({ title: 'час назад', due_date: '2026-06-15T20:30:00.000Z' });
    add({ title: 'через час', due_date: '2026-06-15T22:30:00.000Z' });
    add({ title: 'сделано', due_date: '2026-06-01', status: 'completed' });
    expect(await list({ overdue: true })).toEqual(['вчера по Москве', 'час назад']);
  });

  it('takes dates and moments of the period’s days', async () => {
    add({ title: 'до', due_date: '2026-06-14' });
    add({ title: 'полночь', due_date: '2026-06-14T21:00:00.000Z' });
    add({ title: 'день', due_date: '2026-06-15' });
    add({ title: 'вечер', due_date: '2026-06-16T20:59:00.000Z' });
    add({ title: 'после', due_date: '2026-06-16T21:00:00.000Z' });
    add({ title: 'без срока' });
    expect(await list({ from: '2026-06-15', to: '2026-06-16' })).toEqual(['полночь', 'день', 'вечер']);
    expect(await list({ from: '2026-06-15' })).toEqual(['полночь', 'день', 'вечер', 'после']);
    expect(await list({ to: '2026-06-14' })).toEqual(['до']);
    expect(await list({ from: '2026-06-16T20:00:00.000Z', to: '2026-06-16T21:00:00.000Z' })).toEqual(['вечер']);
  });
});
