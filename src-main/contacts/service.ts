import type { z } from 'zod';
import type { Contact, contactFilters } from '../../src-shared/contacts/model.ts';
import { equals } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';

type Filters = z.infer<typeof contactFilters>;

export const contacts = createCrud<Contact, Filters>('contacts', {
  conditions: (filters, resolve) => [
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...equals('company_id', filters.company_id === undefined ? undefined : resolve('companies', filters.company_id, 'company_id')),
  ],
});
