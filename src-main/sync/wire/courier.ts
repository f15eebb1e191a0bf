import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AppError, type ErrorCode } from '../../../src-shared/kernel/errors.ts';
import { sha256Of, type Contents } from '../../attachments/index.ts';
import { getFact, setFact } from '../../store/change-log.ts';
import type { OrganizationStore } from '../../store/organization-store.ts';
import { ASKED, CHUNK, type ContentCalls } from './contents.ts';
import type { HubClient } from './client.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Progress is told this often at the most. */
const TELL_MS = 500;
/** Answers without a byte more mean that two copies do not understand each other. */
const MAX_STUCK = 3;

interface Content {
  sha256: string;
  size: number;
}

export interface CourierParts {
  store(): OrganizationStore;
  contents(): Contents;
  /** Life of the hub: what an earlier one had is asked anew. */
  epoch(): string;
  connect(): HubClient;
  log: Logger;
}

/** Carries contents between this copy and its hub, behind the rows and on a connection of its own. */
export interface Courier {
  /** There is a connection, and there may be something to carry. */
  rouse(): void;
  pause(): void;
  stop(): Promise<void>;
}

const ABSENT_THERE = 'SELECT a.sha256, max(a.size) AS size FROM attachments a LEFT JOIN local_contents c ON c.sha256 = a.sha256 WHERE c.hub_epoch IS NULL GROUP BY a.sha256';
const TO_SEND = 'SELECT a.sha256, c.size FROM attachments a JOIN local_contents c ON c.sha256 = a.sha256 WHERE c.hub_epoch IS NULL AND c.stored_at IS NOT NULL GROUP BY a.sha256 ORDER BY min(a.created_at)';
const TO_FETCH = 'SELECT a.sha256, max(a.size) AS size FROM attachments a JOIN local_contents c ON c.sha256 = a.sha256 WHERE c.hub_epoch IS NOT NULL AND c.stored_at IS NULL AND a.deleted_at IS NULL GROUP BY a.sha256 ORDER BY max(a.created_at) DESC';
const SAID_THERE = 'SELECT DISTINCT a.sha256 FROM attachments a JOIN local_contents c ON c.sha256 = a.sha256 WHERE c.hub_epoch IS NOT NULL';

/** After so long the hub is asked again for what it has said to have: its folder may have been put back, or tidied up by hand, in one and the same life. */
const ASK_AGAIN_MS = 24 * 60 * 60_000;
const ASKED_AT = 'contents_asked_at';
const isAskingDue = (store: OrganizationStore): boolean => Math.abs(store.clock.now() - Number(getFact(store.read, ASKED_AT) ?? 0)) >= ASK_AGAIN_MS;

/** Refusals that concern one content: the others go on. */
const OF_ONE: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'BAD_REQUEST', 'INVALID', 'CONFLICT', 'TOO_LARGE']);
const isOfOne = (error: unknown): boolean => error instanceof AppError && OF_ONE.has(error.code) && error.data.detail !== 'sync_not_hub';

/** Whether anything may have to be asked, sent or fetched. */
function hasWork(store: OrganizationStore, epoch: string): boolean {
  return [ABSENT_THERE, TO_FETCH, ...(isAskingDue(store) ? [SAID_THERE] : [])].some((sql) => store.read.get(`SELECT 1 FROM (${sql}) LIMIT 1`) !== undefined) || store.read.get('SELECT 1 FROM local_contents WHERE hub_epoch <> ? LIMIT 1', epoch) !== undefined;
}

/**
 * Sends everything that the hub lacks, the oldest first, and then fetches what this copy lacks, the newest first. What concerns one content
 * alone is left for the next time. @throws AppError of the way to the hub or of the disk
 */
