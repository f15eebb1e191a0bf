import { listingOf, os, sessionOf } from '../core/os.ts';
import { notes } from './service.ts';

export const notesHandlers = {
  list: os.notes.list.handler(({ input, context }) => notes.list(listingOf(context), input)),
  create: os.notes.create.handler(({ input, context }) => notes.create(sessionOf(context), input)),
  get: os.notes.get.handler(({ input, context }) => notes.get(sessionOf(context), input.id)),
  update: os.notes.update.handler(({ input: { id, ...patch }, context }) => notes.update(sessionOf(context), id, patch)),
  delete: os.notes.delete.handler(({ input, context }) => notes.remove(sessionOf(context), input.id)),
};
