import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { undoChange } from '../../src-main/audit/undo.ts';
import { clients } from '../../src-main/clients/service.ts';
import { previewRule } from '../../src-main/tasks/preview.ts';
import { tasks } from '../../src-main/tasks/service.ts';
import { AppError, type ErrorData } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import type { Task } from '../../src-shared/tasks/model.ts';
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

const WEEKLY = 'FREQ=WEEKLY;BYDAY=MO';
const add = (fields: Record<string, unknown> = {}): Task => tasks.create(house.session(), { title: 'Проверить копии', rrule: WEEKLY, due_date: '2026-06-15', ...fields });
const complete = (id: string): string => {
  const { next_task_id } = tasks.complete(house.session(), id);
  if (!next_task_id) throw new Error('nothing follows');
  return next_task_id;
};
const change = (id: string, patch: Record<string, unknown>, scope?: 'this' | 'following' | 'all'): Task => tasks.update(house.session(), id, patch, scope);
const get = (id: string): Task => tasks.get(house.session(), id);
const lastChange = (): string => String(house.store.read.get<{ id: number }>('SELECT max(id) AS id FROM changesets')?.id);
/** Living tasks: due, title, status's first letter, and the rule of those that repeat. */
const all = (): string[] =>
  house.store.read
    .all<{ due_date: string; title: string; status: string; rrule: string | null }>('SELECT due_date, title, status, rrule FROM tasks WHERE deleted_at IS NULL ORDER BY due_date, rid')
    .map((row) => [row.due_date, row.title, row.status === 'completed' ? 'done' : 'open', row.rrule ?? '-'].join(' '));

describe('creating', () => {
  it('begins a series', () => {
    const first = add({ rrule: 'RRULE:freq=weekly;byday=MO;wkst=mo' });
    expect(first).toMatchObject({ rrule: WEEKLY, series_id: expect.any(String) });
    expect(add().series_id).not.toBe(first.series_id);
  });

  it.each<[Record<string, unknown>, string, string]>([
    [{ due_date: null }, 'due_date', 'repeat_needs_date'],
    [{ rrule: 'каждый день' }, 'rrule', 'rrule_part'],
    [{ rrule: 'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31' }, 'rrule', 'rrule_never'],
  ])('refuses %j', (fields, field, detail) => {
    const error = refusal(() => add(fields));
    expect(error).toMatchObject({ code: 'INVALID', field, detail });
    expect(translateError('ru', 'INVALID', error)).toMatch(/^[^{}]+$/);
  });

  it('of a task that is done already makes the next at once', () => {
    add({ status: 'completed' });
    expect(all()).toEqual(['2026-06-15 Проверить копии done FREQ=WEEKLY;BYDAY=MO', '2026-06-22 Проверить копии open FREQ=WEEKLY;BYDAY=MO']);
  });

  it('turns a plain task into a repeating one, and back', () => {
    const { id } = add({ rrule: null, due_date: null });
    expect(refusal(() => change(id, { rrule: WEEKLY }))).toMatchObject({ field: 'due_date', detail: 'repeat_needs_date' });
    expect(change(id, { rrule: WEEKLY, due_date: '2026-06-15' })).toMatchObject({ rrule: WEEKLY, series_id: expect.any(String) });
    expect(refusal(() => change(id, { due_date: null }, 'all'))).toMatchObject({ field: 'due_date', detail: 'repeat_needs_date' });
    expect(change(id, { rrule: null })).toMatchObject({ rrule: null, series_id: null });
    expect(all()).toHaveLength(1);
  });
});