export async function carryContents(parts: Omit<CourierParts, 'connect'>, client: HubClient, signal: AbortSignal): Promise<void> {
  const contents = parts.contents();
  const { traffic } = contents;
  const epoch = parts.epoch();
  const { store } = parts;
  const skipped = new Set<string>();
  let told = 0;
  const onHub = (hash: string, size: number): void =>
    void store().local.run('INSERT INTO local_contents (sha256, size, hub_epoch) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET hub_epoch = excluded.hub_epoch', hash, size, epoch);
  const notOnHub = (hash: string): void => void store().local.run('UPDATE local_contents SET hub_epoch = NULL WHERE sha256 = ?', hash);
  const progress = (direction: 'up' | 'down', done: number, size: number): void => {
    traffic.moving = { direction, done, size };
    if (Date.now() - told < TELL_MS) return;
    told = Date.now();
    contents.changed();
  };
  const ended = (): void => {
    traffic.moving = null;
    contents.changed();
  };
  const each = async (sql: string, carry: (content: Content) => Promise<void>): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      const next = store().read.all<Content>(sql).find((one) => !skipped.has(one.sha256));
      if (!next) return;
      try {
        await carry(next);
      } catch (error) {
        if (!isOfOne(error)) throw error;
        parts.log.info({ err: error, content: next.sha256 }, 'a content waits for the next time');
        skipped.add(next.sha256);
      } finally {
        ended();
      }
    }
  };

  if (store().read.get('SELECT 1 FROM local_contents WHERE hub_epoch <> ? LIMIT 1', epoch)) store().local.run('UPDATE local_contents SET hub_epoch = NULL WHERE hub_epoch <> ?', epoch);
  const isDue = isAskingDue(store());
  const said = isDue ? store().read.all<Pick<Content, 'sha256'>>(SAID_THERE).map(({ sha256 }) => sha256) : [];
  const unsure = new Map(store().read.all<Content>(ABSENT_THERE).map(({ sha256, size }) => [sha256, size]));
  const hashes = [...said, ...unsure.keys()];
  for (let from = 0; from < hashes.length; from += ASKED) {
    const asked = hashes.slice(from, from + ASKED);
    const held = new Set(await client.contents.held(asked, signal));
    const news = asked.filter((hash) => held.has(hash) === unsure.has(hash));
    store().local.transaction(() => {
      for (const hash of news) {
        const size = unsure.get(hash);
        if (size === undefined) notOnHub(hash);
        else onHub(hash, size);
      }
    });
    if (news.length > 0) contents.changed();
  }
  if (isDue) setFact(store().local, ASKED_AT, String(store().clock.now()));
  await each(TO_SEND, async ({ sha256, size }) => {
    await sendOne(client.contents, contents, { sha256, size }, (done) => progress('up', done, size), signal);
    onHub(sha256, size);
  });
  await each(TO_FETCH, async ({ sha256, size }) => {
    try {
      await fetchOne(client.contents, contents, { sha256, size }, (done) => progress('down', done, size), signal);
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') notOnHub(sha256);
      throw error;
    }
  });
}

async function sendOne(calls: ContentCalls, contents: Contents, { sha256, size }: Content, report: (done: number) => void, signal: AbortSignal): Promise<void> {
  const handle = await open(contents.pathOf(sha256), 'r').catch(() => null);
  if (!handle) {
    contents.damaged(sha256);
    throw new AppError('NOT_FOUND', { detail: 'content_not_here' });
  }
  try {
    const chunk = Buffer.alloc(CHUNK);
    let place = await calls.place(sha256, size, signal);
    let stuck = 0;
    while (!place.held) {
      report(place.received);
      const { bytesRead } = await handle.read(chunk, 0, CHUNK, place.received);
      if (bytesRead === 0) throw new AppError('INVALID', { detail: 'content_differs' });
      const next = await calls.send(sha256, size, place.received, chunk.subarray(0, bytesRead), signal);
      stuck = next.held || next.received > place.received ? 0 : stuck + 1;
      if (stuck >= MAX_STUCK) throw new AppError('CONFLICT', { detail: 'upload_gap', params: { received: next.received } });
      place = next;
    }
  } catch (error) {
    // The hub has got other bytes than the hash says: what is here must be looked at before it is sent again.
    if (error instanceof AppError && error.data.detail === 'content_differs' && (await sha256Of(contents.pathOf(sha256))).sha256 !== sha256) contents.damaged(sha256);
    throw error;
  } finally {
    await handle.close();
  }
}

