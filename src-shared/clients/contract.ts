import { z } from 'zod';
import { command, listInput, query, ref } from '../kernel/contract.ts';
import { crud, nestedCreate, nestedList } from '../kernel/crud.ts';
import { historyPage } from '../audit/model.ts';
import { appointment, appointmentBody, appointmentFilters } from '../appointments/model.ts';
import { asset, assetBody, assetFilters } from '../assets/model.ts';
import { contractBody, contractFilters, contractRow } from '../contracts/model.ts';
import { note, noteBody, noteFilters } from '../notes/model.ts';
import { task, taskBody, taskFilters } from '../tasks/model.ts';
import { ticket, ticketFilters } from '../tickets/model.ts';
import { THEMES, client, clientFilters, clientInput, clientOverview } from './model.ts';

const paging = { limit: true, cursor: true, total: true, sort: true } as const;

export const clientsContract = {
  ...crud({ path: '/clients', title: 'Clients', row: client, create: clientInput, filters: clientFilters, read: 'base.read', write: 'base.write', remove: 'base.delete' }),
  overview: query('base.read')
    .route({ method: 'GET', path: '/clients/{id}/overview', tags: ['clients'], summary: 'A client with metrics and the latest of everything' })
    .input(z.object({ id: ref }))
    .output(clientOverview),
  setTheme: command('base.read')
    .route({ method: 'PUT', path: '/clients/{id}/theme', tags: ['clients'], summary: 'Theme of the client card' })
    .input(z.object({ id: ref, theme: z.enum(THEMES).nullable() }))
    .output(client),
  assets: nestedList('/clients/{id}/assets', 'Assets of a client', asset, assetFilters.omit({ client_id: true }), 'base.read'),
  addAsset: nestedCreate('/clients/{id}/assets', 'Add an asset to a client', asset, assetBody, 'base.write'),
  contracts: nestedList('/clients/{id}/contracts', 'Contracts of a client', contractRow, contractFilters.omit({ client_id: true }), 'base.read'),
  addContract: nestedCreate('/clients/{id}/contracts', 'Add a service contract to a client', contractRow, contractBody, 'base.write'),
  notes: nestedList('/clients/{id}/notes', 'Notes about a client', note, noteFilters.pick(paging), 'base.read'),
  addNote: nestedCreate('/clients/{id}/notes', 'Add a note about a client', note, noteBody, 'notes.write'),
  tickets: nestedList('/clients/{id}/tickets', 'Tickets of a client', ticket, ticketFilters.omit({ client_id: true }), 'work.read'),
  tasks: nestedList('/clients/{id}/tasks', 'Tasks of a client', task, taskFilters.omit({ client_id: true }), 'work.read'),
  addTask: nestedCreate('/clients/{id}/tasks', 'Create a task for a client', task, taskBody, 'work.write'),
  appointments: nestedList('/clients/{id}/appointments', 'Appointments of a client', appointment, appointmentFilters.omit({ client_id: true }), 'work.read'),
  addAppointment: nestedCreate('/clients/{id}/appointments', 'Plan an appointment with a client', appointment, appointmentBody, 'work.write'),
  history: query('base.read')
    .route({ method: 'GET', path: '/clients/{id}/history', tags: ['clients'], summary: 'What happened to a client and to everything below it' })
    .input(z.object({ id: ref, limit: listInput.limit, cursor: listInput.cursor }))
    .output(historyPage),
};
