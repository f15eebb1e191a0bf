import { openPolicy } from '../../src-shared/kernel/open-policy.ts';
import { sortKey } from '../../src-shared/kernel/search-text.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { articles } from './tables.ts';

export const articleEntity: EntityDefinition = {
  name: 'articles',
  table: articles,
  label: 'title',
  texts: ['content'],
  refs: { client_id: 'clients' },
  sortBy: (row) => sortKey(String(row['title'])),
  // The index takes no more than the beginning of a very long text: what names the article stands ahead of it.
  search: (row) => [row['title'] as string, ...(row['tags'] as string[]), row['content'] as string],
  policy: openPolicy,
  clientOf: (row) => row['client_id'] as string | null,
};
