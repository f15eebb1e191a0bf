import { z } from 'zod';

/** Tables whose rows are replicated and whose changes are read as history. */
export const ENTITIES = ['companies', 'clients', 'contacts', 'notes', 'assets', 'contracts', 'tickets', 'tasks', 'appointments', 'branches', 'users', 'organization', 'engineers', 'remote_addresses', 'remote_sessions', 'remote_requests', 'attachments', 'articles'] as const;
export type Entity = (typeof ENTITIES)[number];

/** Ways by which a change came. */
export const ORIGINS = ['window', 'browser', 'api', 'cli', 'import', 'undo', 'merge', 'sync', 'system'] as const;
export type Origin = (typeof ORIGINS)[number];

/** One field, before and after; references, and lists of them, are answered as the names that they had then. */
export const fieldChange = z.object({ field: z.string(), before: z.unknown(), after: z.unknown(), before_name: z.string().nullable(), after_name: z.string().nullable() });

export const historyEntry = z.object({
  change_id: z.string(),
  at: z.string(),
  actor_id: z.string().nullable(),
  actor_name: z.string().nullable(),
  origin: z.enum(ORIGINS),
  import_id: z.string().nullable(),
  entity: z.enum(ENTITIES),
  row_id: z.string(),
  row_no: z.number().int().nullable(),
  row_title: z.string().nullable(),
  action: z.enum(['create', 'update', 'delete', 'restore', 'purge']),
  fields: z.array(fieldChange),
  undone: z.boolean(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

export const historyPage = z.object({ items: z.array(historyEntry), next_cursor: z.string().nullable() });

export const securityEvent = z.object({
  id: z.number().int(),
  at: z.string(),
  type: z.string(),
  user_id: z.string().nullable(),
  user_name: z.string().nullable(),
  address: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type SecurityEvent = z.infer<typeof securityEvent>;
