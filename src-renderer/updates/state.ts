import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { UpdatesState } from '../../src-shared/updates/contract.ts';
import { client } from '../app/client.ts';

export const UPDATES_KEY = [['updates', 'state']];

const OFTEN_MS = 1_000;
const SELDOM_MS = 60_000;

/** What is known of updates; asked often while one is on its way, and now and then otherwise. */
export function useUpdates(): UseQueryResult<UpdatesState> {
  return useQuery({
    queryKey: UPDATES_KEY,
    queryFn: () => client.updates.state(),
    refetchInterval: ({ state }) => (state.data && state.data.stage !== 'idle' ? (state.data.stage === 'downloading' ? OFTEN_MS : 5 * OFTEN_MS) : SELDOM_MS),
  });
}
