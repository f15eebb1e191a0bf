import { listingOf, os, sessionOf } from '../core/os.ts';
import { articles, tagsInUse } from './service.ts';

const handlersAt = (at: typeof os.knowledgeBase) => ({
  list: at.list.handler(({ input, context }) => articles.list(listingOf(context), input)),
  create: at.create.handler(({ input, context }) => articles.create(sessionOf(context), input)),
  get: at.get.handler(({ input, context }) => articles.get(sessionOf(context), input.id)),
  update: at.update.handler(({ input: { id, ...patch }, context }) => articles.update(sessionOf(context), id, patch)),
  delete: at.delete.handler(({ input, context }) => articles.remove(sessionOf(context), input.id)),
});

export const articlesHandlers = { ...handlersAt(os.articles), tags: os.articles.tags.handler(async ({ context }) => ({ items: await tagsInUse(sessionOf(context)) })) };
export const knowledgeBaseHandlers = handlersAt(os.knowledgeBase);
