import { z } from 'zod';
import { anyOf, flag, listInput, ref, refFields, requiredText, rowFields, text } from '../kernel/contract.ts';

export const ARTICLE_STATUSES = ['draft', 'published', 'archived'] as const;
export type ArticleStatus = (typeof ARTICLE_STATUSES)[number];

const MAX_TAG = 100;

export const articleInput = z.object({
  title: requiredText(300),
  /** Markdown. */
  content: requiredText(100_000),
  tags: z.array(requiredText(MAX_TAG)).max(50).nullish(),
  client_id: ref.nullish(),
  status: z.enum(ARTICLE_STATUSES).optional(),
  /** Another way to say the status, for programs that know no more than yes and no. */
  published: flag.nullish(),
});
export type ArticleInput = z.infer<typeof articleInput>;

export const article = z.object({
  ...rowFields,
  title: z.string(),
  content: z.string(),
  tags: z.array(z.string()),
  ...refFields('client_id'),
  status: z.enum(ARTICLE_STATUSES),
});
export type Article = z.infer<typeof article>;

export const articleFilters = z.object({
  ...listInput,
  sort: z.enum(['title', '-title', 'created_at', '-created_at', 'updated_at', '-updated_at']).default('title'),
  status: anyOf(ARTICLE_STATUSES).optional(),
  client_id: ref.optional(),
  tag: text(MAX_TAG).optional(),
});
