import { os, sessionOf } from '../core/os.ts';
import { createUser, getUser, listUsers, updateUser } from './service.ts';

export const usersHandlers = {
  list: os.users.list.handler(({ input, context }) => listUsers(sessionOf(context), context.house, input)),
  create: os.users.create.handler(({ input, context }) => createUser(sessionOf(context), context.house, input)),
  get: os.users.get.handler(({ input, context }) => getUser(sessionOf(context), context.house, input.id)),
  update: os.users.update.handler(({ input: { id, ...patch }, context }) => updateUser(sessionOf(context), context.house, id, patch)),
  setTheme: os.users.setTheme.handler(({ input, context }) => updateUser(sessionOf(context), context.house, input.id, { theme: input.theme })),
};