describe('completing', () => {
  it('makes the next occurrence with everything that the series hands on', () => {
    const client = clients.create(house.session(), { name: 'Ромашка' });
    const first = add({ client_id: client.id, description: 'по списку', priority: 'high', assigned_to: 'Иван' });
    const next = get(complete(first.id));
    expect(next).toMatchObject({ title: first.title, description: 'по списку', client_id: client.id, priority: 'high', assigned_to_name: 'Иван Смирнов', status: 'pending', completed_at: null, due_date: '2026-06-22', series_id: first.series_id, rrule: WEEKLY });
  });

  it('never makes two: not twice, not after reopening, not on another device', () => {
    const first = add();
    const next = complete(first.id);
    expect(complete(first.id)).toBe(next);
    change(first.id, { status: 'pending' });
    expect(change(first.id, { status: 'completed' }).status).toBe('completed');
    expect(complete(first.id)).toBe(next);
    expect(all()).toHaveLength(2);
  });

  it('gives the next the same id wherever it is made', async () => {
    const first = add();
    const next = complete(first.id);
    const other = openTestHouse();
    const row = house.store.read.get<Record<string, unknown>>('SELECT title, status, priority, due_date, rrule, series_id FROM tasks WHERE id = ?', next);
    other.session().mutate((tx) => tx.insert('tasks', { ...row, status: 'pending', due_date: '2026-06-15' }, { id: first.id }));
    expect(tasks.complete(other.session(), first.id).next_task_id).toBe(next);
    await other.close();
  });

  it('ends with the count and with the last day', () => {
    let id = add({ rrule: 'FREQ=DAILY;COUNT=3' }).id;
    id = complete(complete(id));
    expect(get(id).due_date).toBe('2026-06-17');
    expect(tasks.complete(house.session(), id).next_task_id).toBeNull();
    const until = add({ rrule: 'FREQ=WEEKLY;UNTIL=20260618' });
    expect(tasks.complete(house.session(), until.id).next_task_id).toBeNull();
  });

  it('keeps the wall clock of the organisation', async () => {
    const berlin = openTestHouse({ timeZone: 'Europe/Berlin' });
    const first = tasks.create(berlin.session(), { title: 'Созвон', rrule: 'FREQ=WEEKLY', due_date: '2026-10-22T07:00:00.000Z' });
    const { next_task_id } = tasks.complete(berlin.session(), first.id);
    expect(tasks.get(berlin.session(), next_task_id ?? '').due_date).toBe('2026-10-29T08:00:00.000Z');
    await berlin.close();
  });

  it('can be undone and done again', () => {
    const first = add();
    const next = complete(first.id);
    undoChange(house.session(), lastChange());
    expect(all()).toEqual(['2026-06-15 Проверить копии open FREQ=WEEKLY;BYDAY=MO']);
    change(first.id, { title: 'Сверить копии' }, 'all');
    expect(complete(first.id)).toBe(next);
    expect(get(next)).toMatchObject({ title: 'Сверить копии', status: 'pending' });
  });

  it('asks for the version of the task itself', () => {
    const first = add();
    change(first.id, { status: 'in_progress' });
    expect(refusal(() => tasks.complete(house.session('owner', { ifMatch: first.version }), first.id)).code).toBe('VERSION_MISMATCH');
    expect(tasks.complete(house.session('owner', { ifMatch: get(first.id).version }), first.id).next_task_id).not.toBeNull();
  });
});

describe('changing this one', () => {
  it('takes it out of the series, which goes on with the next', () => {
    const first = add();
    expect(change(first.id, { title: 'Проверить и записать', due_date: '2026-06-17' })).toMatchObject({ rrule: null, series_id: null });
    expect(all()).toEqual(['2026-06-17 Проверить и записать open -', '2026-06-22 Проверить копии open FREQ=WEEKLY;BYDAY=MO']);
    expect(tasks.complete(house.session(), first.id).next_task_id).toBeNull();
    undoChange(house.session(), String(Number(lastChange()) - 1));
    expect(all()).toHaveLength(1);
  });

  it('leaves the series alone where only the status moves, or nothing differs', () => {
    const first = add();
    change(first.id, { status: 'in_progress' });
    change(first.id, { title: first.title, due_date: first.due_date, rrule: 'RRULE:FREQ=WEEKLY;BYDAY=MO', priority: 'medium', assigned_to: null, client_id: '' }, 'this');
    expect(get(first.id)).toMatchObject({ series_id: first.series_id, rrule: WEEKLY, status: 'in_progress' });
    expect(all()).toHaveLength(1);
  });

  it('of a completed one makes no second next', () => {
    const first = add();
    complete(first.id);
    change(first.id, { description: 'сделано не до конца' });
    expect(all()).toEqual(['2026-06-15 Проверить копии done -', '2026-06-22 Проверить копии open FREQ=WEEKLY;BYDAY=MO']);
  });

  it('changes and completes in one go', () => {
    const first = add();
    change(first.id, { title: 'Иначе', status: 'completed' });
    expect(all()).toEqual(['2026-06-15 Иначе done -', '2026-06-22 Проверить копии open FREQ=WEEKLY;BYDAY=MO']);
  });

  it('knows no rule for itself alone', () => {
    const first = add();
    expect(refusal(() => change(first.id, { rrule: 'FREQ=DAILY' }, 'this'))).toMatchObject({ code: 'INVALID', field: 'scope', detail: 'repeat_scope' });
    expect(change(first.id, { rrule: null }, 'this')).toMatchObject({ rrule: null });
    expect(all()).toHaveLength(2);
  });
});

