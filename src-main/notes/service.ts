import type { z } from 'zod';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { NOTE_OWNER_ENTITIES, NOTE_OWNERS, type Note, type noteFilters } from '../../src-shared/notes/model.ts';
import { equals } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';

type Filters = z.infer<typeof noteFilters>;

/** Notes: each hangs on exactly one client, company, ticket or task. */
export const notes = createCrud<Note, Filters>('notes', {
  conditions: (filters, resolve) => NOTE_OWNERS.flatMap((column) => (filters[column] === undefined ? [] : equals(column, resolve(NOTE_OWNER_ENTITIES[column], filters[column], column)))),
  prepare: (_tx, values, before) => {
    if (before) {
      for (const column of NOTE_OWNERS) delete values[column];
      return;
    }
    const owners = NOTE_OWNERS.filter((column) => values[column]);
    if (owners.length !== 1) throw invalid('client_id', 'note_one_owner');
  },
});
