import { listingOf, os, sessionOf } from '../core/os.ts';
import { notes } from '../notes/index.ts';
import { countTickets, tickets } from './service.ts';

export const ticketsHandlers = {
  list: os.tickets.list.handler(({ input, context }) => tickets.list(listingOf(context), input)),
  create: os.tickets.create.handler(({ input, context }) => tickets.create(sessionOf(context), input)),
  get: os.tickets.get.handler(({ input, context }) => tickets.get(sessionOf(context), input.id)),
  update: os.tickets.update.handler(({ input: { id, ...patch }, context }) => tickets.update(sessionOf(context), id, patch)),
  delete: os.tickets.delete.handler(({ input, context }) => tickets.remove(sessionOf(context), input.id)),
  counts: os.tickets.counts.handler(({ input, context }) => countTickets(sessionOf(context), input)),
  notes: os.tickets.notes.handler(({ input: { id, ...paging }, context }) => {
    const session = listingOf(context);
    return notes.list(session, { ...paging, ticket_id: tickets.idOf(session.store.read, id) });
  }),
  addNote: os.tickets.addNote.handler(({ input: { id, ...note }, context }) => {
    const session = sessionOf(context);
    return session.mutate((tx) => notes.present(tx.db, notes.insertIn(tx, { ...note, ticket_id: tickets.idOf(tx.db, id) }).rid));
  }),
};
