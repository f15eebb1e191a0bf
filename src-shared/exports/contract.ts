import { z } from 'zod';
import { command, query, text } from '../kernel/contract.ts';

export const EXPORTABLE = ['companies', 'clients', 'contacts', 'notes', 'assets', 'contracts', 'tickets', 'tasks', 'appointments', 'articles'] as const;
export const exportInfo = z.object({
  id: z.string(),
  entity: z.enum(EXPORTABLE),
  format: z.enum(['csv', 'json']),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  rows: z.number().int(),
  /** 0 to 1. */
  progress: z.number(),
  file_name: z.string(),
  error: z.string().nullable(),
  created_at: z.string(),
});
export type ExportInfo = z.infer<typeof exportInfo>;

const tags = ['export'];
const one = z.object({ id: text(50) });

export const exportsContract = {
  start: command('export.run')
    .route({ method: 'POST', path: '/export', tags, summary: 'Write all rows of an entity into a file; every attempt is in the audit log', successStatus: 201 })
    .input(z.object({ entity: z.enum(EXPORTABLE), format: z.enum(['csv', 'json']).default('csv'), q: text(200).optional() }))
    .output(exportInfo),
  list: query('export.run').route({ method: 'GET', path: '/export', tags, summary: 'Exports of this session of the program' }).output(z.object({ items: z.array(exportInfo) })),
  get: query('export.run').route({ method: 'GET', path: '/export/{id}', tags, summary: 'State and progress' }).input(one).output(exportInfo),
  cancel: command('export.run').route({ method: 'POST', path: '/export/{id}/cancel', tags, summary: 'Stop' }).input(one).output(exportInfo),
  download: query('export.run', { timeout: 600_000 }).route({ method: 'GET', path: '/export/{id}/file', tags, summary: 'The file' }).input(one).output(z.file()),
};
