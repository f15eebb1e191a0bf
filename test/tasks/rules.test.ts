import { describe, expect, it } from 'vitest';
import type { TaskStatus } from '../../src-shared/tasks/model.ts';
import { completion, occurrenceAfter, usualScope } from '../../src-shared/tasks/rules.ts';

const NOW = '2026-06-15T06:00:00.000Z';
const MOSCOW = 'Europe/Moscow';

describe('completion', () => {
  it.each<[TaskStatus, string | null]>([
    ['pending', null],
    ['in_progress', null],
    ['completed', NOW],
  ])('%s: %s', (status, completed_at) => expect(completion(status, NOW)).toEqual({ completed_at }));
});

describe('occurrenceAfter', () => {
  it.each<[string, string | null, string | null, { due_date: string; rrule: string } | null]>([
    ['the next day', 'FREQ=DAILY', '2026-06-15', { due_date: '2026-06-16', rrule: 'FREQ=DAILY' }],
    ['one time less', 'FREQ=DAILY;COUNT=3', '2026-06-15', { due_date: '2026-06-16', rrule: 'FREQ=DAILY;COUNT=2' }],
    ['the last time', 'FREQ=DAILY;COUNT=1', '2026-06-15', null],
    ['past its end', 'FREQ=WEEKLY;UNTIL=20260620', '2026-06-15', null],
    ['every second week, two days', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE', '2026-06-17', { due_date: '2026-06-29', rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE' }],
    ['from a date that breaks the rule', 'FREQ=WEEKLY;BYDAY=MO', '2026-06-16', { due_date: '2026-06-22', rrule: 'FREQ=WEEKLY;BYDAY=MO' }],
    ['a moment keeps its wall clock', 'FREQ=MONTHLY', '2026-06-30T21:30:00.000Z', { due_date: '2026-07-31T21:30:00.000Z', rrule: 'FREQ=MONTHLY' }],
    ['no rule', null, '2026-06-15', null],
    ['no date', 'FREQ=DAILY', null, null],
  ])('%s', (_name, rrule, due_date, next) => expect(occurrenceAfter({ rrule, due_date }, MOSCOW)).toEqual(next));

  it('counts down to the end', () => {
    const dates: string[] = [];
    for (let at: { due_date: string; rrule: string } | null = { due_date: '2026-06-15', rrule: 'FREQ=WEEKLY;COUNT=4' }; at; at = occurrenceAfter(at, MOSCOW)) dates.push(at.due_date);
    expect(dates).toEqual(['2026-06-15', '2026-06-22', '2026-06-29', '2026-07-06']);
  });
});

it.each<[{ rrule?: unknown; title?: string }, string]>([
  [{ title: 'x' }, 'this'],
  [{ rrule: 'FREQ=DAILY' }, 'following'],
  [{ rrule: null, title: 'x' }, 'following'],
])('usualScope %j: %s', (changed, scope) => expect(usualScope(changed)).toBe(scope));
