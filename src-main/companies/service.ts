import type { z } from 'zod';
import { uniqueWords } from '../../src-shared/kernel/unique-words.ts';
import type { Company, companyFilters } from '../../src-shared/companies/model.ts';
import { invalid } from '../../src-shared/kernel/errors.ts';
import { checkInn, checkKpp, checkOgrn, type IdCheck } from '../../src-shared/kernel/tax-ids.ts';
import { equals } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import type { Session } from '../core/session.ts';

type Filters = z.infer<typeof companyFilters>;

const CHECKS: [field: string, check: (raw: string) => IdCheck<string>][] = [
  ['inn', checkInn],
  ['kpp', checkKpp],
  ['ogrn', checkOgrn],
];

/** A number of the wrong form is refused; a checksum that does not fit is the form's warning only, since real registers hold such. */
function checkTaxIds(values: Record<string, unknown>): void {
  for (const [field, check] of CHECKS) {
    const given = values[field];
    if (typeof given !== 'string') continue;
    const result = check(given);
    if (!result.ok && !result.why.endsWith('_checksum')) throw invalid(field, result.why);
    values[field] = result.value;
  }
}

/** Texts lose the blanks around them and are null when nothing is left. */
function trimTexts(values: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(values)) if (typeof value === 'string') values[field] = value.trim() || null;
}

/** Companies of the base. Writing refuses with INVALID and the field: an empty name, an INN, KPP or OGRN of the wrong form. */
export const companies = createCrud<Company, Filters>('companies', {
  conditions: (filters, resolve) => [
    ...equals('responsible_id', filters.responsible_id === undefined ? undefined : resolve('users', filters.responsible_id, 'responsible_id')),
    ...equals('branch_id', filters.branch_id === undefined ? undefined : resolve('branches', filters.branch_id, 'branch_id')),
    ...equals('inn', filters.inn ? checkInn(filters.inn).value : undefined),
    ...(filters.activity_field ? [{ sql: 'EXISTS (SELECT 1 FROM json_each(t.activity_fields) WHERE value = ?)', params: [filters.activity_field] }] : []),
  ],
  prepare: (_tx, values) => {
    trimTexts(values);
    if (values['name'] === null) throw invalid('name', 'required');
    checkTaxIds(values);
    if (values['activity_fields'] !== undefined) values['activity_fields'] = uniqueWords((values['activity_fields'] as string[] | null) ?? []);
  },
});

const ACTIVITY_FIELDS = 'SELECT f.value AS name, count(DISTINCT c.rid) AS count FROM companies c, json_each(c.activity_fields) f WHERE c.deleted_at IS NULL GROUP BY f.value ORDER BY count DESC, name';

/** Fields of activity in use, the commonest first; counted beside the writer. */
export function activityFields(session: Session): Promise<{ name: string; count: number }[]> {
  return session.readers.all(session.store.file, ACTIVITY_FIELDS, []);
}
