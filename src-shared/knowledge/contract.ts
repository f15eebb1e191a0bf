import { z } from 'zod';
import { query } from '../kernel/contract.ts';
import { crud } from '../kernel/crud.ts';
import { article, articleFilters, articleInput } from './model.ts';

const at = (path: `/${string}`, title: string) => crud({ path, title, row: article, create: articleInput, filters: articleFilters, read: 'base.read', write: 'base.write', remove: 'base.delete' });

export const articlesContract = {
  ...at('/articles', 'Articles'),
  tags: query('base.read')
    .route({ method: 'GET', path: '/articles/tags', tags: ['articles'], summary: 'Tags in use, with the number of articles' })
    .output(z.object({ items: z.array(z.object({ name: z.string(), count: z.number().int() })) })),
};
/** The same articles at the address that programs written for the reference call. */
export const knowledgeBaseContract = at('/knowledge-base', 'Knowledge base');
