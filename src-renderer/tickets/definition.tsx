import { Group, Stack, Text } from '@mantine/core';
import { IconCalendarPlus, IconChecklist, IconLayoutKanban } from '@tabler/icons-react';
import i18next from 'i18next';
import { ticketInput, OPEN_TICKET_STATUSES, PRIORITIES, TICKET_STATUSES, type Ticket } from '../../src-shared/tickets/model.ts';
import { client } from '../app/client.ts';
import { go } from '../app/navigation.ts';
import { ifMatch } from '../kit/conditional.ts';
import type { EntityPageDefinition } from '../kit/definition.ts';
import { No, numberText } from '../kit/No.tsx';
import { Due, Status, When } from '../kit/Shown.tsx';
import { Board } from './Board.tsx';
import { TicketCard } from './TicketCard.tsx';
import { ticketWriting } from './writing.ts';

const done = (ticket: Ticket): boolean => ticket.status === 'resolved' || ticket.status === 'closed';

export const ticketsDefinition: EntityPageDefinition<Ticket> = {
  ...ticketWriting,
  messages: 'tickets',
  list: (input) => client.tickets.list(input),
  get: (id) => client.tickets.get({ id }),
  create: (values) => client.tickets.create(values as Parameters<typeof client.tickets.create>[0]),
  remove: (id) => client.tickets.delete({ id }),
  title: (ticket) => ticket.subject,
  defaultSort: '-created_at',
  columns: [
    { key: 'subject', header: 'tickets:fields.subject', render: (ticket) => ticket.subject },
    { key: 'no', header: 'tickets:fields.no', width: 76, sort: 'no', render: (ticket) => <No row={ticket} /> },
    { key: 'status', header: 'tickets:fields.status', width: 124, render: (ticket) => <Status of="tickets" value={ticket.status} /> },
    { key: 'priority', header: 'tickets:fields.priority', width: 116, sort: 'priority', render: (ticket) => <Status of="tickets" value={ticket.priority} /> },
    { key: 'client', header: 'tickets:fields.client_id', width: 176, render: (ticket) => ticket.client_name },
    { key: 'assigned', header: 'tickets:fields.assigned_to', width: 144, render: (ticket) => ticket.assigned_to_name },
    { key: 'due', header: 'tickets:fields.due_date', width: 168, sort: 'due_date', render: (ticket) => <Due value={ticket.due_date} done={done(ticket)} /> },
    { key: 'created', header: 'tickets:fields.created_at', width: 112, sort: 'created_at', render: (ticket) => <When value={ticket.created_at} /> },
    { key: 'updated', header: 'tickets:fields.updated_at', width: 120, sort: 'updated_at', optional: true, render: (ticket) => <When value={ticket.updated_at} /> },
  ],
  compact: (ticket) => ({ title: ticket.subject, line: <Group gap={6} wrap="nowrap"><Text span size="xs" truncate>{[numberText(ticket), ticket.client_name, ticket.assigned_to_name].filter(Boolean).join(' · ')}</Text></Group>, badge: <Status of="tickets" value={ticket.status} /> }),
  filters: [
    { name: 'status', label: 'tickets:fields.status', kind: 'select', multiple: true, options: TICKET_STATUSES, labels: 'tickets:enums' },
    { name: 'priority', label: 'tickets:fields.priority', kind: 'select', multiple: true, options: PRIORITIES, labels: 'tickets:enums' },
    { name: 'assigned_to', label: 'tickets:fields.assigned_to', kind: 'ref', to: 'users' },
    { name: 'client_id', label: 'tickets:fields.client_id', kind: 'ref', to: 'clients' },
    { name: 'overdue', label: 'tickets:overdue', kind: 'flag' },
    { name: 'from', label: 'tickets:from', kind: 'date' },
    { name: 'to', label: 'tickets:to', kind: 'date' },
  ],
  presets: [
    { label: 'tickets:presets.open', values: { status: [...OPEN_TICKET_STATUSES] } },
    { label: 'tickets:presets.unassigned', values: { assigned_to: 'none', status: [...OPEN_TICKET_STATUSES] } },
    { label: 'tickets:presets.overdue', values: { overdue: true } },
  ],
  schema: ticketInput,
  fields: [
    { name: 'client_id', label: 'tickets:fields.client_id', kind: 'ref', to: 'clients', required: true },
    { name: 'subject', label: 'tickets:fields.subject', kind: 'text', required: true },
    { name: 'description', label: 'tickets:fields.description', kind: 'textarea' },
    { name: 'priority', label: 'tickets:fields.priority', kind: 'select', options: PRIORITIES, labels: 'tickets:enums', required: true },
    { name: 'status', label: 'tickets:fields.status', kind: 'select', options: TICKET_STATUSES, labels: 'tickets:enums', required: true },
    { name: 'assigned_to', label: 'tickets:fields.assigned_to', kind: 'ref', to: 'users' },
    { name: 'due_date', label: 'tickets:fields.due_date', kind: 'datetime' },
    { name: 'asset_id', label: 'tickets:fields.asset_id', kind: 'ref', to: 'assets', within: (values) => (values['client_id'] ? { client_id: values['client_id'] } : {}) },
    { name: 'contract_id', label: 'tickets:fields.contract_id', kind: 'ref', to: 'contracts', within: (values) => (values['client_id'] ? { client_id: values['client_id'] } : {}) },
  ],
  initial: () => ({ priority: 'medium', status: 'open' }),
  card: ({ row }) => <TicketCard ticket={row} />,
  actions: (ticket) => [
    ...TICKET_STATUSES.filter((status) => status !== ticket.status).map((status) => ({
      key: status,
      label: i18next.t('tickets:set_status', { status: i18next.t(`tickets:enums.${status}`) }),
      run: async () => void (await client.tickets.update({ id: ticket.id, status }, ifMatch(ticket.version))),
    })),
    { key: 'plan', label: 'tickets:plan', icon: <IconCalendarPlus size={15} />, run: () => go(`/appointments/new?${new URLSearchParams({ client_id: ticket.client_id ?? '', client_name: ticket.client_name ?? '', ticket_id: ticket.id, ticket_name: ticket.subject, title: ticket.subject })}`) },
    { key: 'task', label: 'tickets:add_task', icon: <IconChecklist size={15} />, run: () => go(`/tasks/new?${new URLSearchParams({ client_id: ticket.client_id ?? '', client_name: ticket.client_name ?? '', ticket_id: ticket.id, ticket_name: ticket.subject })}`) },
  ],
  views: [{ key: 'board', label: 'tickets:board', icon: <IconLayoutKanban size={16} />, render: (input) => <Stack h="100%" gap={0}><Board input={input} /></Stack> }],
};
