import { z } from 'zod';
import { command, listInput, query, ref, text } from '../kernel/contract.ts';

export const IMPORT_STATES = ['uploaded', 'checking', 'checked', 'running', 'done', 'cancelled', 'undoing', 'undone', 'failed'] as const;

export const importCounts = z.object({ rows: z.number().int(), created: z.number().int(), joined: z.number().int(), updated: z.number().int(), skipped: z.number().int(), failed: z.number().int() });

const params = z.record(z.string(), z.union([z.string(), z.number()])).optional();

/** What one row of the file becomes, and why; a row that describes a company and a contact has a verdict for each. */
export const importRow = z.object({
  line: z.number().int(),
  verdict: z.enum(['create', 'join', 'update', 'skip', 'error']),
  entity: z.enum(['companies', 'contacts']).nullable(),
  title: z.string(),
  /** Message key: below `imports.reasons.` for what the row is or becomes, below `imports.errors.` where the row itself is at fault. */
  reason: z.string(),
  params,
  matched_id: z.string().nullable(),
  /** Fields in which the base keeps its own value, since a person wrote it. */
  kept: z.array(z.string()).optional(),
  /** What a person should look at although the row is taken; `why` is a message key below `errors.`. */
  warnings: z.array(z.object({ field: z.string(), why: z.string(), params })).optional(),
});
export type ImportRow = z.infer<typeof importRow>;

export const importInfo = z.object({
  id: z.string(),
  file_name: z.string(),
  size: z.number().int(),
  state: z.enum(IMPORT_STATES),
  encoding: z.string(),
  delimiter: z.string(),
  columns: z.array(z.object({ header: z.string(), target: z.string().nullable() })),
  /** Names of responsible people met in the file, with the user that they were joined to. */
  responsibles: z.array(z.object({ name: z.string(), user_id: z.string().nullable(), user_name: z.string().nullable() })),
  /** 0 to 1. */
  progress: z.number(),
  counts: importCounts,
  error: z.string().nullable(),
  created_at: z.string(),
  created_by_name: z.string().nullable(),
});
export type ImportInfo = z.infer<typeof importInfo>;

const options = z.object({
  /** IANA zone of the dates in the file; the organisation's by default. */
  time_zone: text(100).optional(),
  /** Name in the file → user; unmatched rows go to the importer. */
  responsibles: z.record(z.string(), ref).optional(),
});
const tags = ['import'];
const one = z.object({ id: text(50) });

export const importsContract = {
  upload: command('import.run', { timeout: 120_000 })
    .route({ method: 'POST', path: '/import', tags, summary: 'Hand over a file: encoding, separator and columns are recognised', successStatus: 201 })
    .input(z.object({ file: z.file() }))
    .output(importInfo),
  check: command('import.run')
    .route({ method: 'POST', path: '/import/{id}/check', tags, summary: 'Dry run: what will be created, joined, skipped and why' })
    .input(one.extend(options.shape))
    .output(importInfo),
  run: command('import.run')
    .route({ method: 'POST', path: '/import/{id}/run', tags, summary: 'Write the rows; progress is answered by the import itself' })
    .input(one.extend(options.shape))
    .output(importInfo),
  cancel: command('import.run').route({ method: 'POST', path: '/import/{id}/cancel', tags, summary: 'Stop; what was written is taken back' }).input(one).output(importInfo),
  undo: command('import.run').route({ method: 'POST', path: '/import/{id}/undo', tags, summary: 'Take the whole import back' }).input(one).output(importInfo),
  get: query('import.run').route({ method: 'GET', path: '/import/{id}', tags, summary: 'State, progress and counts' }).input(one).output(importInfo),
  rows: query('import.run')
    .route({ method: 'GET', path: '/import/{id}/rows', tags, summary: 'Verdict per row of the file' })
    .input(one.extend({ verdict: z.enum(['create', 'join', 'update', 'skip', 'error']).optional(), limit: listInput.limit, cursor: listInput.cursor }))
    .output(z.object({ items: z.array(importRow), next_cursor: z.string().nullable() })),
  list: query('import.run').route({ method: 'GET', path: '/import', tags, summary: 'Imports so far' }).output(z.object({ items: z.array(importInfo) })),
};
