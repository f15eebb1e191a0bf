import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import { PRIORITIES } from '../../src-shared/tickets/model.ts';
import { wordOf, type EntityDefinition } from '../store/entity.ts';
import { tasks } from './tables.ts';

export const taskEntity: EntityDefinition = {
  name: 'tasks',
  table: tasks,
  label: 'title',
  texts: ['description'],
  groups: { state: ['status', 'completed_at'] },
  refs: { client_id: 'clients', ticket_id: 'tickets', assigned_to: 'users' },
  search: (row) => [row['title'], row['description']] as (string | null)[],
  policy: openPolicy,
  children: [{ entity: 'notes', column: 'task_id' }],
  clientOf: (row) => row['client_id'] as string | null,
  shown: () => ({ priority: wordOf('t.priority', PRIORITIES) }),
};
