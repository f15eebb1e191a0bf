import { listingOf, os, sessionOf } from '../core/os.ts';
import { previewRule } from './preview.ts';
import { tasks } from './service.ts';

export const tasksHandlers = {
  list: os.tasks.list.handler(({ input, context }) => tasks.list(listingOf(context), input)),
  create: os.tasks.create.handler(({ input, context }) => tasks.create(sessionOf(context), input)),
  get: os.tasks.get.handler(({ input, context }) => tasks.get(sessionOf(context), input.id)),
  update: os.tasks.update.handler(({ input: { id, scope, ...patch }, context }) => tasks.update(sessionOf(context), id, patch, scope)),
  delete: os.tasks.delete.handler(({ input, context }) => tasks.remove(sessionOf(context), input.id, input.scope)),
  complete: os.tasks.complete.handler(({ input, context }) => tasks.complete(sessionOf(context), input.id)),
  preview: os.tasks.preview.handler(({ input, context }) => previewRule(sessionOf(context), input)),
};
