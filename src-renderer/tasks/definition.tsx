import { IconCheck } from '@tabler/icons-react';
import i18next from 'i18next';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import { taskInput, SERIES_SCOPES, TASK_STATUSES, type Task } from '../../src-shared/tasks/model.ts';
import { client } from '../app/client.ts';
import type { EntityPageDefinition } from '../kit/definition.ts';
import { Due, Status, When } from '../kit/Shown.tsx';
import { Repeat } from './Repeat.tsx';
import { TaskCard } from './TaskCard.tsx';
import { completeTask, taskWriting } from './writing.ts';

const text = (name: string): string => `tasks:fields.${name}`;

export const tasksDefinition: EntityPageDefinition<Task> = {
  ...taskWriting,
  messages: 'tasks',
  list: (input) => client.tasks.list(input),
  get: (id) => client.tasks.get({ id }),
  create: (values) => client.tasks.create(values as Parameters<typeof client.tasks.create>[0]),
  remove: (id) => client.tasks.delete({ id }),
  title: (task) => task.title,
  defaultSort: 'due_date',
  columns: [
    { key: 'title', header: text('title'), render: (task) => task.title },
    { key: 'status', header: text('status'), width: 140, render: (task) => <Status of="tasks" value={task.status} /> },
    { key: 'priority', header: text('priority'), width: 120, sort: 'priority', render: (task) => <Status of="tasks" value={task.priority} /> },
    { key: 'due', header: text('due_date'), width: 170, sort: 'due_date', render: (task) => <Due value={task.due_date} done={task.status === 'completed'} /> },
    { key: 'client', header: text('client_id'), width: 200, render: (task) => task.client_name },
    { key: 'assigned', header: text('assigned_to'), width: 160, render: (task) => task.assigned_to_name },
    { key: 'repeat', header: text('rrule'), width: 110, render: (task) => (task.rrule ? i18next.t('app:yes') : '') },
    { key: 'created', header: text('created_at'), width: 120, sort: 'created_at', optional: true, render: (task) => <When value={task.created_at} /> },
  ],
  compact: (task) => ({ title: task.title, line: [task.client_name, task.assigned_to_name].filter(Boolean).join(' · ') || '—', badge: <Due value={task.due_date} done={task.status === 'completed'} /> }),
  filters: [
    { name: 'status', label: text('status'), kind: 'select', multiple: true, options: TASK_STATUSES, labels: 'tasks:enums' },
    { name: 'priority', label: text('priority'), kind: 'select', multiple: true, options: PRIORITIES, labels: 'tasks:enums' },
    { name: 'assigned_to', label: text('assigned_to'), kind: 'ref', to: 'users' },
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients' },
    { name: 'overdue', label: 'tasks:overdue', kind: 'flag' },
  ],
  presets: [
    { label: 'tasks:presets.open', values: { status: ['pending', 'in_progress'] } },
    { label: 'tasks:presets.overdue', values: { overdue: true } },
  ],
  schema: taskInput,
  fields: [
    { name: 'title', label: text('title'), kind: 'text', required: true },
    { name: 'description', label: text('description'), kind: 'textarea' },
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients' },
    { name: 'ticket_id', label: text('ticket_id'), kind: 'ref', to: 'tickets', within: (values) => (values['client_id'] ? { client_id: values['client_id'] } : {}) },
    { name: 'priority', label: text('priority'), kind: 'select', options: PRIORITIES, labels: 'tasks:enums', required: true },
    { name: 'assigned_to', label: text('assigned_to'), kind: 'ref', to: 'users' },
    { name: 'due_date', label: text('due_date'), kind: 'datetime' },
    { name: 'rrule', label: text('rrule'), kind: 'custom', custom: ({ values, set, error }) => <Repeat rule={(values['rrule'] as string | null) ?? null} due={(values['due_date'] as string | null) ?? null} onChange={(next) => set('rrule', next)} error={error} /> },
    { name: 'scope', label: 'tasks:scope_field', kind: 'select', options: SERIES_SCOPES, labels: 'tasks:scope', hidden: (values, creating) => creating || !values['series_id'] },
  ],
  initial: () => ({ priority: 'medium' }),
  actions: (task) => [{ key: 'complete', label: 'tasks:complete', icon: <IconCheck size={15} />, shown: (row) => row.status !== 'completed', run: () => completeTask(task) }],
  card: ({ row }) => <TaskCard task={row} />,
};
