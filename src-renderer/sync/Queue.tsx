import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { QueuedChange } from '../../src-shared/sync/model.ts';
import { client } from '../app/client.ts';
import { formatMoment } from '../kit/formats.ts';
import { EmptyState, ErrorState, Loading } from '../kit/States.tsx';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { fieldLabel } from '../kit/valueText.ts';
import { SYNC_KEY } from './state.ts';
import { Written } from './Written.tsx';

export type QueueKind = 'waiting' | 'returned' | 'set_aside' | 'parked';

const LOAD: Record<QueueKind, () => Promise<{ items: QueuedChange[] }>> = {
  waiting: () => client.sync.waiting(),
  returned: () => client.sync.returned(),
  set_aside: () => client.sync.setAside(),
  parked: () => client.sync.parked(),
};

/** Changes that wait, were returned, set aside or parked: what was written stays readable, and each has its way out. */
export function Queue({ kind }: { kind: QueueKind }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const query = useQuery({ queryKey: [...SYNC_KEY, kind], queryFn: LOAD[kind] });
  if (query.isPending) return <Loading rows={3} />;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <EmptyState title={t(`sync:empty.${kind}`)} hint="" />;
  const act = (work: () => Promise<unknown>, said: string): void =>
    void work()
      .then(async () => {
        toastDone(said);
        await cache.invalidateQueries();
      })
      .catch(toastError);
  return (
    <Stack gap="sm">
      {query.data.items.map((change) => (
        <Paper withBorder p="sm" radius="md" key={change.change_id}>
          <Stack gap={4}>
            <Text size="xs" c="dimmed">
              {[change.actor_name, formatMoment(change.at)].filter(Boolean).join(' · ')}
            </Text>
            {change.rows.map((row) => (
              <Text size="sm" component="div" key={`${row.entity}-${row.row_id}-${row.action}`} style={{ overflowWrap: 'anywhere' }}>
                {t(`app:entities.${row.entity}`)} {t('app:quoted', { title: row.row_title ?? t('app:history.untitled') })} — {t(`sync:actions.${row.action}`)}
                {Object.entries(row.values).map(([field, value]) => (
                  <div key={field}>
                    <Text span size="sm" c="dimmed">
                      {fieldLabel(row.entity, field)}:{' '}
                    </Text>
                    <Written entity={row.entity} field={field} value={value} />
                  </div>
                ))}
              </Text>
            ))}
            {change.reason && (
              <Text size="sm" c="orange">
                {t(`sync:errors.${change.reason}`, { defaultValue: change.reason })}
              </Text>
            )}
            <Group gap="xs">
              {kind === 'waiting' && (
                <Button size="compact-sm" variant="subtle" color="red" onClick={() => act(() => client.audit.undo({ change_id: change.change_id }), t('sync:discarded'))}>
                  {t('sync:discard')}
                </Button>
              )}
              {(kind === 'returned' || kind === 'set_aside') && (
                <>
                  <Button size="compact-sm" variant="light" onClick={() => act(() => client.sync.sendAgain({ change_id: change.change_id }), t('sync:sent_again'))}>
                    {t('sync:send_again')}
                  </Button>
                  <Button size="compact-sm" variant="subtle" onClick={() => act(() => client.sync.dismiss({ change_id: change.change_id }), t('sync:conflict.settled'))}>
                    {t('sync:dismiss')}
                  </Button>
                </>
              )}
            </Group>
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}
