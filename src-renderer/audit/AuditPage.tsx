import { Button, Group, Select, Stack, Table, Tabs, Text, Title } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { ENTITIES, type Entity } from '../../src-shared/audit/model.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { formatMoment } from '../kit/formats.ts';
import { Fields, RowName } from '../kit/History.tsx';
import { RefPicker } from '../kit/RefPicker.tsx';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { StackedTable } from '../kit/StackedTable.tsx';
import { detailsOf } from './details.ts';

interface Props {
  from: string | null;
  to: string | null;
}

/** Who changed this, when, from what to what; and who tried to get in. */
export function AuditPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const set = (patch: Record<string, string | null>): void =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(patch)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const tab = params.get('tab') ?? 'changes';
  const period = { from: params.get('from'), to: params.get('to') };
  const date = (name: 'from' | 'to') => <DateInput size="xs" w={140} aria-label={t(`audit:${name}`)} placeholder={t(`audit:${name}`)} value={period[name]} onChange={(next) => set({ [name]: next ? String(next).slice(0, 10) : null })} valueFormat="DD.MM.YYYY" clearable />;
  return (
    <Stack p="md" gap="sm">
      <Title order={1}>{t('audit:title')}</Title>
      <Tabs value={tab} onChange={(next) => set({ tab: next === 'changes' ? null : next })}>
        <Tabs.List>
          <Tabs.Tab value="changes">{t('audit:changes')}</Tabs.Tab>
          <Tabs.Tab value="security">{t('audit:security')}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <Group gap="xs">
        {tab === 'changes' && (
          <>
            <Select size="xs" w={170} aria-label={t('audit:entity')} placeholder={t('audit:entity')} data={ENTITIES.map((value) => ({ value, label: t(`app:entities.${value}`) }))} value={params.get('entity')} onChange={(next) => set({ entity: next })} clearable />
            <div style={{ width: 220 }}>
              <RefPicker to="users" label={t('audit:actor')} hideLabel value={params.get('actor')} name={params.get('actor_name')} onChange={(id, choice) => set({ actor: id, actor_name: choice?.label ?? null })} />
            </div>
          </>
        )}
        {date('from')}
        {date('to')}
      </Group>
      {tab === 'changes' ? <Changes {...period} entity={params.get('entity') as Entity | null} actor={params.get('actor')} /> : <Security {...period} />}
    </Stack>
  );
}

function Changes({ from, to, entity, actor }: Props & { entity: Entity | null; actor: string | null }) {
  const { t } = useTranslation();
  const input = { limit: 100, ...(from ? { from } : {}), ...(to ? { to } : {}), ...(entity ? { entity: [entity] } : {}), ...(actor ? { actor_id: actor } : {}) };
  const query = useInfiniteQuery({ queryKey: [['audit', 'list'], input], queryFn: ({ pageParam }) => client.audit.list({ ...input, ...(pageParam ? { cursor: pageParam } : {}) }), initialPageParam: '', getNextPageParam: (last) => last.next_cursor ?? undefined });
  if (query.isPending) return <Loading rows={10} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const entries = query.data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <EmptyState title={t('audit:none.title')} hint={t('audit:none.hint')} />;
  const undo = (changeId: string): void =>
    void client.audit
      .undo({ change_id: changeId })
      .then(() => toastDone(t('app:undo.done')))
      .then(() => queryClient.invalidateQueries())
      .catch(toastError);
  return (
    <>
      <StackedTable aria-label={t('audit:changes')} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={170}>{t('audit:when')}</Table.Th>
            <Table.Th w={190}>{t('audit:who')}</Table.Th>
            <Table.Th>{t('audit:changes')}</Table.Th>
            <Table.Th w={140} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={`${entry.change_id}-${entry.entity}-${entry.row_id}-${entry.action}`} style={{ verticalAlign: 'top' }}>
              <Table.Td>{formatMoment(entry.at)}</Table.Td>
              <Table.Td>
                {entry.actor_name ?? t('app:history.system')}
                <Text size="xs" c="dimmed">
                  {t(`app:history.origins.${entry.origin}`)}
                </Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" component="div" td={entry.undone ? 'line-through' : undefined}>
                  {t(`app:history.actions.${entry.action}`)}: <RowName entry={entry} />
                </Text>
                {entry.action === 'update' && <Fields entry={entry} />}
              </Table.Td>
              <Table.Td>
                {!entry.undone && entry.action !== 'purge' && (
                  <Button size="compact-xs" variant="subtle" onClick={() => undo(entry.change_id)}>
                    {t('app:actions.undo')}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </StackedTable>
      <More query={query} />
    </>
  );
}

function Security({ from, to }: Props) {
  const { t } = useTranslation();
  const input = { limit: 100, ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const query = useInfiniteQuery({ queryKey: [['audit', 'security'], input], queryFn: ({ pageParam }) => client.audit.security({ ...input, ...(pageParam ? { cursor: pageParam } : {}) }), initialPageParam: '', getNextPageParam: (last) => last.next_cursor ?? undefined });
  if (query.isPending) return <Loading rows={10} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const events = query.data.pages.flatMap((page) => page.items);
  if (events.length === 0) return <EmptyState title={t('audit:none.title')} hint={t('audit:none.hint')} />;
  return (
    <>
      <StackedTable aria-label={t('audit:security')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('audit:when')}</Table.Th>
            <Table.Th>{t('audit:event')}</Table.Th>
            <Table.Th>{t('audit:who')}</Table.Th>
            <Table.Th>{t('audit:where')}</Table.Th>
            <Table.Th>{t('audit:details')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <Table.Tr key={event.id}>
              <Table.Td>{formatMoment(event.at)}</Table.Td>
              <Table.Td>{t(`audit:events.${event.type}`, { defaultValue: event.type })}</Table.Td>
              <Table.Td>{event.user_name}</Table.Td>
              <Table.Td>{event.address === 'local' ? t('audit:here') : event.address}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{detailsOf(t, event.details)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </StackedTable>
      <More query={query} />
    </>
  );
}

function More({ query }: { query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> } }) {
  const { t } = useTranslation();
  return query.hasNextPage ? (
    <Group>
      <Button size="xs" variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('app:list.more')}
      </Button>
    </Group>
  ) : null;
}
