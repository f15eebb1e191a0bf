import { Button, Group, Modal, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { ENTITIES, type Entity } from '../../src-shared/audit/model.ts';
import type { TrashItem } from '../../src-shared/trash/contract.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useMay } from '../app/session.ts';
import { numberText } from '../kit/No.tsx';
import { When } from '../kit/Shown.tsx';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { StackedTable } from '../kit/StackedTable.tsx';

/** What was deleted lies here until it is restored or deleted for good. */
export function TrashPage() {
  const { t } = useTranslation();
  const mayPurge = useMay('trash.purge');
  const [params, setParams] = useSearchParams();
  const [purging, setPurging] = useState<TrashItem | null>(null);
  const entity = params.get('entity') as Entity | null;
  const input = { limit: 100, ...(entity ? { entity: [entity] } : {}) };
  const query = useInfiniteQuery({ queryKey: [['trash', 'list'], input], queryFn: ({ pageParam }) => client.trash.list({ ...input, ...(pageParam ? { cursor: pageParam } : {}) }), initialPageParam: '', getNextPageParam: (last) => last.next_cursor ?? undefined });
  const restore = (item: TrashItem): void =>
    void client.trash
      .restore({ entity: item.entity, id: item.id })
      .then(() => toastDone(t('trash:restored', { title: item.title })))
      .then(() => queryClient.invalidateQueries())
      .catch(toastError);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack p="md" gap="sm">
      <Group justify="space-between">
        <Title order={1}>{t('trash:title')}</Title>
        <Select size="xs" w={180} aria-label={t('trash:entity')} placeholder={t('trash:entity')} data={ENTITIES.filter((one) => one !== 'organization').map((value) => ({ value, label: t(`app:entities.${value}`) }))} value={entity} onChange={(next) => setParams(next ? { entity: next } : {})} clearable />
      </Group>
      {query.isPending ? (
        <Loading rows={8} />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <EmptyState title={t('trash:none.title')} hint={t('trash:none.hint')} />
      ) : (
        <StackedTable aria-label={t('trash:title')}>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={`${item.entity}-${item.id}`}>
                <Table.Td w={130}>
                  <Text size="sm" c="dimmed">
                    {t(`app:entities.${item.entity}`)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {numberText(item)} · 
                  {item.title}
                </Table.Td>
                <Table.Td>
                  <When value={item.deleted_at} /> {item.deleted_by_name && `· ${item.deleted_by_name}`}
                </Table.Td>
                <Table.Td ta="right">
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    <Button size="compact-xs" variant="light" onClick={() => restore(item)}>
                      {t('app:actions.restore')}
                    </Button>
                    {mayPurge && (
                      <Button size="compact-xs" variant="subtle" color="red" onClick={() => setPurging(item)}>
                        {t('trash:purge')}
                      </Button>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </StackedTable>
      )}
      {query.hasNextPage && (
        <Group>
          <Button size="xs" variant="subtle" onClick={() => void query.fetchNextPage()}>
            {t('app:list.more')}
          </Button>
        </Group>
      )}
      {purging && <Purge item={purging} onClose={() => setPurging(null)} />}
    </Stack>
  );
}

/** The one thing that cannot be taken back asks first, by a word that has to be typed. */
function Purge({ item, onClose }: { item: TrashItem; onClose: () => void }) {
  const { t } = useTranslation();
  const [word, setWord] = useState('');
  const wanted = t('trash:purge_word');
  const purge = (): void =>
    void client.trash
      .purge({ entity: item.entity, id: item.id })
      .then(onClose)
      .then(() => queryClient.invalidateQueries())
      .catch(toastError);
  return (
    <Modal opened onClose={onClose} title={t('trash:purge_title')}>
      <Stack>
        <Text size="sm">{t('trash:purge_text', { title: item.title, word: wanted })}</Text>
        <TextInput aria-label={wanted} value={word} onChange={(event) => setWord(event.currentTarget.value)} data-autofocus />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('app:actions.cancel')}
          </Button>
          <Button color="red" disabled={word.trim().toLowerCase() !== wanted} onClick={purge}>
            {t('trash:purge')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
