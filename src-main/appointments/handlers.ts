import { listingOf, os, sessionOf } from '../core/os.ts';
import { appointments } from './service.ts';

export const appointmentsHandlers = {
  list: os.appointments.list.handler(({ input, context }) => appointments.list(listingOf(context), input)),
  create: os.appointments.create.handler(({ input, context }) => appointments.create(sessionOf(context), input)),
  get: os.appointments.get.handler(({ input, context }) => appointments.get(sessionOf(context), input.id)),
  update: os.appointments.update.handler(({ input: { id, ...patch }, context }) => appointments.update(sessionOf(context), id, patch)),
  delete: os.appointments.delete.handler(({ input, context }) => appointments.remove(sessionOf(context), input.id)),
};
