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
  shown: (nameOf) => ({ author_name: nameOf('created_by'), created_by_name: null, created_by_no: null }),
};
