import type { z } from 'zod';
import { type Contract, type contractFilters } from '../../src-shared/contracts/model.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { equals } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';

type Filters = z.infer<typeof contractFilters>;

export const contracts = createCrud<Contract, Filters>('contracts', {
  conditions: (filters, resolve, calendar) => [
    ...equals('client_id', filters.client_id === undefined ? undefined : resolve('clients', filters.client_id, 'client_id')),
    ...equals('support_level', filters.support_level),
    ...(filters.active_on ? [{ sql: 't.start_date <= ? AND (t.end_date IS NULL OR t.end_date >= ?)', params: [filters.active_on, filters.active_on] }] : []),
    ...(filters.expiring_before ? [{ sql: 't.end_date BETWEEN ? AND ?', params: [calendar().today, filters.expiring_before] }] : []),
  ],
  prepare: (_tx, values, before) => {
    const start = (values['start_date'] ?? before?.['start_date']) as string | null;
    const end = values['end_date'] === undefined ? before?.['end_date'] : values['end_date'];
    if (start && typeof end === 'string' && end < start) throw invalid('end_date', 'end_before_start');
  },
});
