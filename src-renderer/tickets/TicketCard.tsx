import { Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { PRIORITIES, TICKET_STATUSES, type Ticket } from '../../src-shared/tickets/model.ts';
import { client } from '../app/client.ts';
import { Attachments, Counted } from '../attachments/index.ts';
import { formatMoment } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { cardLink } from '../kit/links.ts';
import { Notes } from '../kit/Notes.tsx';
import { RefPicker } from '../kit/RefPicker.tsx';
import { CardTabs, LineLink, Section } from '../kit/Sections.tsx';
import { Due, Fact, RefLink, Status } from '../kit/Shown.tsx';
import { RemoteAccess } from '../remote-access/index.ts';
import { useChange } from '../kit/useMutations.ts';
import { ticketWriting } from './writing.ts';

/** What is wrong, what was tried, what is next, how long is left. */
export function TicketCard({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const change = useChange(ticketWriting);
  const done = ticket.status === 'resolved' || ticket.status === 'closed';
  const option = (value: string): { value: string; label: string } => ({ value, label: t(`tickets:enums.${value}`) });
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end" wrap="wrap">
        <Select label={t('tickets:fields.status')} size="xs" w={150} data={TICKET_STATUSES.map(option)} value={ticket.status} allowDeselect={false} onChange={(status) => status && void change(ticket, { status })} />
        <Select label={t('tickets:fields.priority')} size="xs" w={130} data={PRIORITIES.map(option)} value={ticket.priority} allowDeselect={false} onChange={(priority) => priority && void change(ticket, { priority })} />
        <div style={{ width: 200 }}>
          <RefPicker to="users" label={t('tickets:fields.assigned_to')} value={ticket.assigned_to} name={ticket.assigned_to_name} onChange={(id, choice) => void change(ticket, { assigned_to: id, assigned_to_name: choice?.label ?? null })} />
        </div>
        <Group gap={6} pb={6}>
          <Due value={ticket.due_date} done={done} />
        </Group>
      </Group>
      <Stack gap={4}>
        <Fact field="client_id" label={t('tickets:fields.client_id')}>
          <RefLink to="clients" id={ticket.client_id}>
            {ticket.client_name}
          </RefLink>
        </Fact>
        <Fact field="asset_id" label={t('tickets:fields.asset_id')}>{ticket.asset_id && <RefLink to="assets" id={ticket.asset_id}>{ticket.asset_name}</RefLink>}</Fact>
        <Fact field="contract_id" label={t('tickets:fields.contract_id')}>{ticket.contract_id && <RefLink to="contracts" id={ticket.contract_id}>{ticket.contract_name}</RefLink>}</Fact>
        <Fact field="due_date" label={t('tickets:fields.due_date')}>{formatMoment(ticket.due_date)}</Fact>
        <Fact field="created_at" label={t('tickets:fields.created_at')}>{formatMoment(ticket.created_at)}</Fact>
        <Fact field="resolved_at" label={t('tickets:fields.resolved_at')}>{formatMoment(ticket.resolved_at)}</Fact>
        <Fact field="closed_at" label={t('tickets:fields.closed_at')}>{formatMoment(ticket.closed_at)}</Fact>
        <Fact field="source" label={t('tickets:fields.source')}>{ticket.source}</Fact>
      </Stack>
      {ticket.description && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {ticket.description}
        </Text>
      )}
      <Counted entity="tickets" id={ticket.id}>
        {(files) => (
          <CardTabs
            tabs={[
              { key: 'notes', label: t('app:card.notes'), render: () => <Notes owner="ticket_id" id={ticket.id} /> },
              { key: 'files', label: t('attachments:title'), count: files, render: () => <Attachments entity="tickets" id={ticket.id} /> },
              { key: 'next', label: t('clients:tabs.tasks'), render: () => <Next ticket={ticket} /> },
              { key: 'remote', label: t('remote-access:title'), render: () => ticket.client_id && <RemoteAccess clientId={ticket.client_id} ticketId={ticket.id} /> },
              { key: 'history', label: t('app:card.history'), render: () => <History queryKey={['tickets', ticket.id]} load={(cursor) => client.audit.row({ entity: 'tickets', id: ticket.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
            ]}
          />
        )}
      </Counted>
    </Stack>
  );
}

/** Tasks and appointments that belong to the ticket. */
function Next({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const tasks = useQuery({ queryKey: [['tasks', 'list'], { ticket: ticket.id }], queryFn: () => client.tasks.list({ ticket_id: ticket.id, limit: 50 }) });
  const appointments = useQuery({ queryKey: [['appointments', 'list'], { ticket: ticket.id }], queryFn: () => client.appointments.list({ ticket_id: ticket.id, limit: 50 }) });
  const nothing = tasks.data?.items.length === 0 && appointments.data?.items.length === 0;
  return (
    <Section title={t('app:pages.tasks')}>
      {tasks.data?.items.map((task) => <LineLink key={task.id} to={cardLink('tasks', task)} title={task.title} below={task.assigned_to_name} end={<><Due value={task.due_date} done={task.status === 'completed'} /><Status of="tasks" value={task.status} /></>} />)}
      {appointments.data?.items.map((one) => <LineLink key={one.id} to={cardLink('appointments', one)} title={one.title} below={one.assigned_to_name} end={<><Text size="sm">{formatMoment(one.starts_at)}</Text><Status of="appointments" value={one.status} /></>} />)}
      {nothing && (
        <Text size="sm" c="dimmed">
          {t('clients:none')}
        </Text>
      )}
    </Section>
  );
}
