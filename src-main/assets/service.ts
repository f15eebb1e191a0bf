import type { z } from 'zod';
import type { Asset, assetFilters } from '../../src-shared/assets/model.ts';
import { equals, oneOf } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';

type Filters = z.infer<typeof assetFilters>;

export const assets = createCrud<Asset, Filters>('assets', {
  conditions: (filters, resolve) => [
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...oneOf('status', filters.status),
    ...equals('type', filters.type),
    ...(filters.warranty_before ? [{ sql: 't.warranty_until <= ?', params: [filters.warranty_before] }] : []),
  ],
  prepare: (_tx, values, before) => {
    if (!before) values['status'] ??= 'in_use';
  },
});
