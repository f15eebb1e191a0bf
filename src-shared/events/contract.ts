import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { query } from '../kernel/contract.ts';
import { ENTITIES } from '../audit/model.ts';

/** Something was written: which tables, which rows (none listed when there are too many). */
export const changeEvent = z.object({ position: z.number().int(), entities: z.array(z.enum(ENTITIES)), ids: z.array(z.string()) });
export type ChangeEvent = z.infer<typeof changeEvent>;

export const eventsContract = {
  subscribe: query('self').route({ method: 'GET', path: '/events', tags: ['events'], summary: 'Server-sent events: something changed' }).output(eventIterator(changeEvent)),
};
