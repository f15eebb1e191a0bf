import { listingOf, os, sessionOf } from '../core/os.ts';
import { articles, tagsInUse } from './service.ts';

export const articlesHandlers = {
  list: os.articles.list.handler(({ input, context }) => articles.list(listingOf(context), input)),
  create: os.articles.create.handler(({ input, context }) => articles.create(sessionOf(context), input)),
  get: os.articles.get.handler(({ input, context }) => articles.get(sessionOf(context), input.id)),
  update: os.articles.update.handler(({ input: { id, ...patch }, context }) => articles.update(sessionOf(context), id, patch)),
  delete: os.articles.delete.handler(({ input, context }) => articles.remove(sessionOf(context), input.id)),
  tags: os.articles.tags.handler(async ({ context }) => ({ items: await tagsInUse(sessionOf(context)) })),
};

export const knowledgeBaseHandlers = {
  list: os.knowledgeBase.list.handler(({ input, context }) => articles.list(listingOf(context), input)),
  create: os.knowledgeBase.create.handler(({ input, context }) => articles.create(sessionOf(context), input)),
  get: os.knowledgeBase.get.handler(({ input, context }) => articles.get(sessionOf(context), input.id)),
  update: os.knowledgeBase.update.handler(({ input: { id, ...patch }, context }) => articles.update(sessionOf(context), id, patch)),
  delete: os.knowledgeBase.delete.handler(({ input, context }) => articles.remove(sessionOf(context), input.id)),
};
