import { Stack } from '@mantine/core';
import { IconTicket } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { assetInput, ASSET_STATUSES, type Asset } from '../../src-shared/assets/model.ts';
import { client } from '../app/client.ts';
import { Attachments, Counted } from '../attachments/index.ts';
import { go } from '../app/navigation.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { EntityPageDefinition } from '../kit/definition.ts';
import { formatDate } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { cardLink } from '../kit/links.ts';
import { CardTabs, LineLink } from '../kit/Sections.tsx';
import { Due, Fact, RefLink, Status } from '../kit/Shown.tsx';
import { RemoteAccess } from '../remote-access/index.ts';

function AssetTickets({ asset }: { asset: Asset }) {
  const query = useQuery({ queryKey: [['tickets', 'list'], { asset: asset.id }], queryFn: () => client.tickets.list({ asset_id: asset.id, limit: 50 }) });
  return <>{query.data?.items.map((ticket) => <LineLink key={ticket.id} to={cardLink('tickets', ticket)} title={ticket.subject} below={formatDate(ticket.created_at)} end={<Status of="tickets" value={ticket.status} />} />)}</>;
}

const text = (name: string): string => `assets:fields.${name}`;

export const assetsDefinition: EntityPageDefinition<Asset> = {
  feature: 'assets',
  messages: 'assets',
  list: (input) => client.assets.list(input),
  get: (id) => client.assets.get({ id }),
  create: (values) => client.assets.create(values as Parameters<typeof client.assets.create>[0]),
  update: (id, values, version) => client.assets.update({ ...values, id }, ifMatch(version)),
  remove: (id) => client.assets.delete({ id }),
  title: (asset) => asset.name,
  defaultSort: 'name',
  columns: [
    { key: 'name', header: text('name'), sort: 'name', render: (asset) => asset.name },
    { key: 'client', header: text('client_id'), width: 200, render: (asset) => asset.client_name },
    { key: 'type', header: text('type'), width: 130, render: (asset) => asset.type },
    { key: 'model', header: text('model'), width: 170, render: (asset) => [asset.vendor, asset.model].filter(Boolean).join(' ') },
    { key: 'serial', header: text('serial_number'), width: 150, render: (asset) => asset.serial_number },
    { key: 'status', header: text('status'), width: 140, render: (asset) => <Status of="assets" value={asset.status} /> },
    { key: 'warranty', header: text('warranty_until'), width: 160, sort: 'warranty_until', render: (asset) => <Due value={asset.warranty_until} /> },
    { key: 'location', header: text('location'), width: 180, optional: true, render: (asset) => asset.location },
    { key: 'inventory', header: text('inventory_number'), width: 150, optional: true, render: (asset) => asset.inventory_number },
  ],
  compact: (asset) => ({ title: asset.name, line: [asset.client_name, asset.serial_number].filter(Boolean).join(' · '), badge: <Status of="assets" value={asset.status} /> }),
  filters: [
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients' },
    { name: 'status', label: text('status'), kind: 'select', multiple: true, options: ASSET_STATUSES, labels: 'assets:enums' },
    { name: 'warranty_before', label: 'assets:warranty_before', kind: 'date' },
  ],
  schema: assetInput,
  fields: [
    { name: 'client_id', label: text('client_id'), kind: 'ref', to: 'clients', required: true },
    { name: 'name', label: text('name'), kind: 'text', required: true },
    { name: 'type', label: text('type'), kind: 'text' },
    { name: 'vendor', label: text('vendor'), kind: 'text' },
    { name: 'model', label: text('model'), kind: 'text' },
    { name: 'serial_number', label: text('serial_number'), kind: 'text' },
    { name: 'inventory_number', label: text('inventory_number'), kind: 'text' },
    { name: 'location', label: text('location'), kind: 'text' },
    { name: 'status', label: text('status'), kind: 'select', options: ASSET_STATUSES, labels: 'assets:enums', required: true },
    { name: 'purchased_on', label: text('purchased_on'), kind: 'date' },
    { name: 'warranty_until', label: text('warranty_until'), kind: 'date' },
    { name: 'comment', label: text('comment'), kind: 'textarea' },
  ],
  initial: () => ({ status: 'in_use' }),
  actions: (asset) => [
    { key: 'ticket', label: 'assets:new_ticket', icon: <IconTicket size={15} />, run: () => go(`/tickets/new?${new URLSearchParams({ client_id: asset.client_id ?? '', client_name: asset.client_name ?? '', asset_id: asset.id, asset_name: asset.name })}`) },
  ],
  card: ({ row }) => (
    <Counted entity="assets" id={row.id}>
      {(files) => (
        <CardTabs
          tabs={[
            {
              key: 'facts',
              label: i18next.t('app:card.facts'),
              render: () => (
                <Stack gap={6}>
                  <Fact field="client_id" label={i18next.t(text('client_id'))}>
                    <RefLink to="clients" id={row.client_id}>
                      {row.client_name}
                    </RefLink>
                  </Fact>
                  <Fact field="status" label={i18next.t(text('status'))}>
                    <Status of="assets" value={row.status} />
                  </Fact>
                  {(['type', 'vendor', 'model', 'serial_number', 'inventory_number', 'location'] as const).map((field) => (
                    <Fact key={field} field={field} label={i18next.t(text(field))}>
                      {row[field]}
                    </Fact>
                  ))}
                  <Fact field="purchased_on" label={i18next.t(text('purchased_on'))}>{formatDate(row.purchased_on)}</Fact>
                  <Fact field="warranty_until" label={i18next.t(text('warranty_until'))}>
                    {row.warranty_until && (
                      <>
                        {formatDate(row.warranty_until)} <Due value={row.warranty_until} />
                      </>
                    )}
                  </Fact>
                  <Fact field="comment" label={i18next.t(text('comment'))}>{row.comment}</Fact>
                </Stack>
              ),
            },
            { key: 'remote', label: i18next.t('remote-access:title'), render: () => row.client_id && <RemoteAccess clientId={row.client_id} assetId={row.id} /> },
            { key: 'tickets', label: i18next.t('app:pages.tickets'), render: () => <AssetTickets asset={row} /> },
            { key: 'files', label: i18next.t('attachments:title'), count: files, render: () => <Attachments entity="assets" id={row.id} /> },
            { key: 'history', label: i18next.t('app:card.history'), render: () => <History queryKey={['assets', row.id]} load={(cursor) => client.audit.row({ entity: 'assets', id: row.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
          ]}
        />
      )}
    </Counted>
  ),
};
