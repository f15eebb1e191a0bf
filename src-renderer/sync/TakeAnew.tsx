import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncState } from '../../src-shared/sync/contract.ts';
import { client } from '../app/client.ts';
import { toastDone, toastError } from '../kit/toasts.tsx';
import { mebibytes } from './sizes.ts';

/** The way out for a copy whose rows differ from the hub's, though it has read everything. */
export function TakeAnew({ state }: { state: SyncState }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const stopping = useRef<AbortController | null>(null);
  const take = async (): Promise<void> => {
    const ending = new AbortController();
    stopping.current = ending;
    setBusy(true);
    try {
      await client.sync.takeAnew(undefined, { signal: ending.signal });
      void cache.invalidateQueries();
      toastDone(t('sync:anew.done'));
    } catch (error) {
      if (!ending.signal.aborted) toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const { receiving } = state;
  const words = receiving && t('sync:anew.receiving', { received: mebibytes(receiving.received), size: mebibytes(receiving.size) });
  return (
    <Stack gap={6}>
      <Text size="sm">{t('sync:diverged')}</Text>
      <Text size="sm" c="dimmed">
        {t('sync:anew.hint')}
      </Text>
      {receiving && words && (
        <>
          <Text size="sm" c="dimmed" role="status">
            {words}
          </Text>
          <Progress.Root size="sm">
            <Progress.Section value={(100 * receiving.received) / receiving.size} aria-label={words} />
          </Progress.Root>
        </>
      )}
      <Group gap="xs">
        <Button size="xs" loading={busy || receiving !== null} onClick={() => void take()}>
          {t('sync:anew.do')}
        </Button>
        {busy && (
          <Button size="xs" variant="default" onClick={() => stopping.current?.abort()}>
            {t('sync:anew.stop')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
