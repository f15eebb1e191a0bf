import { z } from 'zod';
import { command, query, text } from '../kernel/contract.ts';

const tags = ['drafts'];
const key = text(200).min(1);
export const draft = z.object({ key: z.string(), value: z.unknown(), updated_at: z.string() });

/** What a person is typing, kept on this device until it is saved. */
export const draftsContract = {
  list: query('self').route({ method: 'GET', path: '/drafts', tags, summary: 'Drafts of the caller on this device' }).output(z.object({ items: z.array(draft) })),
  get: query('self').route({ method: 'GET', path: '/drafts/{key}', tags, summary: 'One draft, or null' }).input(z.object({ key })).output(z.object({ draft: draft.nullable() })),
  save: command('self').route({ method: 'PUT', path: '/drafts/{key}', tags, summary: 'Keep a draft' }).input(z.object({ key, value: z.unknown() })).output(draft),
  remove: command('self').route({ method: 'DELETE', path: '/drafts/{key}', tags, summary: 'Drop a draft' }).input(z.object({ key })).output(z.object({ removed: z.boolean() })),
};
