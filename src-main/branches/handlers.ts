import { listingOf, os, sessionOf } from '../core/os.ts';
import { branches } from './service.ts';

export const branchesHandlers = {
  list: os.branches.list.handler(({ input, context }) => branches.list(listingOf(context), input)),
  create: os.branches.create.handler(({ input, context }) => branches.create(sessionOf(context), input)),
  get: os.branches.get.handler(({ input, context }) => branches.get(sessionOf(context), input.id)),
  update: os.branches.update.handler(({ input: { id, ...patch }, context }) => branches.update(sessionOf(context), id, patch)),
  delete: os.branches.delete.handler(({ input, context }) => branches.remove(sessionOf(context), input.id)),
};
