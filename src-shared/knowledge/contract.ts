import { crud } from '../kernel/crud.ts';
import { article, articleFilters, articleInput } from './model.ts';

const at = (path: `/${string}`, title: string) => crud({ path, title, row: article, create: articleInput, filters: articleFilters, read: 'base.read', write: 'base.write', remove: 'base.delete' });

export const articlesContract = at('/articles', 'Articles');
/** The same articles at the address that programs written for the reference call. */
export const knowledgeBaseContract = at('/knowledge-base', 'Knowledge base');
