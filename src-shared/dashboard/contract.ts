import { z } from 'zod';
import { query, ref } from '../kernel/contract.ts';
import { desk, overview } from './model.ts';

export const dashboardContract = {
  overview: query('work.read').route({ method: 'GET', path: '/dashboard/overview', tags: ['dashboard'], summary: 'Key load figures of the organisation' }).output(overview),
  desk: query('work.read')
    .route({ method: 'GET', path: '/dashboard/desk', tags: ['dashboard'], summary: 'Overdue, today, this week and newly assigned, for one person' })
    .input(z.object({ user_id: ref.optional() }))
    .output(desk),
};
