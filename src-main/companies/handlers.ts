import { listingOf, os, sessionOf } from '../core/os.ts';
import { duplicatesOf } from './duplicates.ts';
import { mergeCompanies } from './merge.ts';
import { activityFields, companies } from './service.ts';

export const companiesHandlers = {
  list: os.companies.list.handler(({ input, context }) => companies.list(listingOf(context), input)),
  create: os.companies.create.handler(({ input, context }) => companies.create(sessionOf(context), input)),
  get: os.companies.get.handler(({ input, context }) => companies.get(sessionOf(context), input.id)),
  update: os.companies.update.handler(({ input: { id, ...patch }, context }) => companies.update(sessionOf(context), id, patch)),
  delete: os.companies.delete.handler(({ input, context }) => companies.remove(sessionOf(context), input.id)),
  duplicates: os.companies.duplicates.handler(({ input: { exclude_id, ...candidate }, context }) => ({ items: duplicatesOf(sessionOf(context), candidate, exclude_id) })),
  merge: os.companies.merge.handler(({ input, context }) => mergeCompanies(sessionOf(context), input.id, input.other_id, input.take)),
  activityFields: os.companies.activityFields.handler(async ({ context }) => ({ items: await activityFields(sessionOf(context)) })),
};
