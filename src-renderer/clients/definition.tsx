import { IconCalendarPlus, IconDeviceDesktop, IconTicket } from '@tabler/icons-react';
import { clientInput, CLIENT_KINDS, THEMES, type Client } from '../../src-shared/clients/model.ts';
import { client as core } from '../app/client.ts';
import { go } from '../app/navigation.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { EntityPageDefinition } from '../kit/definition.ts';
import { formatPhone } from '../kit/formats.ts';
import { No } from '../kit/No.tsx';
import { When } from '../kit/Shown.tsx';
import { ClientCard } from './ClientCard.tsx';

const text = (name: string): string => `clients:fields.${name}`;
const about = (client: Client): string => new URLSearchParams({ client_id: client.id, client_name: client.name }).toString();

export const clientsDefinition: EntityPageDefinition<Client> = {
  feature: 'clients',
  messages: 'clients',
  list: (input) => core.clients.list(input),
  get: (id) => core.clients.get({ id }),
  create: (values) => core.clients.create(values as Parameters<typeof core.clients.create>[0]),
  update: (id, values, version) => core.clients.update({ ...values, id }, ifMatch(version)),
  remove: (id) => core.clients.delete({ id }),
  title: (client) => client.name,
  defaultSort: 'name',
  columns: [
    { key: 'name', header: text('name'), sort: 'name', render: (client) => client.name },
    { key: 'no', header: text('no'), width: 80, sort: 'no', render: (client) => <No row={client} /> },
    { key: 'phone', header: text('phone'), width: 170, render: (client) => formatPhone(client.phone) },
    { key: 'company', header: text('company_id'), width: 200, render: (client) => client.company_name },
    { key: 'address', header: text('address'), width: 240, render: (client) => client.address },
    { key: 'responsible', header: text('responsible_id'), width: 160, render: (client) => client.responsible_name },
    { key: 'email', header: text('email'), width: 200, optional: true, render: (client) => client.email },
    { key: 'updated', header: text('updated_at'), width: 120, sort: 'updated_at', optional: true, render: (client) => <When value={client.updated_at} /> },
  ],
  compact: (client) => ({ title: client.name, line: [formatPhone(client.phone), client.address].filter(Boolean).join(' · ') || '—' }),
  filters: [
    { name: 'responsible_id', label: text('responsible_id'), kind: 'ref', to: 'users' },
    { name: 'company_id', label: text('company_id'), kind: 'ref', to: 'companies' },
    { name: 'kind', label: text('kind'), kind: 'select', options: CLIENT_KINDS, labels: 'clients:enums' },
  ],
  schema: clientInput,
  fields: [
    { name: 'name', label: text('name'), kind: 'text', required: true },
    { name: 'kind', label: text('kind'), kind: 'select', options: CLIENT_KINDS, labels: 'clients:enums', required: true },
    { name: 'company_id', label: text('company_id'), kind: 'ref', to: 'companies', hidden: (values) => values['kind'] === 'person' },
    { name: 'phone', label: text('phone'), kind: 'text' },
    { name: 'phones', label: text('phones'), kind: 'phones' },
    { name: 'email', label: text('email'), kind: 'email' },
    { name: 'address', label: text('address'), kind: 'text' },
    { name: 'responsible_id', label: text('responsible_id'), kind: 'ref', to: 'users' },
    { name: 'theme', label: text('theme'), kind: 'select', options: THEMES, labels: 'clients:enums' },
    { name: 'comment', label: text('comment'), kind: 'textarea' },
  ],
  initial: () => ({ kind: 'organization' }),
  actions: (client) => [
    { key: 'ticket', label: 'tickets:new', icon: <IconTicket size={15} />, run: () => go(`/tickets/new?${about(client)}`) },
    { key: 'appointment', label: 'appointments:new', icon: <IconCalendarPlus size={15} />, run: () => go(`/appointments/new?${about(client)}`) },
    { key: 'asset', label: 'assets:new', icon: <IconDeviceDesktop size={15} />, run: () => go(`/assets/new?${about(client)}`) },
  ],
  card: ({ row }) => <ClientCard client={row} />,
};
