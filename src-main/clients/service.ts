import type { z } from 'zod';
import type { Client, clientFilters } from '../../src-shared/clients/model.ts';
import { equals, oneOf } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';

type Filters = z.infer<typeof clientFilters>;

/** Clients; a company from the base replaces its free-text name. */
export const clients = createCrud<Client, Filters>('clients', {
  conditions: (filters, resolve) => [
    ...oneOf('kind', filters.kind),
    ...equals('company_id', filters.company_id === undefined ? undefined : resolve('companies', filters.company_id, 'company_id')),
    ...equals('responsible_id', filters.responsible_id === undefined ? undefined : resolve('users', filters.responsible_id, 'responsible_id')),
  ],
  prepare: (_tx, values, before) => {
    if (!before) values['kind'] ??= 'organization';
    if (values['company_id']) values['company_name'] = null;
  },
});
