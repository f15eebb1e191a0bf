import { Stack } from '@mantine/core';
import i18next from 'i18next';
import { contactInput, type Contact } from '../../src-shared/contacts/model.ts';
import { client } from '../app/client.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { EntityPageDefinition } from '../kit/definition.ts';
import { formatPhone } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { CardTabs } from '../kit/Sections.tsx';
import { Email, Fact, morePhones, Phone, RefLink, When } from '../kit/Shown.tsx';

export const contactsDefinition: EntityPageDefinition<Contact> = {
  feature: 'contacts',
  messages: 'contacts',
  list: (input) => client.contacts.list(input),
  get: (id) => client.contacts.get({ id }),
  create: (values) => client.contacts.create(values as Parameters<typeof client.contacts.create>[0]),
  update: (id, values, version) => client.contacts.update({ ...values, id }, ifMatch(version)),
  remove: (id) => client.contacts.delete({ id }),
  title: (contact) => contact.full_name,
  defaultSort: 'full_name',
  columns: [
    { key: 'name', header: 'contacts:fields.full_name', sort: 'full_name', render: (contact) => contact.full_name },
    { key: 'position', header: 'contacts:fields.position', width: 180, render: (contact) => contact.position },
    { key: 'phone', header: 'contacts:fields.phone', width: 170, render: (contact) => formatPhone(contact.phone) },
    { key: 'email', header: 'contacts:fields.email', width: 210, render: (contact) => contact.email },
    { key: 'client', header: 'contacts:fields.client_id', width: 200, render: (contact) => contact.client_name },
    { key: 'company', header: 'contacts:fields.company_id', width: 200, render: (contact) => contact.company_name },
    { key: 'updated', header: 'contacts:fields.updated_at', width: 120, sort: 'updated_at', optional: true, render: (contact) => <When value={contact.updated_at} /> },
  ],
  compact: (contact) => ({ title: contact.full_name, line: [contact.position, contact.company_name ?? contact.client_name, formatPhone(contact.phone)].filter(Boolean).join(' · ') }),
  filters: [
    { name: 'client_id', label: 'contacts:fields.client_id', kind: 'ref', to: 'clients' },
    { name: 'company_id', label: 'contacts:fields.company_id', kind: 'ref', to: 'companies' },
  ],
  schema: contactInput,
  fields: [
    { name: 'full_name', label: 'contacts:fields.full_name', kind: 'text', required: true },
    { name: 'position', label: 'contacts:fields.position', kind: 'text' },
    { name: 'client_id', label: 'contacts:fields.client_id', kind: 'ref', to: 'clients' },
    { name: 'company_id', label: 'contacts:fields.company_id', kind: 'ref', to: 'companies' },
    { name: 'phone', label: 'contacts:fields.phone', kind: 'text' },
    { name: 'phones', label: 'contacts:fields.phones', kind: 'phones' },
    { name: 'email', label: 'contacts:fields.email', kind: 'email' },
    { name: 'comment', label: 'contacts:fields.comment', kind: 'textarea' },
  ],
  card: ({ row }) => (
    <CardTabs
      tabs={[
        {
          key: 'facts',
          label: i18next.t('app:card.facts'),
          render: () => (
            <Stack gap={6}>
              <Fact field="position" label={i18next.t('contacts:fields.position')}>{row.position}</Fact>
              <Fact field="phone" label={i18next.t('contacts:fields.phone')}>{row.phone && <Phone value={row.phone} />}</Fact>
              <Fact field="phones" label={i18next.t('contacts:fields.phones')}>{morePhones(row).length > 0 && morePhones(row).map((phone) => <div key={phone}><Phone value={phone} /></div>)}</Fact>
              <Fact field="email" label={i18next.t('contacts:fields.email')}>{row.email && <Email value={row.email} />}</Fact>
              <Fact field="client_id" label={i18next.t('contacts:fields.client_id')}>{row.client_id && <RefLink to="clients" id={row.client_id}>{row.client_name}</RefLink>}</Fact>
              <Fact field="company_id" label={i18next.t('contacts:fields.company_id')}>{row.company_id && <RefLink to="companies" id={row.company_id}>{row.company_name}</RefLink>}</Fact>
              <Fact field="comment" label={i18next.t('contacts:fields.comment')}>{row.comment}</Fact>
            </Stack>
          ),
        },
        { key: 'history', label: i18next.t('app:card.history'), render: () => <History queryKey={['contacts', row.id]} load={(cursor) => client.audit.row({ entity: 'contacts', id: row.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
      ]}
    />
  ),
};
