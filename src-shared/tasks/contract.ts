import { z } from 'zod';
import { command, date, query, ref, text, timestamp } from '../kernel/contract.ts';
import { crud, deleted } from '../kernel/crud.ts';
import { SERIES_SCOPES, task, taskFilters, taskInput } from './model.ts';

const base = crud({ path: '/tasks', title: 'Tasks', row: task, create: taskInput, filters: taskFilters, read: 'work.read', write: 'work.write', remove: 'work.delete' });
const scope = z.enum(SERIES_SCOPES).optional();

export const tasksContract = {
  ...base,
  update: command('work.write')
    .route({ method: 'PUT', path: '/tasks/{id}', tags: ['tasks'], summary: 'Tasks: change the given fields; `scope` says how much of a repeating series' })
    .input(taskInput.partial().extend({ id: ref, scope }))
    .output(task),
  delete: command('work.delete')
    .route({ method: 'DELETE', path: '/tasks/{id}', tags: ['tasks'], summary: 'Tasks: move to the trash; `scope` says how much of a repeating series' })
    .input(z.object({ id: ref, scope }))
    .output(deleted),
  complete: command('work.write')
    .route({ method: 'POST', path: '/tasks/{id}/complete', tags: ['tasks'], summary: 'Complete a task; a repeating one makes its next occurrence' })
    .input(z.object({ id: ref }))
    .output(task.extend({ next_task_id: z.string().nullable() })),
  preview: query('work.read')
    .route({ method: 'POST', path: '/tasks/recurrence-preview', tags: ['tasks'], summary: 'The rule in words and its next dates' })
    .input(z.object({ rrule: text(500), due_date: z.union([date, timestamp]), count: z.number().int().min(1).max(50).default(12) }))
    .output(z.object({ words: z.string(), dates: z.array(z.string()) })),
};
