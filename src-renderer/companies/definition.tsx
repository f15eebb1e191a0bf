import { IconGitMerge } from '@tabler/icons-react';
import { companyInput, type Company } from '../../src-shared/companies/model.ts';
import { client } from '../app/client.ts';
import { go } from '../app/navigation.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { EntityPageDefinition, Field } from '../kit/definition.ts';
import { formatPhone } from '../kit/formats.ts';
import { When } from '../kit/Shown.tsx';
import { ActivityFields } from './ActivityFields.tsx';
import { CompanyCard } from './CompanyCard.tsx';
import { Duplicates } from './Duplicates.tsx';
import { TaxId } from './TaxId.tsx';

const text = (name: string): string => `companies:fields.${name}`;
const taxId = (name: 'inn' | 'kpp' | 'ogrn'): Field => ({ name, label: text(name), kind: 'custom', custom: ({ values, set, error }) => <TaxId name={name} value={(values[name] as string | null) ?? ''} onChange={(next) => set(name, next)} error={error} /> });

export const companiesDefinition: EntityPageDefinition<Company> = {
  feature: 'companies',
  messages: 'companies',
  list: (input) => client.companies.list(input),
  get: (id) => client.companies.get({ id }),
  create: (values) => client.companies.create(values as Parameters<typeof client.companies.create>[0]),
  update: (id, values, version) => client.companies.update({ ...values, id }, ifMatch(version)),
  remove: (id) => client.companies.delete({ id }),
  title: (company) => company.name,
  defaultSort: 'name',
  columns: [
    { key: 'name', header: text('name'), sort: 'name', render: (company) => company.name },
    { key: 'inn', header: text('inn'), width: 130, render: (company) => company.inn },
    { key: 'kpp', header: text('kpp'), width: 110, optional: true, render: (company) => company.kpp },
    { key: 'phone', header: text('phone'), width: 170, render: (company) => formatPhone(company.phone) },
    { key: 'address', header: text('address'), width: 240, render: (company) => company.address },
    { key: 'fields', header: text('activity_fields'), width: 200, render: (company) => company.activity_fields.join(', ') },
    { key: 'responsible', header: text('responsible_id'), width: 160, render: (company) => company.responsible_name },
    { key: 'updated', header: text('updated_at'), width: 120, sort: 'updated_at', optional: true, render: (company) => <When value={company.updated_at} /> },
  ],
  compact: (company) => ({ title: company.name, line: [company.inn, company.address].filter(Boolean).join(' · ') || '—' }),
  filters: [
    { name: 'responsible_id', label: text('responsible_id'), kind: 'ref', to: 'users' },
    { name: 'branch_id', label: text('branch_id'), kind: 'ref', to: 'branches' },
  ],
  schema: companyInput,
  fields: [
    { name: 'name', label: text('name'), kind: 'text', required: true },
    taxId('inn'),
    taxId('kpp'),
    taxId('ogrn'),
    { name: 'duplicates', label: 'companies:duplicates', kind: 'custom', custom: ({ values }) => <Duplicates values={values} /> },
    { name: 'legal_name', label: text('legal_name'), kind: 'text' },
    { name: 'address', label: text('address'), kind: 'text' },
    { name: 'phone', label: text('phone'), kind: 'text' },
    { name: 'email', label: text('email'), kind: 'email' },
    { name: 'website', label: text('website'), kind: 'text' },
    { name: 'activity_fields', label: text('activity_fields'), kind: 'custom', custom: ({ values, set }) => <ActivityFields value={(values['activity_fields'] as string[] | undefined) ?? []} onChange={(next) => set('activity_fields', next)} /> },
    { name: 'branch_id', label: text('branch_id'), kind: 'ref', to: 'branches' },
    { name: 'responsible_id', label: text('responsible_id'), kind: 'ref', to: 'users' },
    { name: 'comment', label: text('comment'), kind: 'textarea' },
  ],
  actions: (company) => [{ key: 'merge', label: 'companies:merge', icon: <IconGitMerge size={15} />, run: () => go(`/companies/${company.no ?? company.id}?merge=1`) }],
  card: ({ row }) => <CompanyCard company={row} />,
};
