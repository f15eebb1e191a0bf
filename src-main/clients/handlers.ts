import type { Ref } from '../../src-shared/kernel/contract.ts';
import { appointments } from '../appointments/index.ts';
import { assets } from '../assets/index.ts';
import { clientHistory } from '../audit/index.ts';
import { contracts } from '../contracts/index.ts';
import type { CallContext } from '../core/call.ts';
import { listingOf, os, sessionOf } from '../core/os.ts';
import { notes } from '../notes/index.ts';
import { tasks } from '../tasks/index.ts';
import { tickets } from '../tickets/index.ts';
import { overviewOf } from './overview.ts';
import { clients } from './service.ts';

const clientId = (context: CallContext, ref: Ref): string => clients.idOf(sessionOf(context).store.read, ref);

export const clientsHandlers = {
  list: os.clients.list.handler(({ input, context }) => clients.list(listingOf(context), input)),
  create: os.clients.create.handler(({ input, context }) => clients.create(sessionOf(context), input)),
  get: os.clients.get.handler(({ input, context }) => clients.get(sessionOf(context), input.id)),
  update: os.clients.update.handler(({ input: { id, ...patch }, context }) => clients.update(sessionOf(context), id, patch)),
  delete: os.clients.delete.handler(({ input, context }) => clients.remove(sessionOf(context), input.id)),
  overview: os.clients.overview.handler(({ input, context }) => overviewOf(sessionOf(context), clientId(context, input.id))),
  setTheme: os.clients.setTheme.handler(({ input, context }) => clients.update(sessionOf(context), input.id, { theme: input.theme })),
  assets: os.clients.assets.handler(({ input: { id, ...filters }, context }) => assets.list(listingOf(context), { ...filters, client_id: clientId(context, id) })),
  addAsset: os.clients.addAsset.handler(({ input: { id, ...fields }, context }) =>
    sessionOf(context).mutate((tx) => assets.present(tx.db, assets.insertIn(tx, { ...fields, client_id: clients.idOf(tx.db, id) }).rid)),
  ),
  contracts: os.clients.contracts.handler(({ input: { id, ...filters }, context }) => contracts.list(listingOf(context), { ...filters, client_id: clientId(context, id) })),
  addContract: os.clients.addContract.handler(({ input: { id, ...fields }, context }) =>
    sessionOf(context).mutate((tx) => contracts.present(tx.db, contracts.insertIn(tx, { ...fields, client_id: clients.idOf(tx.db, id) }).rid)),
  ),
  notes: os.clients.notes.handler(({ input: { id, ...filters }, context }) => notes.list(listingOf(context), { ...filters, client_id: clientId(context, id) })),
  addNote: os.clients.addNote.handler(({ input: { id, ...fields }, context }) =>
    sessionOf(context).mutate((tx) => notes.present(tx.db, notes.insertIn(tx, { ...fields, client_id: clients.idOf(tx.db, id) }).rid)),
  ),
  tasks: os.clients.tasks.handler(({ input: { id, ...filters }, context }) => tasks.list(listingOf(context), { ...filters, client_id: clientId(context, id) })),
  addTask: os.clients.addTask.handler(({ input: { id, ...fields }, context }) =>
    sessionOf(context).mutate((tx) => tasks.present(tx.db, tasks.insertIn(tx, { ...fields, client_id: clients.idOf(tx.db, id) }).rid)),
  ),
  appointments: os.clients.appointments.handler(({ input: { id, ...filters }, context }) => appointments.list(listingOf(context), { ...filters, client_id: clientId(context, id) })),
  addAppointment: os.clients.addAppointment.handler(({ input: { id, ...fields }, context }) =>
    sessionOf(context).mutate((tx) => appointments.present(tx.db, appointments.insertIn(tx, { ...fields, client_id: clients.idOf(tx.db, id) }).rid)),
  ),
  tickets: os.clients.tickets.handler(({ input: { id, ...filters }, context }) => tickets.list(listingOf(context), { ...filters, client_id: clientId(context, id) })),
  history: os.clients.history.handler(({ input, context }) => clientHistory(sessionOf(context), clientId(context, input.id), input)),
};
