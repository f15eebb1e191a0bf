import { crud } from '../kernel/crud.ts';
import { contact, contactFilters, contactInput } from './model.ts';

export const contactsContract = crud({ path: '/contacts', title: 'Contacts', row: contact, create: contactInput, filters: contactFilters, read: 'base.read', write: 'base.write', remove: 'base.delete' });
