import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { ErrorCode } from '../../../src-shared/kernel/errors.ts';
import type { PullPage, PullRequest, PushReply, PushRequest } from '../../../src-shared/sync/wire.ts';
import type { Applied, SyncEngine } from '../types.ts';
import type { HubClient } from './client.ts';
import { PUSH_CHARACTERS } from './messages.ts';
import { sealedByReply, type Proofs } from './proofs.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Commits of a burst go up together. */
const TOGETHER_MS = 20;
/** Changesets of one push: the hub works on them in one go, and others wait as long. */
const MAX_PUSH = 500;
/** Of a burst that seems to be over. */
const CALM_MS = 100;
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

/** One exchange with a hub: the copy, the way to the hub, and what proves where changes come from. */
interface Parties {
  engine: SyncEngine;
  client: HubClient;
  proofs: Proofs;
  signal: AbortSignal;
}

interface Sent {
  request: PushRequest;
  reply: Promise<PushReply>;
}

/** Sends what waits behind the first `skip` changesets, as many as one message carries; null when nothing does. */
function sendNext({ engine, client, proofs, signal }: Parties, skip: number): Sent | null {
  signal.throwIfAborted();
  let limit = MAX_PUSH;
  let request = engine.takePush(limit, skip);
  while (request && request.changesets.length > 1 && lengthOf(request) > PUSH_CHARACTERS) {
    limit = Math.max(1, Math.floor(Math.min(limit, request.changesets.length) / 2));
    request = engine.takePush(limit, skip);
  }
  if (!request) return null;
  const reply = client.push({ ...request, proofs: proofs.proofsFor(request) }, signal);
  // Whoever waits for it hears of a failure; one that nobody waits for any more is no reason to end the program.
  reply.catch(() => {});
  return { request, reply };
}

/**
 * Sends what waits, each batch on its way while the hub works on the one before; a batch that overtakes is asked for again, as after any
 * hole. Ends early where not everything was accepted: what comes back is read first. @returns whether anything was sent
 */
async function sendWaiting(parties: Parties): Promise<boolean> {
  const { engine, proofs } = parties;
  const take = async ({ request, reply }: Sent): Promise<boolean> => {
    const answer = await reply;
    const part = sealedByReply(answer);
    if (part && answer.seal) proofs.keepSeal(request.organization, { ...part, epoch: answer.epoch, seal: answer.seal });
    const taken = engine.acknowledge(answer);
    return taken.acknowledged === request.changesets.length && !taken.again && !taken.renamed;
  };
  let sent = sendNext(parties, 0);
  const any = sent !== null;
  while (sent) {
    const next: Sent | null = sent.request.more ? sendNext(parties, sent.request.changesets.length) : null;
    const straight = await take(sent);
    if (!straight && next) await take(next);
    sent = straight ? next : null;
  }
  return any;
}

/** Reads page after page, the next one on its way while one is applied. @returns what the last of them did, and how many entries all of them had */
async function readPages(parties: Parties, first: PullRequest): Promise<{ page: PullPage; applied: Applied; entries: number }> {
  const { engine, client, proofs, signal } = parties;
  let entries = 0;
  let page = await client.pull(first, signal);
  for (;;) {
    signal.throwIfAborted();
    const last = page.entries.at(-1);
    const ahead = last && last.position < page.head && first.rows.length + first.parked.length === 0 ? client.pull({ ...engine.pullRequest(false), cursor: { position: last.position, hash: last.hash } }, signal) : null;
    ahead?.catch(() => {});
    const applied = engine.applyPage(page);
    proofs.keepSeal(first.organization, page);
    entries += page.entries.length;
    // Where it came out otherwise than expected, what was asked for ahead is of no use.
    if (!ahead || applied.again || applied.snapshotRequired || engine.pullRequest(false).cursor.position !== last?.position) return { page, applied, entries };
    page = await ahead;
  }
}

/** Sends everything that waits and reads everything new. @throws AppError */
export async function exchangeWith(engine: SyncEngine, client: HubClient, proofs: Proofs, startAnew: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
  const parties = { engine, client, proofs, signal };
  let quiet = false;
  let moved = false;
  let retries = COMPARE_RETRIES;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = engine.place();
    signal.throwIfAborted();
    const sent = await sendWaiting(parties);
    // Comparing reads all rows that have changed: only once nothing more is expected.
    if (quiet && moved) {
      await sleep(CALM_MS, undefined, { signal });
      quiet = moved = false;
    }
    if (quiet) while (engine.readOn()) await breathe();
    const asked = engine.pullRequest(quiet);
    const { page, applied, entries } = await readPages(parties, asked);
    if (applied.snapshotRequired) return startAnew(signal);
    moved ||= sent || entries > 0;
    // The hub reads its own state anew before it says that they differ.
    if (asked.state !== null && page.state === null && page.head === asked.cursor.position && retries-- > 0) {
      await sleep(COMPARE_AGAIN_MS, undefined, { signal });
      continue;
    }
    if (quiet && engine.place() === before && !applied.more && !applied.again) return engine.contacted(page.now);
    quiet = entries === 0 && !applied.again && (!sent || engine.place() === before);
  }
  throw new AppError('INTERNAL', { detail: 'sync_no_rest' });
}

const lengthOf = (request: PushRequest): number => request.changesets.reduce((sum, change) => sum + change.ops.length, 0);

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
