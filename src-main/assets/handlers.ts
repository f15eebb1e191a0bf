import { listingOf, os, sessionOf } from '../core/os.ts';
import { assets } from './service.ts';

export const assetsHandlers = {
  list: os.assets.list.handler(({ input, context }) => assets.list(listingOf(context), input)),
  create: os.assets.create.handler(({ input, context }) => assets.create(sessionOf(context), input)),
  get: os.assets.get.handler(({ input, context }) => assets.get(sessionOf(context), input.id)),
  update: os.assets.update.handler(({ input: { id, ...patch }, context }) => assets.update(sessionOf(context), id, patch)),
  delete: os.assets.delete.handler(({ input, context }) => assets.remove(sessionOf(context), input.id)),
};
