import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { ErrorCode } from '../../../src-shared/kernel/errors.ts';
import type { SyncEngine } from '../types.ts';
import { atAnyHub, type Addresses } from './addresses.ts';
import type { HubClient } from './client.ts';
import { exchangeWith, type Pace } from './exchanging.ts';
import type { Proofs } from './proofs.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Commits of a burst go up together, but the first. */
const TOGETHER_MS = 20;

/** How the connection to the hub is, as long as the program runs. */
export interface Link {
  online: boolean;
  busy: boolean;
  /** Since when the hub has not been reached; null while it is. */
  offline_since: string | null;
  /** Why the last attempt failed. */
  trouble: { code: ErrorCode; detail: string | null; params?: Record<string, string | number> | undefined } | null;
}

export interface AgentParts {
  engine(): SyncEngine;
  /** To the address that is the present one. */
  connect(): HubClient;
  addresses: Pick<Addresses, 'next' | 'reached'>;
  proofs: Proofs;
  now(): string;
  isOffline(): boolean;
  /** The log no longer reaches back to this copy: it starts anew from a snapshot, its own changes kept. */
  startAnew(client: HubClient, signal: AbortSignal): Promise<void>;
  /** Somebody has asked for that. */
  isAnewWanted(): boolean;
  /** The hub has cut this installation off. */
  revoked(): void;
  changed(link: Link): void;
}

export interface Agent {
  readonly link: Link;
  /** Exchanges at once. @returns when both sides agree. @throws AppError of the hub or the way to it */
  now(signal?: AbortSignal): Promise<void>;
  /** Connects anew, to the address that is the present one by now. */
  reconnect(): void;
  /** Looks at the "work offline" switch again. */
  wake(): void;
  stop(): Promise<void>;
}

