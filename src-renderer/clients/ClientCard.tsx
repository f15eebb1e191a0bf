import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Client, ClientOverview } from '../../src-shared/clients/model.ts';
import { client as core } from '../app/client.ts';
import { formatDate, formatMoment, formatNumber, formatPhone } from '../kit/formats.ts';
import { History } from '../kit/History.tsx';
import { cardLink } from '../kit/links.ts';
import { numberText } from '../kit/No.tsx';
import { Notes } from '../kit/Notes.tsx';
import { CardTabs, Figures, LineLink, Section } from '../kit/Sections.tsx';
import { Due, Email, Fact, morePhones, Phone, RefLink, Status } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { namespaceOf } from '../kit/valueText.ts';
import { RemoteAccess } from '../remote-access/index.ts';
import { CardTheme } from './CardTheme.tsx';

/** Who is this, what do they have, what did we promise, what happened. */
export function ClientCard({ client }: { client: Client }) {
  const { t } = useTranslation();
  const overview = useQuery({ queryKey: [['clients', 'overview'], client.id, client.version], queryFn: () => core.clients.overview({ id: client.id }) });
  const metrics = overview.data?.metrics;
  const whole = (render: (data: ClientOverview) => React.ReactNode) => () => {
    if (overview.isError) return <ErrorState error={overview.error} retry={() => void overview.refetch()} />;
    return overview.data ? render(overview.data) : <Loading rows={6} />;
  };
  return (
    <CardTheme theme={client.theme}>
      <CardTabs
        tabs={[
          { key: 'overview', label: t('clients:tabs.overview'), render: whole((data) => <Overview data={data} />) },
          { key: 'tickets', label: t('clients:tabs.tickets'), count: metrics?.tickets, render: whole((data) => <Tickets data={data} />) },
          { key: 'tasks', label: t('clients:tabs.tasks'), count: metrics?.pending_tasks, render: whole((data) => <Tasks data={data} />) },
          { key: 'appointments', label: t('clients:tabs.appointments'), count: metrics?.appointments, render: whole((data) => <Appointments data={data} />) },
          { key: 'assets', label: t('clients:tabs.assets'), count: metrics?.assets, render: whole((data) => <Assets data={data} />) },
          { key: 'remote', label: t('remote-access:title'), render: () => <RemoteAccess clientId={client.id} /> },
          { key: 'contracts', label: t('clients:tabs.contracts'), count: metrics?.contracts, render: whole((data) => <Contracts data={data} />) },
          { key: 'articles', label: t('clients:tabs.articles'), count: metrics?.articles, render: whole((data) => <Articles data={data} />) },
          { key: 'contacts', label: t('clients:tabs.contacts'), render: () => <Contacts client={client} /> },
          { key: 'notes', label: t('clients:tabs.notes'), count: metrics?.notes, render: () => <Notes owner="client_id" id={client.id} /> },
          { key: 'history', label: t('clients:tabs.history'), render: () => <History named queryKey={['client', client.id]} load={(cursor) => core.clients.history({ id: client.id, limit: 30, ...(cursor ? { cursor } : {}) })} /> },
        ]}
      />
    </CardTheme>
  );
}

function Add({ feature, client }: { feature: string; client: Pick<Client, 'id' | 'name'> }) {
  const { t } = useTranslation();
  return (
    <Button size="compact-sm" variant="light" component={Link} to={`/${feature}/new?${new URLSearchParams({ client_id: client.id, client_name: client.name })}`} leftSection={<IconPlus size={14} aria-hidden />} className="no-print">
      {t(`${namespaceOf(feature)}:new`)}
    </Button>
  );
}

function Empty() {
  const { t } = useTranslation();
  return (
    <Text size="sm" c="dimmed">
      {t('clients:none')}
    </Text>
  );
}

function Overview({ data }: { data: ClientOverview }) {
  const { t } = useTranslation();
  const { client, metrics, next_appointment: next } = data;
  const list = (feature: string, extra = ''): string => `/${feature}?client_id=${client.no ?? client.id}${extra}`;
  return (
    <Stack gap="md">
      <Figures
        cols={{ base: 2, sm: 3 }}
        figures={[
          { label: t('clients:metrics.open_tickets'), value: formatNumber(metrics.open_tickets), to: list('tickets', '&status=open,in_progress,waiting') },
          { label: t('clients:metrics.overdue_tickets'), value: formatNumber(metrics.overdue_tickets + metrics.overdue_tasks), alarm: metrics.overdue_tickets + metrics.overdue_tasks > 0, to: list('tickets', '&overdue=true') },
          { label: t('clients:metrics.pending_tasks'), value: formatNumber(metrics.pending_tasks), to: list('tasks', '&status=pending,in_progress') },
          { label: t('clients:metrics.assets'), value: formatNumber(metrics.assets), to: list('assets') },
          { label: t('clients:metrics.active_contracts'), value: formatNumber(metrics.active_contracts), to: list('contracts') },
          { label: t('clients:metrics.upcoming_appointments'), value: formatNumber(metrics.upcoming_appointments), to: list('appointments', '&status=scheduled') },
        ]}
      />
      <Stack gap={6}>
        <Fact field="phone" label={t('clients:fields.phone')}>{client.phone && <Phone value={client.phone} />}</Fact>
        <Fact field="phones" label={t('clients:fields.phones')}>{morePhones(client).length > 0 && morePhones(client).map((phone) => <div key={phone}><Phone value={phone} /></div>)}</Fact>
        <Fact field="email" label={t('clients:fields.email')}>{client.email && <Email value={client.email} />}</Fact>
        <Fact field="address" label={t('clients:fields.address')}>{client.address}</Fact>
        <Fact field="company_id" label={t('clients:fields.company_id')}>{client.company_id ? <RefLink to="companies" id={client.company_id}>{client.company_name}</RefLink> : client.company_name}</Fact>
        <Fact field="responsible_id" label={t('clients:fields.responsible_id')}>{client.responsible_name}</Fact>
        <Fact field="comment" label={t('clients:fields.comment')}>{client.comment}</Fact>
      </Stack>
      <Section title={t('clients:next_appointment')} action={<Add feature="appointments" client={client} />}>
        {next ? (
          <LineLink to={cardLink('appointments', next)} title={next.title} below={[formatMoment(next.starts_at), next.assigned_to_name].filter(Boolean).join(' · ')} end={<Status of="appointments" value={next.status} />} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('clients:no_appointment')}
          </Text>
        )}
      </Section>
      <Section title={t('clients:latest_tickets')} action={<Add feature="tickets" client={client} />}>
        <TicketLines data={data} limit={5} />
      </Section>
    </Stack>
  );
}

