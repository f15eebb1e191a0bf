import type { ChangeEvent } from '../../src-shared/events/contract.ts';
import { create } from 'zustand';
import { client } from './client.ts';
import { queryClient } from './query.ts';

/** Whether the page hears the core. */
export const useConnection = create<{ online: boolean; since: number }>(() => ({ online: true, since: Date.now() }));

const RETRY_MS = [500, 1000, 2000, 5000, 10_000];
/** A commit of several events refreshes the page once. */
const FIRST_MS = 20;
/** In a burst the page is refreshed this often at the most. */
const GATHER_MS = 150;

/** Follows the core's events and refreshes what they concern, until the signal ends it. */
export async function followChanges(signal: AbortSignal): Promise<void> {
  let attempt = 0;
  const gathered = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let flushedAt = -GATHER_MS;
  const flush = (): void => {
    timer = null;
    flushedAt = performance.now();
    const entities = new Set(gathered);
    gathered.clear();
    void queryClient.invalidateQueries({ predicate: (query) => concerns(query.queryKey, entities) });
  };
  while (!signal.aborted) {
    try {
      const events = await client.events.subscribe(undefined, { signal });
      if (attempt > 0) void queryClient.invalidateQueries();
      attempt = 0;
      useConnection.setState({ online: true, since: Date.now() });
      for await (const event of events as AsyncIterable<ChangeEvent>) {
        for (const entity of event.entities) gathered.add(entity);
        timer ??= setTimeout(flush, Math.max(FIRST_MS, flushedAt + GATHER_MS - performance.now()));
      }
    } catch {
      if (signal.aborted) return;
    }
    if (signal.aborted) return;
    useConnection.setState({ online: false, since: Date.now() });
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)]));
  }
}

/** Pages that put several entities together are concerned by each of them. */
const WIDE = new Set(['dashboard', 'audit', 'trash', 'clients', 'search', 'remote-access']);

function concerns(key: readonly unknown[], entities: ReadonlySet<string>): boolean {
  const path = Array.isArray(key[0]) ? (key[0] as string[]) : [String(key[0])];
  const feature = path[0] ?? '';
  return entities.has(feature) || WIDE.has(feature) || (feature === 'organizations' && entities.has('organization'));
}
