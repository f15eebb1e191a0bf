import type { z } from 'zod';
import { uniqueWords } from '../../src-shared/kernel/unique-words.ts';
import type { Article, articleFilters, ArticleStatus } from '../../src-shared/knowledge/model.ts';
import { statusOf } from '../../src-shared/knowledge/rules.ts';
import { equals, oneOf } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import type { Session } from '../core/session.ts';

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

const TAGS = 'SELECT g.value AS name, count(DISTINCT a.rid) AS count FROM articles a, json_each(a.tags) g WHERE a.deleted_at IS NULL GROUP BY g.value ORDER BY count DESC, name';

/** Tags in use, the commonest first; counted beside the writer. */
export function tagsInUse(session: Session): Promise<{ name: string; count: number }[]> {
  return session.readers.all(session.store.file, TAGS, []);
}
