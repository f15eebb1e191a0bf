import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import type { PullPage, PullRequest, PushReply, PushRequest } from '../../../src-shared/sync/wire.ts';
import type { Applied, SyncEngine } from '../types.ts';
import type { HubClient } from './client.ts';
import { sealedByReply, type Proofs } from './proofs.ts';

/** Changesets of one push: the hub works on them in one go, and others wait as long. */
const MAX_PUSH = 500;
/** Of a burst that seems to be over. */
const CALM_MS = 400;
/** However often there is news, copies compare themselves at last. */
const MAX_NEWS = 25;
const COMPARE_AGAIN_MS = 200;
const COMPARE_RETRIES = 50;
/** Rounds without an end mean that two copies do not understand each other. */
const MAX_ROUNDS = 100_000;

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
  const request = engine.takePush(MAX_PUSH, skip);
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

/** Comparing gives way to what is new. */
export interface Pace {
  /** Waits, less where something new comes meanwhile. @returns whether it has */
  nap(ms: number, signal: AbortSignal): Promise<boolean>;
  /** Whether something new has come; asked once, it counts as done. */
  isPressed(): boolean;
}
const UNHURRIED: Pace = { nap: (ms, signal) => sleep(ms, false, { signal }), isPressed: () => false };

/** Sends everything that waits and reads everything new. @throws AppError */
export async function exchangeWith(engine: SyncEngine, client: HubClient, proofs: Proofs, startAnew: (signal: AbortSignal) => Promise<void>, signal: AbortSignal, pace = UNHURRIED): Promise<void> {
  const parties = { engine, client, proofs, signal };
  let quiet = false;
  let moved = false;
  let retries = COMPARE_RETRIES;
  let patience = MAX_NEWS;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = engine.place();
    signal.throwIfAborted();
    const sent = await sendWaiting(parties);
    // Comparing reads all rows that have changed: only once nothing more is expected.
    if (quiet && moved) {
      // In the middle of a burst the same rows would be read again and again.
      if (!(await pace.nap(CALM_MS, signal)) || --patience === 0) moved = false;
      quiet = false;
    }
    while (quiet && engine.readOn()) {
      await breathe();
      quiet = !pace.isPressed();
    }
    const asked = engine.pullRequest(quiet);
    const { page, applied, entries } = await readPages(parties, asked);
    if (applied.snapshotRequired) return startAnew(signal);
    moved ||= sent || entries > 0;
    // The hub reads its own state anew before it says that they differ.
    if (asked.state !== null && page.state === null && page.head === asked.cursor.position && retries-- > 0) {
      await pace.nap(COMPARE_AGAIN_MS, signal);
      continue;
    }
    if (quiet && engine.place() === before && !applied.more && !applied.again) return engine.contacted(page.now);
    quiet = entries === 0 && !applied.again && (!sent || engine.place() === before);
  }
  throw new AppError('INTERNAL', { detail: 'sync_no_rest' });
}
