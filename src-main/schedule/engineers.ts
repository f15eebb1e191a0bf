import type { z } from 'zod';
import { invalid } from '../../src-shared/kernel/errors.ts';
import type { Engineer, engineerFilters } from '../../src-shared/schedule/model.ts';
import { equals } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';

interface Lunch {
  lunch_from?: string | null;
  lunch_to?: string | null;
  lunch_minutes?: number | null;
}

/** Working days of engineers; one row a person. */
export const engineers = createCrud<Engineer, z.infer<typeof engineerFilters>>('engineers', {
  conditions: (filters, resolve) => equals('user_id', filters.user_id === undefined ? undefined : resolve('users', filters.user_id, 'user_id')),
  prepare: (tx, values, before) => {
    const userId = (values['user_id'] ?? before?.['user_id']) as string;
    const user = tx.get('users', userId);
    values['name'] = user?.['full_name'] ?? null;
    const twice = tx.db.get<{ id: string }>('SELECT id FROM engineers WHERE user_id = ? AND deleted_at IS NULL AND id <> ?', userId, before?.id ?? '');
    if (twice) throw invalid('user_id', 'engineer_twice');
    for (const shift of (values['shifts'] ?? []) as { from: string; to: string }[]) if (shift.from >= shift.to) throw invalid('shifts', 'shift_ends_first');
    for (const absence of (values['absences'] ?? []) as { from: string; to: string }[]) if (absence.to < absence.from) throw invalid('absences', 'absence_ends_first');
    const lunch = { ...before, ...values } as Lunch;
    if (lunch.lunch_minutes && (!lunch.lunch_from || !lunch.lunch_to)) throw invalid('lunch_from', 'lunch_without_times');
    if (lunch.lunch_from && lunch.lunch_to && lunch.lunch_from > lunch.lunch_to) throw invalid('lunch_to', 'shift_ends_first');
  },
});
