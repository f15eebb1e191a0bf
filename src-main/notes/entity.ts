import { notePolicy } from '../../src-shared/notes/rules.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { notes } from './tables.ts';

export const noteEntity: EntityDefinition = {
  name: 'notes',
  table: notes,
  label: 'content',
  refs: { client_id: 'clients', company_id: 'companies', ticket_id: 'tickets', task_id: 'tasks', created_by: 'users' },
  search: (row) => [row['content'] as string],
  policy: notePolicy,
  clientOf: (row) => row['client_id'] as string | null,
  present: (answer) => {
    answer['author_name'] = answer['created_by_name'];
    delete answer['created_by_name'];
    delete answer['created_by_no'];
  },
};
