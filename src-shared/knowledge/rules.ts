import { invalid } from '../kernel/errors.ts';
import type { ArticleStatus } from './model.ts';

interface Said {
  status?: ArticleStatus | undefined;
  published?: boolean | null | undefined;
}

/**
 * The status that an input asks for, or undefined where it asks for none. Not published means a draft, except for what is archived: that
 * stays where it is. @throws AppError INVALID where `published` and `status` contradict each other
 */
export function statusOf({ status, published }: Said, before: ArticleStatus | undefined): ArticleStatus | undefined {
  if (published === undefined || published === null) return status;
  if (status !== undefined && published !== (status === 'published')) throw invalid('published', 'published_contradicts_status');
  if (published) return 'published';
  return status ?? (before === 'archived' ? before : 'draft');
}
