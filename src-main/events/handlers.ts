import type { ChangeEvent } from '../../src-shared/events/contract.ts';
import { os, sessionOf } from '../core/os.ts';
import type { OrganizationStore } from '../store/organization-store.ts';

/** Events kept for a slow listener; beyond it only the newest matter, since each says no more than "look again". */
const MAX_WAITING = 100;

/** The commits of a store, one after the other, until the listener goes, or the store: another copy may have taken its place, and the listener comes again. */
export async function* changesOf(store: OrganizationStore, signal: AbortSignal | undefined): AsyncGenerator<ChangeEvent, void, void> {
  const waiting: ChangeEvent[] = [];
  let wake: (() => void) | null = null;
  const ended = signal ? AbortSignal.any([signal, store.closed]) : store.closed;
  const stop = store.onCommit(({ position, entities, ids }) => {
    if (waiting.length >= MAX_WAITING) waiting.shift();
    waiting.push({ position, entities, ids });
    wake?.();
  });
  const onAbort = (): void => wake?.();
  ended.addEventListener('abort', onAbort, { once: true });
  try {
    while (!ended.aborted) {
      const next = waiting.shift();
      if (next) yield next;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stop();
    ended.removeEventListener('abort', onAbort);
  }
}

export const eventsHandlers = {
  subscribe: os.events.subscribe.handler(({ context, signal }) => changesOf(sessionOf(context).store, signal)),
};

