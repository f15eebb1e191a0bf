import type { z } from 'zod';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import type { SERIES_SCOPES, Task, TaskStatus, taskFilters } from '../../src-shared/tasks/model.ts';
import { completion } from '../../src-shared/tasks/rules.ts';
import { parseRule } from '../../src-shared/tasks/recurrence.ts';
import { PRIORITIES, type Priority } from '../../src-shared/tickets/model.ts';
import { between, equals, oneOf } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import type { Session } from '../core/session.ts';
import type { Row } from '../store/entity.ts';
import { changeSeries, makeNext, startSeries } from './series.ts';

type Filters = z.infer<typeof taskFilters>;
export type Scope = (typeof SERIES_SCOPES)[number];

const crud = createCrud<Task, Filters>('tasks', {
  conditions: (filters, resolve, now) => [
    ...oneOf('status', filters.status),
    ...oneOf('priority', filters.priority?.map((word) => PRIORITIES.indexOf(word))),
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...equals('ticket_id', filters.ticket_id === undefined ? undefined : resolve('tickets', filters.ticket_id, 'ticket_id')),
    ...(filters.assigned_to === 'none' ? [{ sql: 't.assigned_to IS NULL', params: [] }] : equals('assigned_to', filters.assigned_to === undefined ? undefined : resolve('users', filters.assigned_to, 'assigned_to'))),
    ...(filters.overdue ? [{ sql: "t.due_date < ? AND t.status <> 'completed'", params: [now] }] : []),
    ...between('due_date', filters.from, filters.to),
  ],
  prepare: (tx, values, before) => {
    if (typeof values['priority'] === 'string') values['priority'] = PRIORITIES.indexOf(values['priority'] as Priority);
    if (!before) {
      values['status'] ??= 'pending';
      values['priority'] ??= PRIORITIES.indexOf('medium');
    }
    const rule = values['rrule'];
    if (typeof rule === 'string') {
      const parsed = parseRule(rule);
      if (!parsed.ok) throw invalid('rrule', parsed.why);
      if (!(values['due_date'] ?? before?.['due_date'])) throw invalid('due_date', 'repeat_needs_date');
    }
    const status = values['status'] as TaskStatus | undefined;
    if (status && status !== before?.['status']) Object.assign(values, completion(status, tx.now));
  },
  after: (tx, row, before) => {
    if (!before && row['rrule']) startSeries(tx, row);
    if (before && before['status'] !== 'completed' && row['status'] === 'completed') makeNext(tx, row);
  },
});

/** Tasks; a repeating one is a series of rows, made one after the other. */
export const tasks = {
  ...crud,
  update: (session: Session, ref: Ref, patch: Record<string, unknown>, scope: Scope = 'this'): Task =>
    session.mutate((tx) => {
      const id = crud.idOf(tx.db, ref);
      const row = tx.require('tasks', id);
      const changed = row['series_id'] ? changeSeries(tx, row, patch, scope, (one: Row, fields) => crud.updateIn(tx, one.id, fields)) : crud.updateIn(tx, id, patch);
      if (!row['series_id'] && changed['rrule']) startSeries(tx, changed);
      return crud.present(tx.db, changed.rid);
    }),
  remove: (session: Session, ref: Ref, scope: Scope = 'this'): { id: string; change_id: string } =>
    session.mutate((tx) => {
      const id = crud.idOf(tx.db, ref);
      const row = tx.require('tasks', id);
      if (scope === 'this' && row['series_id'] && row['status'] !== 'completed') makeNext(tx, row);
      crud.removeIn(tx, id);
      if (scope !== 'this' && row['series_id']) {
        for (const other of openOccurrences(tx.db, row, scope)) crud.removeIn(tx, other);
      }
      return { id, change_id: String(tx.changeId) };
    }),
  complete: (session: Session, ref: Ref): Task & { next_task_id: string | null } =>
    session.mutate((tx) => {
      const id = crud.idOf(tx.db, ref);
      const row = crud.updateIn(tx, id, { status: 'completed' });
      return { ...crud.present(tx.db, row.rid), next_task_id: row['series_id'] ? nextOf(tx.db, row) : null };
    }),
};

function openOccurrences(db: Parameters<typeof crud.present>[0], row: Row, scope: Scope): string[] {
  const later = scope === 'following' ? ' AND due_date > ?' : '';
  const params = [row['series_id'] as string, row.id, ...(later ? [row['due_date'] as string] : [])];
  return db.all<{ id: string }>(`SELECT id FROM tasks WHERE series_id = ? AND id <> ? AND status <> 'completed' AND deleted_at IS NULL${later}`, ...params).map((one) => one.id);
}

function nextOf(db: Parameters<typeof crud.present>[0], row: Row): string | null {
  return db.get<{ id: string }>('SELECT id FROM tasks WHERE series_id = ? AND due_date > ? AND deleted_at IS NULL ORDER BY due_date LIMIT 1', row['series_id'] as string, row['due_date'] as string)?.id ?? null;
}
