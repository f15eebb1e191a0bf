import { z } from 'zod';
import { query } from '../kernel/contract.ts';
import { crud, nestedCreate, nestedList } from '../kernel/crud.ts';
import { note, noteBody, noteFilters } from '../notes/model.ts';
import { TICKET_STATUSES, ticket, ticketFilters, ticketInput } from './model.ts';

export const ticketsContract = {
  ...crud({ path: '/tickets', title: 'Tickets', row: ticket, create: ticketInput, filters: ticketFilters, read: 'work.read', write: 'work.write', remove: 'work.delete' }),
  counts: query('work.read')
    .route({ method: 'GET', path: '/tickets/counts', tags: ['tickets'], summary: 'Number of tickets per status under the same filters' })
    .input(ticketFilters.omit({ status: true, sort: true, limit: true, cursor: true, total: true }))
    .output(z.record(z.enum(TICKET_STATUSES), z.number().int())),
  notes: nestedList('/tickets/{id}/notes', 'Notes of a ticket', note, noteFilters.pick({ limit: true, cursor: true, total: true, sort: true }), 'work.read'),
  addNote: nestedCreate('/tickets/{id}/notes', 'Add a note to a ticket', note, noteBody, 'notes.write'),
};
