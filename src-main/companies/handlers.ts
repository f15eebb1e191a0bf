import { os, sessionOf } from '../core/os.ts';
import { activityFields, companies, findDuplicates, mergeCompanies } from './service.ts';

export const companiesHandlers = {
  list: os.companies.list.handler(({ input, context }) => companies.list(sessionOf(context), input)),
  create: os.companies.create.handler(({ input, context }) => companies.create(sessionOf(context), input)),
  get: os.companies.get.handler(({ input, context }) => companies.get(sessionOf(context), input.id)),
  update: os.companies.update.handler(({ input: { id, ...patch }, context }) => companies.update(sessionOf(context), id, patch)),
  delete: os.companies.delete.handler(({ input, context }) => companies.remove(sessionOf(context), input.id)),
  duplicates: os.companies.duplicates.handler(({ input: { exclude_id, ...candidate }, context }) => {
    const { read } = sessionOf(context).store;
    return { items: findDuplicates(read, candidate, exclude_id === undefined ? undefined : companies.idOf(read, exclude_id)) };
  }),
  merge: os.companies.merge.handler(({ input, context }) => mergeCompanies(sessionOf(context), input.id, input.other_id, input.take)),
  activityFields: os.companies.activityFields.handler(({ context }) => ({ items: activityFields(sessionOf(context).store.read) })),
};
