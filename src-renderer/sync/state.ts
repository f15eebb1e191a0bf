import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { HubState, SyncState } from '../../src-shared/sync/contract.ts';
import { client } from '../app/client.ts';
import { queryClient } from '../app/query.ts';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/session.ts';
import { toastDone, toastError } from '../kit/toasts.tsx';

const RETRY_MS = 5_000;
const LOOK_MS = 15_000;
export const SYNC_KEY = [['sync']] as const;
/** Files say where their contents are. */
const FILES_KEY = [['attachments']] as const;

/** Colour of the dot for each word of the corner. */
export const COLOR: Record<SyncState['state'], string> = { alone: 'teal', hub: 'teal', synchronised: 'teal', waiting: 'blue', offline: 'gray', attention: 'orange' };

/** The state of synchronisation; kept true by `useFollowSync`, and for whoever may not follow it by looking now and then. */
export function useSyncState(): UseQueryResult<SyncState> {
  const followed = useMay('work.read');
  return useQuery({ queryKey: [...SYNC_KEY, 'status'], queryFn: () => client.sync.status(), enabled: useMay('self'), ...(followed ? { staleTime: Number.POSITIVE_INFINITY } : { refetchInterval: LOOK_MS }) });
}

/** What this installation is as a hub. */
export function useHubState(): UseQueryResult<HubState> {
  return useQuery({ queryKey: [...SYNC_KEY, 'hub'], queryFn: () => client.sync.hub() });
}

/** Settles something and reads everything anew. */
export function useSettle(): (work: () => Promise<unknown>) => void {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return (work) =>
    void work()
      .then(async () => {
        toastDone(t('sync:conflict.settled'));
        await cache.invalidateQueries();
      })
      .catch(toastError);
}

/** Keeps what is shown of synchronisation true on every page, whether the corner is in sight or not. */
export function useFollowSync(): void {
  const may = useMay('work.read');
  useEffect(() => {
    if (!may) return undefined;
    const ending = new AbortController();
    void followSync(ending.signal);
    return () => ending.abort();
  }, [may]);
}

/** Has everything that is shown of synchronisation read anew whenever it changes, until the signal ends it. */
async function followSync(signal: AbortSignal): Promise<void> {
  // Whoever works offline of his own will goes on doing so: the core refuses.
  const tryNow = (): void => void client.sync.now().catch(() => undefined);
  window.addEventListener('online', tryNow, { signal });
  while (!signal.aborted) {
    try {
      for await (const _ of await client.sync.watch(undefined, { signal })) for (const queryKey of [SYNC_KEY, FILES_KEY]) void queryClient.invalidateQueries({ queryKey });
    } catch {
      if (signal.aborted) return;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
