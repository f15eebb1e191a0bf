import { crud } from '../kernel/crud.ts';
import { note, noteFilters, noteInput } from './model.ts';

export const notesContract = crud({ path: '/notes', title: 'Notes', row: note, create: noteInput, filters: noteFilters, read: 'base.read', write: 'notes.write', remove: 'notes.write' });
