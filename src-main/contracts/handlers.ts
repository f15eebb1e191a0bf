import { listingOf, os, sessionOf } from '../core/os.ts';
import { contracts } from './service.ts';

export const contractsHandlers = {
  list: os.contracts.list.handler(({ input, context }) => contracts.list(listingOf(context), input)),
  create: os.contracts.create.handler(({ input, context }) => contracts.create(sessionOf(context), input)),
  get: os.contracts.get.handler(({ input, context }) => contracts.get(sessionOf(context), input.id)),
  update: os.contracts.update.handler(({ input: { id, ...patch }, context }) => contracts.update(sessionOf(context), id, patch)),
  delete: os.contracts.delete.handler(({ input, context }) => contracts.remove(sessionOf(context), input.id)),
};