function TicketLines({ data, limit }: { data: ClientOverview; limit: number }) {
  if (data.tickets.length === 0) return <Empty />;
  return (
    <div>
      {data.tickets.slice(0, limit).map((ticket) => (
        <LineLink key={ticket.id} to={cardLink('tickets', ticket)} title={ticket.subject} below={[numberText(ticket), ticket.assigned_to_name].filter(Boolean).join(' · ')} end={<><Due value={ticket.due_date} done={ticket.status === 'resolved' || ticket.status === 'closed'} /><Status of="tickets" value={ticket.status} /></>} />
      ))}
    </div>
  );
}

function More({ feature, data }: { feature: string; data: ClientOverview }) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between">
      <Button size="compact-sm" variant="subtle" component={Link} to={`/${feature}?client_id=${data.client.no ?? data.client.id}`}>
        {t('app:list.more')}
      </Button>
      <Add feature={feature} client={data.client} />
    </Group>
  );
}

function Tickets({ data }: { data: ClientOverview }) {
  return (
    <Stack>
      <TicketLines data={data} limit={10} />
      <More feature="tickets" data={data} />
    </Stack>
  );
}

function Tasks({ data }: { data: ClientOverview }) {
  return (
    <Stack>
      <div>
        {data.tasks.map((task) => (
          <LineLink key={task.id} to={cardLink('tasks', task)} title={task.title} below={task.assigned_to_name} end={<><Due value={task.due_date} done={task.status === 'completed'} /><Status of="tasks" value={task.status} /></>} />
        ))}
        {data.tasks.length === 0 && <Empty />}
      </div>
      <More feature="tasks" data={data} />
    </Stack>
  );
}

function Appointments({ data }: { data: ClientOverview }) {
  return (
    <Stack>
      <div>
        {data.appointments.map((one) => (
          <LineLink key={one.id} to={cardLink('appointments', one)} title={one.title} below={[formatMoment(one.starts_at), one.assigned_to_name].filter(Boolean).join(' · ')} end={<Status of="appointments" value={one.status} />} />
        ))}
        {data.appointments.length === 0 && <Empty />}
      </div>
      <More feature="appointments" data={data} />
    </Stack>
  );
}

function Assets({ data }: { data: ClientOverview }) {
  return (
    <Stack>
      <div>
        {data.assets.map((asset) => (
          <LineLink key={asset.id} to={cardLink('assets', asset)} title={asset.name} below={[asset.type, asset.serial_number, asset.location].filter(Boolean).join(' · ')} end={<Status of="assets" value={asset.status} />} />
        ))}
        {data.assets.length === 0 && <Empty />}
      </div>
      <More feature="assets" data={data} />
    </Stack>
  );
}

function Contracts({ data }: { data: ClientOverview }) {
  return (
    <Stack>
      <div>
        {data.contracts.map((contract) => (
          <LineLink key={contract.id} to={cardLink('contracts', contract)} title={contract.title} below={contract.number} end={<Text size="sm">{[formatDate(contract.start_date), formatDate(contract.end_date)].filter(Boolean).join(' – ')}</Text>} />
        ))}
        {data.contracts.length === 0 && <Empty />}
      </div>
      <More feature="contracts" data={data} />
    </Stack>
  );
}

function Articles({ data }: { data: ClientOverview }) {
  return (
    <Stack>
      <div>
        {data.articles.map((article) => (
          <LineLink key={article.id} to={cardLink('articles', article)} title={article.title} below={article.tags.join(', ')} end={<Status of="knowledge" value={article.status} />} />
        ))}
        {data.articles.length === 0 && <Empty />}
      </div>
      <More feature="articles" data={data} />
    </Stack>
  );
}

function Contacts({ client }: { client: Client }) {
  const query = useQuery({ queryKey: [['contacts', 'list'], { client: client.id }], queryFn: () => core.contacts.list({ client_id: client.id, limit: 100 }) });
  return (
    <Stack>
      <div>
        {query.data?.items.map((contact) => <LineLink key={contact.id} to={cardLink('contacts', contact)} title={contact.full_name} below={contact.position} end={<Text size="sm">{formatPhone(contact.phone)}</Text>} />)}
        {query.data?.items.length === 0 && <Empty />}
      </div>
      <Group justify="flex-end">
        <Add feature="contacts" client={client} />
      </Group>
    </Stack>
  );
}
