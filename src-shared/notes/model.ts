import { z } from 'zod';
import { flag, listInput, ref, refFields, requiredText, rowFields } from '../kernel/contract.ts';

/** What a note may hang on, exactly one of them: the column, and what it points at. */
export const NOTE_OWNER_ENTITIES = { client_id: 'clients', company_id: 'companies', ticket_id: 'tickets', task_id: 'tasks' } as const;
export type NoteOwner = keyof typeof NOTE_OWNER_ENTITIES;
export const NOTE_OWNERS = Object.keys(NOTE_OWNER_ENTITIES) as NoteOwner[];

/** The note itself, as it is posted below its owner. */
export const noteBody = z.object({ content: requiredText(50_000), pinned: flag.nullish() });

export const noteInput = noteBody.extend({ client_id: ref.nullish(), company_id: ref.nullish(), ticket_id: ref.nullish(), task_id: ref.nullish() });
export type NoteInput = z.infer<typeof noteInput>;

export const note = z.object({
  ...rowFields,
  content: z.string(),
  pinned: z.boolean(),
  ...refFields('client_id'),
  ...refFields('company_id'),
  ...refFields('ticket_id'),
  ...refFields('task_id'),
  author_name: z.string().nullable(),
});
export type Note = z.infer<typeof note>;

export const noteFilters = z.object({
  ...listInput,
  sort: z.enum(['created_at', '-created_at']).default('-created_at'),
  client_id: ref.optional(),
  company_id: ref.optional(),
  ticket_id: ref.optional(),
  task_id: ref.optional(),
});
