import { listingOf, os, sessionOf } from '../core/os.ts';
import { connect, findAddresses, reportHere, syncRemoteAccess } from './desk.ts';
import { remoteMonth, remoteMonthFile } from './month.ts';
import { forgetPassword, setPassword, withPasswords } from './passwords.ts';
import { finishSession, remoteAddresses, remoteSessions } from './service.ts';

export const remoteAccessHandlers = {
  ofClient: os.remoteAccess.ofClient.handler(({ input, context }) => withPasswords(sessionOf(context), input.id)),
  sync: os.remoteAccess.sync.handler(({ input, context }) => syncRemoteAccess(sessionOf(context), context.house, input.id)),
  report: os.remoteAccess.report.handler(({ input, context }) => reportHere(sessionOf(context), input.id, input.report)),
  connect: os.remoteAccess.connect.handler(({ input, context }) => connect(sessionOf(context), context.house, input)),
  find: os.remoteAccess.find.handler(async ({ input, context }) => ({ items: await findAddresses(sessionOf(context), input.q) })),
  setPassword: os.remoteAccess.setPassword.handler(({ input, context }) => setPassword(sessionOf(context), context.house, input.id, input.password)),
  forgetPassword: os.remoteAccess.forgetPassword.handler(({ input, context }) => forgetPassword(sessionOf(context), context.house, input.id)),
  finish: os.remoteAccess.finish.handler(({ input: { id, ...rest }, context }) => finishSession(sessionOf(context), id, rest)),
  month: os.remoteAccess.month.handler(({ input, context }) => remoteMonth(sessionOf(context), input)),
  monthFile: os.remoteAccess.monthFile.handler(({ input, context }) => remoteMonthFile(sessionOf(context), input)),
};

export const remoteAddressesHandlers = {
  list: os.remoteAddresses.list.handler(({ input, context }) => remoteAddresses.list(listingOf(context), input)),
  create: os.remoteAddresses.create.handler(({ input, context }) => remoteAddresses.create(sessionOf(context), input)),
  get: os.remoteAddresses.get.handler(({ input, context }) => remoteAddresses.get(sessionOf(context), input.id)),
  update: os.remoteAddresses.update.handler(({ input: { id, ...patch }, context }) => remoteAddresses.update(sessionOf(context), id, patch)),
  delete: os.remoteAddresses.delete.handler(({ input, context }) => remoteAddresses.remove(sessionOf(context), input.id)),
};

export const remoteSessionsHandlers = {
  list: os.remoteSessions.list.handler(({ input, context }) => remoteSessions.list(listingOf(context), input)),
  create: os.remoteSessions.create.handler(({ input, context }) => remoteSessions.create(sessionOf(context), input)),
  get: os.remoteSessions.get.handler(({ input, context }) => remoteSessions.get(sessionOf(context), input.id)),
  update: os.remoteSessions.update.handler(({ input: { id, ...patch }, context }) => remoteSessions.update(sessionOf(context), id, patch)),
  delete: os.remoteSessions.delete.handler(({ input, context }) => remoteSessions.remove(sessionOf(context), input.id)),
};
