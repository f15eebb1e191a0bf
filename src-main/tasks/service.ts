import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { dateAt, startOfDay } from '../../src-shared/kernel/days.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import type { Task, TaskStatus, taskFilters } from '../../src-shared/tasks/model.ts';
import { parseRule } from '../../src-shared/tasks/recurrence.ts';
import { writeRule } from '../../src-shared/tasks/recurrence-rule.ts';
import { SCOPED_FIELDS, completion, type Scope } from '../../src-shared/tasks/rules.ts';
import { PRIORITIES, type Priority } from '../../src-shared/tickets/model.ts';
import { calendarAt, dueWithin, endOf, overdue, zoneOf } from '../core/calendar.ts';
import { equals, oneOf } from '../core/conditions.ts';
import { createCrud, type CrudService } from '../core/crud-service.ts';
import { REGISTRY } from '../core/entities.ts';
import type { Session } from '../core/session.ts';
import { metaOf, type Row } from '../store/entity.ts';
import { resolveRef } from '../store/resolve.ts';
import type { Condition } from '../store/select.ts';
import type { Tx } from '../store/tx.ts';
import { changeSeries, ensureNext, removeFromSeries, type Fields, type RowWriter } from './series.ts';

type Filters = z.infer<typeof taskFilters>;

const crud = createCrud<Task, Filters>('tasks', {
  conditions: (filters, resolve) => [
    ...oneOf('status', filters.status),
    ...oneOf('priority', filters.priority?.map((word) => PRIORITIES.indexOf(word))),
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...equals('ticket_id', filters.ticket_id === undefined ? undefined : resolve('tickets', filters.ticket_id, 'ticket_id')),
    ...(filters.assigned_to === 'none' ? [{ sql: 't.assigned_to IS NULL', params: [] }] : equals('assigned_to', filters.assigned_to === undefined ? undefined : resolve('users', filters.assigned_to, 'assigned_to'))),
  ],
  prepare: (tx, values, before) => {
    if (typeof values['priority'] === 'string') values['priority'] = PRIORITIES.indexOf(values['priority'] as Priority);
    if (!before) {
      values['status'] ??= 'pending';
      values['priority'] ??= PRIORITIES.indexOf('medium');
    }
    prepareRule(values, before);
    const status = values['status'] as TaskStatus | undefined;
    if (status && status !== before?.['status']) Object.assign(values, completion(status, tx.now));
  },
  after: (tx, row, before) => {
    if (!before && row['status'] === 'completed') ensureNext(tx, row);
  },
});

/** The rule in its one spelling. @throws AppError INVALID with the fault */
function checkedRule(text: string): string {
  const parsed = parseRule(text);
  if (!parsed.ok) throw invalid('rrule', parsed.why, parsed.params);
  return writeRule(parsed.rule);
}

/** A task with a rule has a date and belongs to a series; one that loses the rule leaves it. */
function prepareRule(values: Record<string, unknown>, before: Row | undefined): void {
  if (typeof values['rrule'] === 'string') values['rrule'] = checkedRule(values['rrule']);
  const now = (column: string): unknown => (values[column] === undefined ? before?.[column] : values[column]);
  if (!now('rrule')) {
    if (values['rrule'] === null && before?.['series_id']) values['series_id'] = null;
    return;
  }
  if (!now('due_date')) throw invalid('due_date', 'repeat_needs_date');
  if (!now('series_id')) values['series_id'] = uuidv7();
}

/** What of a change differs from the row and concerns its series; references as ids. */
function scopedChanges(tx: Tx, row: Row, patch: Fields): Fields {
  const { refs = {} } = metaOf(REGISTRY, 'tasks');
  const fields: Fields = {};
  for (const field of SCOPED_FIELDS) {
    let value = patch[field] === '' ? null : patch[field];
    if (value === undefined) continue;
    if (refs[field] && value !== null) value = resolveRef(tx.db, REGISTRY, refs[field], value as Ref, { field });
    if (field === 'priority') value = PRIORITIES.indexOf(value as Priority);
    if (field === 'rrule' && value !== null) value = checkedRule(value as string);
    if (value !== row[field]) fields[field] = value;
  }
  return fields;
}

const writerOf = (tx: Tx): RowWriter => ({ update: (id, fields) => crud.updateIn(tx, id, fields), remove: (id) => crud.removeIn(tx, id) });

function changeIn(tx: Tx, row: Row, patch: Fields, scope?: Scope): Row {
  const fields = row['series_id'] ? scopedChanges(tx, row, patch) : {};
  const changed = Object.keys(fields).length > 0 ? changeSeries(tx, writerOf(tx), row, patch, fields, scope) : crud.updateIn(tx, row.id, patch);
  if (changed['status'] === 'completed') ensureNext(tx, changed);
  return changed;
}

/** The period and the lateness asked for; both are counted in days of the organisation. */
function dueConditions(session: Session, filters: Filters): Condition[] {
  const db = session.store.read;
  const conditions: Condition[] = filters.overdue ? [{ sql: "t.status <> 'completed'", params: [] }, overdue('t.due_date', calendarAt(db, session.now()))] : [];
  if (filters.from === undefined && filters.to === undefined) return conditions;
  const zone = zoneOf(db);
  const bound = (text: string): { date: string; moment: string } => (text.length > 10 ? { date: dateAt(text, zone), moment: text } : { date: text, moment: startOfDay(text, zone) });
  return [...conditions, dueWithin('t.due_date', bound(filters.from ?? '0001-01-02'), bound(filters.to === undefined ? '9999-12-30' : endOf(filters.to)))];
}

interface TaskService extends Omit<CrudService<Task, Filters>, 'update' | 'remove' | 'updateIn' | 'removeIn'> {
  /** @param scope how much of a repeating series; a rule is changed from here on, anything else just here, unless told otherwise. */
  update(session: Session, ref: Ref, patch: Fields, scope?: Scope): Task;
  remove(session: Session, ref: Ref, scope?: Scope): { id: string; change_id: string };
  /** Completes a task; the answer names the occurrence that follows in a series. Completing again changes nothing. */
  complete(session: Session, ref: Ref): Task & { next_task_id: string | null };
}

/**
 * Tasks. A repeating one is a series: rows of one `series_id`, each made when the one before it is completed, carrying the rule as it
 * goes on from there. Writing refuses with INVALID: a rule that cannot be read or never occurs, a rule without a due date.
 */
export const tasks: TaskService = {
  ...crud,
  list: (session, input, extra = []) => crud.list(session, input, [...dueConditions(session, input), ...extra]),
  update: (session, ref, patch, scope) =>
    session.mutate((tx) => {
      const row = tx.require('tasks', crud.idOf(tx.db, ref));
      return crud.present(tx.db, changeIn(tx, row, patch, scope).rid);
    }),
  remove: (session, ref, scope = 'this') =>
    session.mutate((tx) => {
      const row = tx.require('tasks', crud.idOf(tx.db, ref));
      if (row['series_id']) removeFromSeries(tx, writerOf(tx), row, scope);
      else crud.removeIn(tx, row.id);
      return { id: row.id, change_id: String(tx.changeId) };
    }),
  complete: (session, ref) =>
    session.mutate((tx) => {
      const row = crud.updateIn(tx, crud.idOf(tx.db, ref), { status: 'completed' });
      return { ...crud.present(tx.db, row.rid), next_task_id: ensureNext(tx, row) };
    }),
};