describe('changing this and following', () => {
  it('ends the series before it and begins a new one', () => {
    const first = add();
    const second = complete(first.id);
    const changed = change(second, { title: 'Проверить всё', rrule: 'FREQ=DAILY' }, 'following');
    expect(changed.series_id).not.toBe(first.series_id);
    expect(all()).toEqual(['2026-06-15 Проверить копии done FREQ=WEEKLY;BYDAY=MO;UNTIL=20260621', '2026-06-22 Проверить всё open FREQ=DAILY']);
    expect(get(complete(second))).toMatchObject({ title: 'Проверить всё', due_date: '2026-06-23' });
    change(first.id, { status: 'pending' });
    expect(tasks.complete(house.session(), first.id).next_task_id).toBeNull();
  });

  it('is what a new rule means when nothing is said', () => {
    const first = add();
    const second = complete(first.id);
    change(second, { rrule: null });
    expect(all()).toEqual(['2026-06-15 Проверить копии done FREQ=WEEKLY;BYDAY=MO;UNTIL=20260621', '2026-06-22 Проверить копии open -']);
  });

  it('takes later open occurrences along, or makes them anew by the new rule', () => {
    const first = add();
    const second = complete(first.id);
    change(first.id, { status: 'pending' });
    change(first.id, { assigned_to: 'Иван' }, 'following');
    expect([get(first.id), get(second)].map((one) => [one.assigned_to_name, one.series_id === first.series_id])).toEqual([['Иван Смирнов', true], ['Иван Смирнов', true]]);
    change(first.id, { rrule: 'FREQ=DAILY' }, 'following');
    expect(all()).toEqual(['2026-06-15 Проверить копии open FREQ=DAILY']);
    expect(get(complete(first.id)).due_date).toBe('2026-06-16');
  });

  it('goes on after a completed one under its new rule', () => {
    const first = add();
    complete(first.id);
    change(first.id, { rrule: 'FREQ=DAILY' }, 'following');
    expect(all()).toEqual(['2026-06-15 Проверить копии done FREQ=DAILY', '2026-06-16 Проверить копии open FREQ=DAILY']);
  });

  it('does not repeat what was done later in the old series', () => {
    const first = add();
    const second = complete(first.id);
    const third = complete(second);
    change(second, { status: 'pending' });
    complete(third);
    change(second, { title: 'Новое имя' }, 'following');
    expect(complete(second)).toBe(third);
    expect(all().map((line) => line.slice(0, 10))).toEqual(['2026-06-15', '2026-06-22', '2026-06-29', '2026-07-06']);
  });

  it('comes apart again as one change', () => {
    const second = complete(add().id);
    const before = all();
    change(second, { title: 'Проверить всё', rrule: 'FREQ=DAILY', due_date: '2026-06-23' }, 'following');
    undoChange(house.session(), lastChange());
    expect(all()).toEqual(before);
  });
});

describe('changing all', () => {
  it('changes every open occurrence, each keeping its date, and nothing that is done', () => {
    const first = add();
    const second = complete(first.id);
    const third = complete(second);
    change(second, { status: 'pending' });
    change(third, { title: 'Новое имя', rrule: 'FREQ=WEEKLY;BYDAY=MO,TH', due_date: '2026-06-30' }, 'all');
    expect(all()).toEqual(['2026-06-15 Проверить копии done FREQ=WEEKLY;BYDAY=MO', '2026-06-22 Новое имя open FREQ=WEEKLY;BYDAY=MO,TH', '2026-06-30 Новое имя open FREQ=WEEKLY;BYDAY=MO,TH']);
    expect(new Set([get(second).series_id, get(third).series_id])).toEqual(new Set([first.series_id]));
    expect(complete(second)).toBe(third);
  });

  it('ends the repeating', () => {
    const first = add();
    const second = complete(first.id);
    change(first.id, { status: 'pending' });
    change(second, { rrule: null }, 'all');
    expect(all()).toEqual(['2026-06-15 Проверить копии open -', '2026-06-22 Проверить копии open -']);
  });
});