/** Keeps one copy in agreement with its hub: at every commit, at every word of the hub, and patiently while there is no network. */
export function createAgent(parts: AgentParts): Agent {
  const ending = new AbortController();
  /** Ends the contact that is under way, when the switch is turned. */
  let contacting = new AbortController();
  const link: Link = { online: false, busy: false, offline_since: parts.now(), trouble: null };
  let client: HubClient | null = null;
  let listening: AbortController | null = null;
  const sleepers = new Set<() => void>();
  let moving = false;
  /** Until the next attempt, after a failure. */
  let wait = FIRST_WAIT_MS;
  let due = false;
  /** The last position that the hub has told of. */
  let newest = 0;
  let running: Promise<void> | null = null;
  const tell = (change: Partial<Link>): void => {
    Object.assign(link, change);
    parts.changed(link);
  };
  /** What this copy has sent itself it has read by the time it looks. */
  const isDue = (): boolean => due || (newest > 0 && newest > parts.engine().cursor());
  const wakeAll = (): void => {
    for (const wake of sleepers) wake();
  };
  const rouse = (): void => {
    due = true;
    wakeAll();
  };
  const hear = (position: number | null): void => {
    if (position === null) return rouse();
    newest = Math.max(newest, position);
    if (isDue()) wakeAll();
  };
  const took = (): void => {
    due = false;
    newest = 0;
  };
  /** Ends after the time, when something new is told of, or with the signal. */
  const pause = (ms: number | null, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = ms === null ? null : setTimeout(() => wake(), ms);
      const wake = (): void => {
        if (timer) clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        sleepers.delete(wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      sleepers.add(wake);
    });
  /** Waits for something to do, at the most for the time; what has been told of before a failure counts no more. */
  const rest = async (ms: number | null): Promise<void> => {
    if (ms !== null || !isDue()) await pause(ms, ending.signal);
  };
  const isPressed = (): boolean => {
    const pressed = isDue();
    if (pressed) took();
    return pressed;
  };
  const pace: Pace = {
    nap: async (ms, signal) => {
      await sleep(Math.min(ms, TOGETHER_MS), undefined, { signal });
      if (!isDue()) await pause(ms - TOGETHER_MS, signal);
      return isPressed();
    },
    isPressed,
  };
  const hangUp = (): void => {
    listening?.abort();
    listening = null;
    client?.close();
    client = null;
  };
  const listen = (to: HubClient): void => {
    const control = new AbortController();
    listening = control;
    const ended = (): void => {
      if (control !== listening) return;
      listening = null;
      // A contact that is under way finds out by itself what has become of the hub.
      if (!running) hangUp();
      rouse();
    };
    void to.listen(rouse, hear, control.signal).then(ended, ended);
  };
  const exchange = async (to: HubClient, signal: AbortSignal): Promise<void> => {
    // Roused while it works, it goes round once more.
    do {
      took();
      await (parts.isAnewWanted() ? parts.startAnew(to, signal) : exchangeWith(parts.engine(), to, parts.proofs, (inner) => parts.startAnew(to, inner), signal, pace));
    } while (isDue());
    parts.addresses.reached();
    wait = FIRST_WAIT_MS;
    tell({ online: true, offline_since: null, trouble: null });
    if (!listening) listen(to);
  };
  /** With the first of the hub processes that can. @throws AppError of the first one, where none can */
  const contact = async (signal: AbortSignal): Promise<void> => {
    if (moving) hangUp();
    moving = false;
    tell({ busy: true });
    const once = async (): Promise<void> => {
      client ??= parts.connect();
      try {
        await exchange(client, signal);
      } catch (error) {
        hangUp();
        throw error;
      }
    };
    try {
      await atAnyHub(parts.addresses, once, signal);
    } finally {
      tell({ busy: false });
    }
  };
  const failed = (error: unknown): void => {
    hangUp();
    const known = error instanceof AppError ? error : new AppError('INTERNAL');
    tell({ online: false, offline_since: link.offline_since ?? parts.now(), trouble: known.code === 'CANCELLED' ? null : { code: known.code, detail: known.data.detail ?? null, params: known.data.params } });
    if (known.data.detail === 'sync_revoked') parts.revoked();
  };
  /** One contact at a time; whoever comes meanwhile waits for its end and then for one more. */
  const contactOnce = async (signal: AbortSignal): Promise<void> => {
    while (running) await running.catch(() => {});
    contacting = new AbortController();
    running = contact(AbortSignal.any([signal, contacting.signal]));
    try {
      await running;
    } finally {
      running = null;
    }
  };

  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      if (parts.isOffline()) {
        if (link.online || client) {
          hangUp();
          tell({ online: false, offline_since: parts.now(), trouble: null });
        }
        due = false;
        await rest(null);
        continue;
      }
      try {
        await contactOnce(ending.signal);
        const ended = performance.now();
        await rest(null);
        const early = TOGETHER_MS - (performance.now() - ended);
        if (early > 0 && !ending.signal.aborted) await new Promise((resolve) => setTimeout(resolve, early));
      } catch (error) {
        if (ending.signal.aborted) break;
        failed(error);
        took();
        await rest(wait * (0.75 + Math.random() / 2));
        wait = Math.min(LONGEST_WAIT_MS, wait * 2);
      }
    }
    hangUp();
  };
  const stopEngine = parts.engine().subscribe((event) => {
    if (event.type === 'local' && link.online) rouse();
  });
  const done = run();

  return {
    link,
    now: async (signal) => {
      try {
        await contactOnce(signal ? AbortSignal.any([signal, ending.signal]) : ending.signal);
        rouse();
      } catch (error) {
        failed(error);
        throw error;
      }
    },
    reconnect: () => {
      moving = true;
      rouse();
    },
    wake: () => {
      if (parts.isOffline()) contacting.abort();
      rouse();
    },
    stop: async () => {
      stopEngine();
      ending.abort();
      listening?.abort();
      wakeAll();
      await done;
    },
  };
}
