import { companyPolicy } from '../../src-shared/companies/rules.ts';
import { sortKey } from '../../src-shared/kernel/search-text.ts';
import type { EntityDefinition } from '../store/entity.ts';
import { writeCompanyKeys } from './keys.ts';
import { companies } from './tables.ts';

export const companyEntity: EntityDefinition = {
  name: 'companies',
  table: companies,
  label: 'name',
  texts: ['comment'],
  once: [['inn', 'kpp']],
  groups: { tax: ['inn', 'kpp'] },
  refs: { branch_id: 'branches', responsible_id: 'users' },
  sortBy: (row) => sortKey(String(row['name'])),
  search: (row) => [text(row['name']), text(row['legal_name']), text(row['inn']), text(row['kpp']), text(row['ogrn']), text(row['address']), text(row['phone']), text(row['email']), text(row['website']), (row['activity_fields'] as string[]).join(' '), text(row['comment'])],
  policy: companyPolicy,
  namedIn: [{ entity: 'clients', column: 'company_id' }],
  children: [{ entity: 'notes', column: 'company_id' }],
  derive: writeCompanyKeys,
};

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
