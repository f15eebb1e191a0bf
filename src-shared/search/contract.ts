import { z } from 'zod';
import { anyOf, query } from '../kernel/contract.ts';

/** Entities whose rows can be found by the words, numbers and phones that they hold. */
export const SEARCHABLE = ['companies', 'clients', 'contacts', 'notes', 'assets', 'contracts', 'tickets', 'tasks', 'appointments', 'users', 'attachments', 'articles'] as const;
export type Searchable = (typeof SEARCHABLE)[number];

export const searchHit = z.object({
  entity: z.enum(SEARCHABLE),
  id: z.string(),
  no: z.number().int().nullable(),
  title: z.string(),
  subtitle: z.string().nullable(),
  /** For a note or a file: the row that it hangs on. */
  owner: z.object({ entity: z.enum(SEARCHABLE), id: z.string() }).nullable(),
});
export type SearchHit = z.infer<typeof searchHit>;

export const searchContract = {
  query: query('base.read', { timeout: 10_000 })
    .route({ method: 'GET', path: '/search', tags: ['search'], summary: 'Find anything by words, numbers, phones, INN' })
    .input(z.object({ q: z.string().trim().min(1).max(200), entities: anyOf(SEARCHABLE).optional(), limit: z.coerce.number().int().min(1).max(100).default(20) }))
    .output(z.object({ items: z.array(searchHit), /** What was searched instead when the words were typed in the other keyboard layout. */ corrected: z.string().nullable() })),
};
