import { os, sessionOf } from '../core/os.ts';
import { createOrganization, currentOrganization, myOrganizations, updateOrganization } from './service.ts';

export const organizationsHandlers = {
  list: os.organizations.list.handler(({ context }) => ({ items: myOrganizations(sessionOf(context), context.house) })),
  create: os.organizations.create.handler(({ input, context }) => createOrganization(sessionOf(context), context.house, input)),
  current: os.organizations.current.handler(({ context }) => currentOrganization(sessionOf(context))),
  update: os.organizations.update.handler(({ input, context }) => updateOrganization(sessionOf(context), input)),
};
