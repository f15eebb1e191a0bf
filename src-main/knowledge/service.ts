import type { z } from 'zod';
import { uniqueWords } from '../../src-shared/companies/merge.ts';
import type { Article, articleFilters, ArticleStatus } from '../../src-shared/knowledge/model.ts';
import { statusOf } from '../../src-shared/knowledge/rules.ts';
import { equals, oneOf } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';

type Filters = z.infer<typeof articleFilters>;

/** Articles: a draft unless something else is said, each tag once. */
export const articles = createCrud<Article, Filters>('articles', {
  derived: ['published'],
  conditions: (filters, resolve) => [
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...oneOf('status', filters.status),
    ...(filters.tag ? [{ sql: 'EXISTS (SELECT 1 FROM json_each(t.tags) WHERE value = ?)', params: [filters.tag] }] : []),
  ],
  prepare: (_tx, values, before) => {
    const { published, ...columns } = values as { published?: boolean | null; status?: ArticleStatus };
    delete values['published'];
    const status = statusOf({ published, status: columns.status }, before?.['status'] as ArticleStatus | undefined) ?? (before ? undefined : 'draft');
    if (status) values['status'] = status;
    if (values['tags'] !== undefined) values['tags'] = uniqueWords((values['tags'] as string[] | null) ?? []);
  },
});
