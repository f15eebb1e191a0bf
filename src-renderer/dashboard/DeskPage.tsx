import { Badge, Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { DeskBucket, Overview } from '../../src-shared/dashboard/model.ts';
import { client } from '../app/client.ts';
import { useSession } from '../app/session.ts';
import { formatDate, formatMinutes, formatMoment, formatNumber } from '../kit/formats.ts';
import { cardLink } from '../kit/links.ts';
import { numberText } from '../kit/No.tsx';
import { RefPicker } from '../kit/RefPicker.tsx';
import { Figures, LineLink, Section } from '../kit/Sections.tsx';
import { Due, Status } from '../kit/Shown.tsx';
import { ErrorState, Loading } from '../kit/States.tsx';
import { OpenSessions } from '../remote-access/index.ts';

const BUCKETS = ['overdue', 'today', 'week', 'newly_assigned'] as const;

/** What must I do now, what is late, what has just landed on me. */
export function DeskPage() {
  const { t } = useTranslation();
  const me = useSession((session) => session.me?.user);
  const [params, setParams] = useSearchParams();
  const person = params.get('person');
  const desk = useQuery({ queryKey: [['dashboard', 'desk'], person], queryFn: () => client.dashboard.desk(person ? { user_id: person } : {}) });
  const overview = useQuery({ queryKey: [['dashboard', 'overview']], queryFn: () => client.dashboard.overview() });
  return (
    <Stack p="md" gap="lg" maw={1500}>
      <Group justify="space-between">
        <Title order={1}>{t('dashboard:hello')}</Title>
        <OpenSessions />
        <div style={{ width: 230 }}>
          <RefPicker to="users" label={t('dashboard:person')} hideLabel value={person ?? me?.id ?? null} name={params.get('person_name') ?? me?.full_name ?? null} onChange={(id, choice) => setParams(id && id !== me?.id ? { person: id, person_name: choice?.label ?? '' } : {})} />
        </div>
      </Group>
      {desk.isError ? (
        <ErrorState error={desk.error} retry={() => void desk.refetch()} />
      ) : desk.data ? (
        <SimpleGrid cols={{ base: 1, sm: 2, xl: 4 }} spacing="md">
          {BUCKETS.map((bucket) => (
            <Bucket key={bucket} name={bucket} bucket={desk.data[bucket]} count={desk.data.counts[bucket]} />
          ))}
        </SimpleGrid>
      ) : (
        <Loading rows={8} />
      )}
      {overview.data && <Load overview={overview.data} />}
      {overview.isError && <ErrorState error={overview.error} retry={() => void overview.refetch()} />}
    </Stack>
  );
}

function Bucket({ name, bucket, count }: { name: (typeof BUCKETS)[number]; bucket: DeskBucket; count: number }) {
  const { t } = useTranslation();
  const late = name === 'overdue';
  return (
    <Card withBorder padding="sm" radius="md" component="section" aria-label={t(`dashboard:${name}`)}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>{t(`dashboard:${name}`)}</Title>
        <Badge variant="light" color={late && count > 0 ? 'red' : 'gray'}>
          {formatNumber(count)}
        </Badge>
      </Group>
      {count === 0 && (
        <Text size="sm" c="dimmed">
          {t(`dashboard:nothing.${name}`)}
        </Text>
      )}
      {bucket.appointments.map((one) => (
        <LineLink key={one.id} to={cardLink('appointments', one)} title={one.title} below={[one.client_name, one.address].filter(Boolean).join(' · ')} end={<Text size="sm">{formatMoment(one.starts_at)}</Text>} />
      ))}
      {bucket.tickets.map((one) => (
        <LineLink key={one.id} to={cardLink('tickets', one)} title={one.subject} below={[numberText(one), one.client_name].filter(Boolean).join(' · ')} end={<><Due value={one.due_date} /><Status of="tickets" value={one.priority} /></>} />
      ))}
      {bucket.tasks.map((one) => (
        <LineLink key={one.id} to={cardLink('tasks', one)} title={one.title} below={one.client_name} end={<Due value={one.due_date} />} />
      ))}
    </Card>
  );
}

function Load({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const open = overview.tickets_by_status.open + overview.tickets_by_status.in_progress + overview.tickets_by_status.waiting;
  return (
    <>
      <Section title={t('dashboard:figures')}>
        <Figures
          figures={[
            { label: t('dashboard:open_tickets'), value: formatNumber(open), to: '/tickets?status=open,in_progress,waiting' },
            { label: t('dashboard:overdue_tickets'), value: formatNumber(overview.overdue_tickets), to: '/tickets?overdue=true', alarm: overview.overdue_tickets > 0 },
            { label: t('dashboard:unassigned_tickets'), value: formatNumber(overview.unassigned_tickets), to: '/tickets?assigned_to=none&status=open,in_progress,waiting' },
            { label: t('dashboard:tasks_pending'), value: formatNumber(overview.tasks_pending), to: '/tasks?status=pending,in_progress' },
            { label: t('dashboard:appointments_today'), value: formatNumber(overview.appointments_today), to: '/calendar?view=day' },
            { label: t('dashboard:clients'), value: formatNumber(overview.clients), to: '/clients' },
          ]}
        />
      </Section>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Section title={t('dashboard:load')}>
          <Table.ScrollContainer minWidth={420}>
            <Table verticalSpacing={6} aria-label={t('dashboard:load')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('dashboard:engineer')}</Table.Th>
                  <Table.Th ta="right">{t('dashboard:tickets')}</Table.Th>
                  <Table.Th ta="right">{t('dashboard:late')}</Table.Th>
                  <Table.Th ta="right">{t('dashboard:tasks')}</Table.Th>
                  <Table.Th ta="right">{t('dashboard:hours')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {overview.load.map((row) => (
                  <Table.Tr key={row.user_id}>
                    <Table.Td>{row.full_name}</Table.Td>
                    <Table.Td ta="right">{formatNumber(row.open_tickets)}</Table.Td>
                    <Table.Td ta="right" c={row.overdue_tickets > 0 ? 'var(--late)' : undefined}>
                      {formatNumber(row.overdue_tickets)}
                    </Table.Td>
                    <Table.Td ta="right">{formatNumber(row.open_tasks)}</Table.Td>
                    <Table.Td ta="right">{row.appointments_week > 0 ? `${row.appointments_week} (${formatMinutes(row.minutes_week)})` : '—'}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Section>
        {overview.expiring_contracts.length > 0 && (
          <Section title={t('dashboard:expiring')}>
            <div>
              {overview.expiring_contracts.map((contract) => (
                <LineLink key={contract.id} to={cardLink('contracts', contract)} title={contract.title} below={contract.client_name} end={<Text size="sm">{formatDate(contract.end_date)}</Text>} />
              ))}
            </div>
          </Section>
        )}
      </SimpleGrid>
    </>
  );
}
