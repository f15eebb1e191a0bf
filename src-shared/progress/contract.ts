import { z } from 'zod';
import { command, query, text } from '../kernel/contract.ts';

export const longTask = z.object({
  id: z.string(),
  /** Message key below `progress.kinds.`. */
  kind: z.string(),
  title: z.string(),
  /** 0 to 1, or null while the total is not known. */
  progress: z.number().nullable(),
  /** Cost of the best answer so far, where one is being looked for. */
  best: z.number().nullable(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  error: z.string().nullable(),
  started_at: z.string(),
});
export type LongTask = z.infer<typeof longTask>;

export const progressContract = {
  list: query('self').route({ method: 'GET', path: '/progress', tags: ['progress'], summary: 'Long tasks of the caller that run or have just ended' }).output(z.object({ items: z.array(longTask) })),
  cancel: command('self').route({ method: 'POST', path: '/progress/{id}/cancel', tags: ['progress'], summary: 'Stop a long task' }).input(z.object({ id: text(50) })).output(longTask),
};