describe('deleting', () => {
  it('this one: the series goes on with the next, and undo brings all back', () => {
    const first = add();
    const { change_id } = tasks.remove(house.session(), first.id);
    expect(all()).toEqual(['2026-06-22 Проверить копии open FREQ=WEEKLY;BYDAY=MO']);
    undoChange(house.session(), change_id);
    expect(all()).toEqual(['2026-06-15 Проверить копии open FREQ=WEEKLY;BYDAY=MO']);
  });

  it('the last one of a series: it does not come again', () => {
    const first = add({ rrule: 'FREQ=WEEKLY;COUNT=2' });
    tasks.remove(house.session(), complete(first.id));
    change(first.id, { status: 'pending' });
    expect(tasks.complete(house.session(), first.id).next_task_id).toBeNull();
    expect(all()).toHaveLength(1);
  });

  it('a completed one: what follows stays', () => {
    const first = add();
    complete(first.id);
    tasks.remove(house.session(), first.id);
    expect(all()).toEqual(['2026-06-22 Проверить копии open FREQ=WEEKLY;BYDAY=MO']);
  });

  it('this and following: what was done stays and ends there', () => {
    const first = add();
    const second = complete(first.id);
    const third = complete(second);
    change(second, { status: 'pending' });
    const { change_id } = tasks.remove(house.session(), second, 'following');
    expect(all()).toEqual(['2026-06-15 Проверить копии done FREQ=WEEKLY;BYDAY=MO;UNTIL=20260621']);
    change(first.id, { status: 'pending' });
    expect(tasks.complete(house.session(), first.id).next_task_id).toBeNull();
    undoChange(house.session(), change_id);
    expect([get(second).status, get(third).status]).toEqual(['pending', 'pending']);
  });

  it('all: every open one goes, and none comes again', () => {
    const first = add();
    const second = complete(first.id);
    complete(second);
    change(first.id, { status: 'pending' });
    tasks.remove(house.session(), first.id, 'all');
    expect(all()).toEqual(['2026-06-22 Проверить копии done FREQ=WEEKLY;BYDAY=MO;UNTIL=20260628']);
    change(second, { status: 'pending' });
    expect(tasks.complete(house.session(), second).next_task_id).toBeNull();
  });

  it('of a plain task takes any scope', () => {
    const { id } = add({ rrule: null });
    tasks.remove(house.session(), id, 'all');
    expect(all()).toEqual([]);
  });
});

describe('previewRule', () => {
  const preview = (rrule: string, language: 'ru' | 'en', due_date = '2026-06-15', count = 3) => previewRule(house.session('engineer', { language }), { rrule, due_date, count });
  it('says the rule in the language of the caller, with the first dates', () => {
    expect(preview(WEEKLY, 'ru')).toEqual({ words: 'каждую неделю по пн', dates: ['2026-06-15', '2026-06-22', '2026-06-29'] });
    expect(preview(WEEKLY, 'en').words).toBe('every week on Mon');
    expect(preview('FREQ=DAILY;COUNT=2', 'ru', '2026-06-15T06:00:00.000Z', 12)).toEqual({ words: 'каждый день, 2 раза', dates: ['2026-06-15T06:00:00.000Z', '2026-06-16T06:00:00.000Z'] });
    expect(refusal(() => preview('FREQ=HOURLY', 'ru'))).toMatchObject({ code: 'INVALID', field: 'rrule', detail: 'rrule_freq' });
  });
});

it('holds together whatever is done to it', () => {
  type Step = { pick: number; act: 'complete' | 'reopen' | 'rename' | 'move' | 'rule' | 'remove'; scope: 'this' | 'following' | 'all' };
  const step: fc.Arbitrary<Step> = fc.record({ pick: fc.nat(20), act: fc.constantFrom('complete', 'complete', 'reopen', 'rename', 'move', 'rule', 'remove'), scope: fc.constantFrom('this', 'following', 'all') });
  const living = (): Task[] => house.store.read.all<{ id: string }>('SELECT id FROM tasks WHERE deleted_at IS NULL ORDER BY due_date, rid').map((row) => get(row.id));
  let names = 0;
  const apply = ({ pick, act, scope }: Step): void => {
    const rows = living();
    const row = rows[pick % rows.length];
    if (!row) return;
    if (act === 'complete') tasks.complete(house.session(), row.id);
    else if (act === 'reopen') change(row.id, { status: 'pending' });
    else if (act === 'rename') change(row.id, { title: `имя ${++names}` }, scope);
    else if (act === 'move') change(row.id, { due_date: `2026-0${6 + (pick % 3)}-1${pick % 10}` }, scope);
    else if (act === 'rule') change(row.id, { rrule: pick % 4 === 0 ? null : ['FREQ=DAILY', WEEKLY, 'FREQ=WEEKLY;COUNT=3'][pick % 3] }, scope === 'this' ? 'following' : scope);
    else tasks.remove(house.session(), row.id, scope);
  };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), fc.constantFrom('FREQ=DAILY', WEEKLY, 'FREQ=WEEKLY;COUNT=4'), (steps, rrule) => {
      house.session().mutate((tx) => living().map((row) => tx.remove('tasks', row.id)));
      add({ rrule });
      for (const one of steps) apply(one);
      const rows = living();
      for (const row of rows) {
        expect(row.rrule === null).toBe(row.series_id === null);
        expect(row.completed_at === null).toBe(row.status !== 'completed');
      }
      for (const row of rows.filter((one) => one.status === 'completed')) tasks.complete(house.session(), row.id);
      expect(living()).toEqual(rows);
    }),
    { numRuns: 150 },
  );
});
