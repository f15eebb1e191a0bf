import { NOTE_OWNER_ENTITIES } from '../../src-shared/notes/model.ts';
import { notePolicy } from '../../src-shared/notes/rules.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { notes } from './tables.ts';

export const noteEntity: EntityDefinition = {
  name: 'notes',
  table: notes,
  label: 'content',
  texts: ['content'],
  refs: { ...NOTE_OWNER_ENTITIES, created_by: 'users' },
  search: (row) => [row['content'] as string],
  policy: notePolicy,
  clientOf: (row, find) => {
    if (row['client_id']) return row['client_id'] as string;
    const work = row['ticket_id'] ? find('tickets', row['ticket_id'] as string) : row['task_id'] ? find('tasks', row['task_id'] as string) : undefined;
    return (work?.['client_id'] as string | null | undefined) ?? null;
  },
  shown: (nameOf) => ({ author_name: nameOf('created_by'), created_by_name: null, created_by_no: null }),
};
