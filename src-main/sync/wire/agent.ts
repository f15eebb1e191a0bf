import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { ErrorCode } from '../../../src-shared/kernel/errors.ts';
import type { SyncEngine } from '../types.ts';
import type { HubClient } from './client.ts';
import { PUSH_CHARACTERS } from './messages.ts';
import type { Proofs } from './proofs.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Commits of a burst go up together. */
const TOGETHER_MS = 20;
const MAX_PUSH = 1_000;
const COMPARE_AGAIN_MS = 200;
const COMPARE_RETRIES = 50;
/** Rounds without an end mean that two copies do not understand each other. */
const MAX_ROUNDS = 100_000;

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
  connect(): HubClient;
  proofs: Proofs;
  now(): string;
  isOffline(): boolean;
  /** The log no longer reaches back to this copy: it starts anew from a snapshot, its own changes kept. */
  startAnew(client: HubClient, signal: AbortSignal): Promise<void>;
  /** The hub has cut this installation off. */
  revoked(): void;
  changed(link: Link): void;
}

export interface Agent {
  readonly link: Link;
  /** Exchanges at once. @returns when both sides agree. @throws AppError of the hub or the way to it */
  now(signal?: AbortSignal): Promise<void>;
  /** Looks at the "work offline" switch again. */
  wake(): void;
  stop(): Promise<void>;
}

/** Sends everything that waits and reads everything new. @throws AppError */
export async function exchangeWith(engine: SyncEngine, client: HubClient, proofs: Proofs, startAnew: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
  let limit = MAX_PUSH;
  let quiet = false;
  let retries = COMPARE_RETRIES;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = engine.place();
    signal.throwIfAborted();
    let request = engine.takePush(limit);
    while (request && request.changesets.length > 1 && lengthOf(request) > PUSH_CHARACTERS) {
      limit = Math.max(1, Math.floor(limit / 2));
      request = engine.takePush(limit);
    }
    if (request) {
      const answered = engine.acknowledge(await client.push({ ...request, proofs: proofs.proofsFor(request) }, signal));
      if (limit < MAX_PUSH) limit *= 2;
      // What comes back is read once everything is up, as long as that goes forward.
      if (request.more && answered.acknowledged > 0 && !answered.again) {
        quiet = false;
        continue;
      }
    }
    // Comparing reads all rows: only once nothing more is expected.
    if (quiet) while (engine.readOn()) await breathe();
    const asked = engine.pullRequest(quiet);
    const page = await client.pull(asked, signal);
    const applied = engine.applyPage(page);
    proofs.keepSeal(asked.organization, page);
    if (applied.snapshotRequired) return startAnew(signal);
    // The hub reads its own state anew before it says that they differ.
    if (asked.state !== null && page.state === null && page.head === asked.cursor.position && retries-- > 0) {
      await sleep(COMPARE_AGAIN_MS, undefined, { signal });
      continue;
    }
    if (quiet && engine.place() === before && !applied.more && !applied.again) return engine.contacted(page.now);
    quiet = page.entries.length === 0 && !applied.again && (!request || engine.place() === before);
  }
  throw new AppError('INTERNAL', { detail: 'sync_no_rest' });
}

const lengthOf = (request: { changesets: { ops: string }[] }): number => request.changesets.reduce((sum, change) => sum + change.ops.length, 0);

/** Keeps one copy in agreement with its hub: at every commit, at every word of the hub, and patiently while there is no network. */
export function createAgent(parts: AgentParts): Agent {
  const ending = new AbortController();
  /** Ends the contact that is under way, when the switch is turned. */
  let contacting = new AbortController();
  const link: Link = { online: false, busy: false, offline_since: parts.now(), trouble: null };
  let client: HubClient | null = null;
  let listening: AbortController | null = null;
  let wakeUp: (() => void) | null = null;
  let due = false;
  let running: Promise<void> | null = null;
  const tell = (change: Partial<Link>): void => {
    Object.assign(link, change);
    parts.changed(link);
  };
  const rouse = (): void => {
    due = true;
    wakeUp?.();
  };
  /** Waits for the time, or for something to do; `eager` ends at once when it is already there. */
  const rest = (ms: number | null): Promise<void> =>
    new Promise((resolve) => {
      if ((due && ms === null) || ending.signal.aborted) return resolve();
      const timer = ms === null ? null : setTimeout(() => wakeUp?.(), ms);
      wakeUp = () => {
        if (timer) clearTimeout(timer);
        wakeUp = null;
        resolve();
      };
    });
  const hangUp = (): void => {
    listening?.abort();
    listening = null;
    client?.close();
    client = null;
  };
  const listen = (to: HubClient): void => {
    const control = new AbortController();
    listening = control;
    void to.listen(rouse, rouse, control.signal).then(
      () => control === listening && (hangUp(), rouse()),
      () => control === listening && (hangUp(), rouse()),
    );
  };
  const contact = async (signal: AbortSignal): Promise<void> => {
    client ??= parts.connect();
    const to = client;
    tell({ busy: true });
    try {
      // Roused while it works, it goes round once more.
      do {
        due = false;
        await exchangeWith(parts.engine(), to, parts.proofs, (inner) => parts.startAnew(to, inner), signal);
      } while (due);
      tell({ online: true, offline_since: null, trouble: null });
      if (!listening) listen(to);
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
    let wait = FIRST_WAIT_MS;
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
        wait = FIRST_WAIT_MS;
        await rest(null);
        if (!ending.signal.aborted) await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
      } catch (error) {
        if (ending.signal.aborted) break;
        failed(error);
        due = false;
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
    wake: () => {
      if (parts.isOffline()) contacting.abort();
      rouse();
    },
    stop: async () => {
      stopEngine();
      ending.abort();
      listening?.abort();
      wakeUp?.();
      await done;
    },
  };
}
