import { crud } from '../kernel/crud.ts';
import { appointment, appointmentFilters, appointmentInput } from './model.ts';

export const appointmentsContract = crud({ path: '/appointments', title: 'Appointments', row: appointment, create: appointmentInput, filters: appointmentFilters, read: 'work.read', write: 'work.write', remove: 'work.write' });
