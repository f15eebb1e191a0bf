import { listingOf, os, sessionOf } from '../core/os.ts';
import { contacts } from './service.ts';

export const contactsHandlers = {
  list: os.contacts.list.handler(({ input, context }) => contacts.list(listingOf(context), input)),
  create: os.contacts.create.handler(({ input, context }) => contacts.create(sessionOf(context), input)),
  get: os.contacts.get.handler(({ input, context }) => contacts.get(sessionOf(context), input.id)),
  update: os.contacts.update.handler(({ input: { id, ...patch }, context }) => contacts.update(sessionOf(context), id, patch)),
  delete: os.contacts.delete.handler(({ input, context }) => contacts.remove(sessionOf(context), input.id)),
};
