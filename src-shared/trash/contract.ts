import { z } from 'zod';
import { anyOf, command, listInput, query, ref } from '../kernel/contract.ts';
import { ENTITIES } from '../audit/model.ts';

export const trashItem = z.object({
  entity: z.enum(ENTITIES),
  id: z.string(),
  no: z.number().int().nullable(),
  title: z.string(),
  deleted_at: z.string(),
  deleted_by_name: z.string().nullable(),
});
export type TrashItem = z.infer<typeof trashItem>;

export const trashContract = {
  list: query('trash.read')
    .route({ method: 'GET', path: '/trash', tags: ['trash'], summary: 'What has been deleted' })
    .input(z.object({ entity: anyOf(ENTITIES).optional(), limit: listInput.limit, cursor: listInput.cursor }))
    .output(z.object({ items: z.array(trashItem), next_cursor: z.string().nullable() })),
  restore: command('trash.restore')
    .route({ method: 'POST', path: '/trash/{entity}/{id}/restore', tags: ['trash'], summary: 'Bring a row back, with what was deleted together with it' })
    .input(z.object({ entity: z.enum(ENTITIES), id: ref }))
    .output(z.object({ change_id: z.string() })),
  purge: command('trash.purge')
    .route({ method: 'DELETE', path: '/trash/{entity}/{id}', tags: ['trash'], summary: 'Delete for good' })
    .input(z.object({ entity: z.enum(ENTITIES), id: ref }))
    .output(z.object({ change_id: z.string() })),
};
