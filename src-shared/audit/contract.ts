import { z } from 'zod';
import { anyOf, command, date, listInput, query, ref, text, timestamp } from '../kernel/contract.ts';
import { ENTITIES, historyPage, securityEvent } from './model.ts';

const period = { from: z.union([timestamp, date]).optional(), to: z.union([timestamp, date]).optional() };

export const auditContract = {
  list: query('audit.read')
    .route({ method: 'GET', path: '/audit', tags: ['audit'], summary: 'Who changed what, when, from what to what' })
    .input(z.object({ limit: listInput.limit, cursor: listInput.cursor, entity: anyOf(ENTITIES).optional(), actor_id: ref.optional(), import_id: text(50).optional(), ...period }))
    .output(historyPage),
  row: query('base.read')
    .route({ method: 'GET', path: '/audit/{entity}/{id}', tags: ['audit'], summary: 'Field-level history of one row' })
    .input(z.object({ entity: z.enum(ENTITIES), id: ref, limit: listInput.limit, cursor: listInput.cursor }))
    .output(historyPage),
  undo: command('self')
    .route({ method: 'POST', path: '/audit/changes/{change_id}/undo', tags: ['audit'], summary: 'Put back what a change altered, where nobody has changed it since' })
    .input(z.object({ change_id: text(50) }))
    .output(z.object({ change_id: z.string(), reverted: z.number().int(), kept: z.number().int() })),
  security: query('audit.read')
    .route({ method: 'GET', path: '/audit/security', tags: ['audit'], summary: 'Log-ins, exports, refused attempts, rights' })
    .input(z.object({ limit: listInput.limit, cursor: listInput.cursor, type: text(100).optional(), ...period }))
    .output(z.object({ items: z.array(securityEvent), next_cursor: z.string().nullable() })),
};