async function fetchOne(calls: ContentCalls, contents: Contents, { sha256, size }: Content, report: (done: number) => void, signal: AbortSignal): Promise<void> {
  const growing = contents.growing(`${sha256}.hub`);
  let received = await growing.size();
  if (received > size) {
    await growing.discard();
    received = 0;
  }
  report(received);
  if (received < size) {
    const response = await calls.fetch(sha256, received, signal);
    let waiting: Buffer[] = [];
    let length = 0;
    const write = async (): Promise<void> => {
      if (length === 0) return;
      await growing.append(received, Buffer.concat(waiting));
      received += length;
      waiting = [];
      length = 0;
      report(received);
    };
    try {
      for await (const bytes of response as AsyncIterable<Buffer>) {
        if (received + length + bytes.length > size) throw new AppError('INVALID', { detail: 'content_differs' });
        waiting.push(bytes);
        length += bytes.length;
        if (length >= CHUNK) await write();
      }
      await write();
    } catch (error) {
      response.destroy();
      if (error instanceof AppError) throw error;
      await write();
      throw signal.aborted ? new AppError('CANCELLED') : new AppError('STORE_UNAVAILABLE', { detail: 'sync_unreachable', params: { url: '', reason: error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error) } });
    }
  }
  const stored = await growing.whole();
  if (stored.sha256 !== sha256 || stored.size !== size) {
    await growing.discard();
    throw new AppError('INVALID', { detail: 'content_differs' });
  }
  const release = contents.hold(sha256);
  try {
    await growing.keep(stored);
  } finally {
    release();
  }
}

/** Carries whenever it is roused, patiently after breaks, until it is paused or stopped. */
export function createCourier(parts: CourierParts): Courier {
  let control: AbortController | null = null;
  let running: Promise<void> | null = null;
  let due = false;
  let stopped = false;

  const round = async (signal: AbortSignal): Promise<void> => {
    if (!hasWork(parts.store(), parts.epoch())) return;
    const client = parts.connect();
    try {
      await carryContents(parts, client, signal);
      parts.contents().traffic.trouble = null;
    } finally {
      client.close();
    }
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    let wait = FIRST_WAIT_MS;
    while (due && !signal.aborted) {
      due = false;
      try {
        await round(signal);
        wait = FIRST_WAIT_MS;
      } catch (error) {
        if (signal.aborted || (error instanceof AppError && (error.data.detail === 'sync_revoked' || error.data.detail === 'organization_unknown'))) return;
        const known = error instanceof AppError ? error : new AppError('INTERNAL');
        parts.log.info({ err: error }, 'contents wait');
        const contents = parts.contents();
        Object.assign(contents.traffic, { moving: null, trouble: known });
        contents.changed();
        due = true;
        await sleep(wait * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
        wait = Math.min(LONGEST_WAIT_MS, wait * 2);
      }
    }
  };
  const pause = (): void => {
    due = false;
    control?.abort();
    control = null;
  };

  const start = (): void => {
    const own = new AbortController();
    control = own;
    running = run(own.signal)
      .catch((error: unknown) => parts.log.warn({ err: error }, 'contents were not carried'))
      .finally(() => {
        running = null;
        // Roused while a paused one came to its end.
        if (due && !stopped) start();
      });
  };

  return {
    rouse: () => {
      if (stopped) return;
      due = true;
      if (!running) start();
    },
    pause,
    stop: async () => {
      stopped = true;
      pause();
      await running;
    },
  };
}
