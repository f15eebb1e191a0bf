import { AppError } from '../../../src-shared/kernel/errors.ts';
import { MAX_BATCH, type Epoch, type LogPlace, type PullPage, type PullRequest, type PushReply, type PushRequest, type WireChangeset } from '../../../src-shared/sync/wire.ts';
import { SCHEMA } from '../../store/migrate.ts';
import type { OrganizationStore } from '../../store/organization-store.ts';
import { exchange, exchangeConfirmed, replayParked, type Exchange } from '../exchange.ts';
import { createHub } from '../hub.ts';
import { judgeOf } from '../judge.ts';
import { hashAt, headOf, newsSince, numberFact, publishOwn, readEpoch, sqliteLog, standOf, STATES, verifyHash, type Stand } from '../log.ts';
import { giveNumbers } from '../numbers.ts';
import { takeSnapshot } from '../take-snapshot.ts';
import { createStateHash } from '../state-hash.ts';
import type { HubDoor, Peer, SyncEvent } from '../types.ts';
import { logOf } from './attach.ts';
import { addedSince, allBeside, entriesBeyond, follow, markOf, readBeyond, TICK } from './copy.ts';
import { createCursors } from './cursors.ts';
import type { LogReader, LogState, PostgresLog, Turn } from './postgres.ts';
import { askToShorten, floorAsked, shorten } from './shorten.ts';

/** Turns that wait for one another go together, this many at a time. */
const TOGETHER = 32;

/** A hub process on a log that others share. */
export interface SharedHub extends HubDoor {
  /** Reads what the log has and this copy has not. @throws AppError `sync_log_unavailable`, `sync_log_diverged`, `sync_log_behind` */
  catchUp(): Promise<void>;
  /** Shortens its copy as far as any of them was asked to, and the database as far as all of them have read. @throws AppError `sync_log_unavailable` */
  shorten(): Promise<void>;
  /** Reads on at every word of another hub process, and replays what has waited for this version before it resolves. */
  start(): Promise<void>;
  /** Why the log cannot be had at present; null while it can. */
  readonly trouble: AppError | null;
  close(): Promise<void>;
}

export interface SharedHubParts {
  store: OrganizationStore;
  log: PostgresLog;
  /** The connection to the log has gone, or come back. */
  changed: () => void;
  /** Another hub process has paired or cut off an installation. */
  peersChanged: () => void;
}

interface Job {
  work: (x: Exchange) => unknown;
  settle: PromiseWithResolvers<unknown>;
}

/**
 * Judges against a copy that holds the common log and nothing else: nobody writes to its store but this. A turn takes the log's lock,
 * brings the copy to the log's head, judges inside an open transaction, appends and commits in PostgreSQL, and commits the copy last:
 * whatever is cut off, the copy is behind the log and never ahead of it.
 */
export function createSharedHub({ store, log, changed, peersChanged }: SharedHubParts): SharedHub {
  const { read, registry } = store;
  const own = sqliteLog(read);
  const state = createStateHash(read, registry);
  const hub = createHub({ store, log: own, stateHash: () => state.ready() });
  const listeners = new Set<(event: SyncEvent) => void>();
  const jobs: Job[] = [];
  let inStore: Promise<unknown> = Promise.resolve();
  let trouble: AppError | null = null;
  let following = false;
  let heardAgain = false;
  const cursors = createCursors({ store, log, alone: (work) => alone(work) });
  const stop = store.onCommit((change) => state.changed(change));

  const noted = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = trouble;
    try {
      const done = await work();
      trouble = null;
      return done;
    } catch (error) {
      if (error instanceof AppError && error.data.detail?.startsWith('sync_log_')) trouble = error;
      throw error;
    } finally {
      if ((before?.data.detail ?? null) !== (trouble?.data.detail ?? null)) changed();
    }
  };
  /** One at a time on the copy's store: its transaction may stay open while the database answers. */
  const alone = <T>(work: () => Promise<T> | T): Promise<T> => {
    const mine = inStore.then(work);
    inStore = mine.catch(() => {});
    return mine;
  };
  /** Inside a turn the copy is held already; outside it is held only while it is written to, not while the database answers. */
  const forward = async (from: LogReader, where: LogState, hold: (work: () => void) => Promise<void> | void): Promise<void> => {
    for (;;) {
      const told = await readBeyond(read, from, where);
      if (!told) return;
      await hold(() => exchange(store, (x) => follow(x, told)));
      if (told.until) return;
    }
  };
  const tell = (before: Stand): void => {
    for (const event of newsSince(read, before)) for (const listener of listeners) listener(event);
  };
  const checkLog = ({ log_id: id }: LogState): void => {
    if (id !== logOf(read)) throw new AppError('CONFLICT', { detail: 'sync_log_other' });
  };
  /** Whether the log knows less than this copy, which was never ahead of it: it was put back to an older state. */
  const isBehind = (where: LogState): boolean => where.head < headOf(read) || where.tick < numberFact(read, TICK) || (readEpoch(read)?.lineage.some((life) => life.id === where.epoch.id) ?? false);
  const catchUp = (): Promise<void> =>
    noted(async () => {
      const before = standOf(read);
      const where = await log.state();
      if (!where) throw new AppError('CONFLICT', { detail: 'sync_log_missing' });
      checkLog(where);
      if (where.schema > SCHEMA) throw new AppError('STORE_UNAVAILABLE', { detail: 'sync_log_newer' });
      // A log that was put back is put right under its lock.
      if (isBehind(where)) await inTurn(() => {});
      else await forward(log, where, alone);
      tell(before);
    });

  /** The database was put back to an older state: it gets again what this copy has beyond. */
  const giveBack = async (turn: Turn): Promise<void> => {
    if (!isBehind(turn.state)) return;
    const [epoch, { head }] = [readEpoch(read) as Epoch, turn.state];
    const [last] = head > 0 ? await turn.entries(head) : [];
    const isOurs = epoch.id === turn.state.epoch.id || epoch.lineage.some((life) => life.id === turn.state.epoch.id);
    if (!isOurs || (head > 0 && last?.hash !== hashAt(read, head))) throw new AppError('CONFLICT', { detail: 'sync_log_diverged' });
    await turn.append({ entries: [], ...allBeside(read), unparked: [], epoch });
    // Of what is blanked the last one alone, if any: it is what others are held against.
    let from = head < own.floor() ? own.floor() - 1 : head;
    while (from < headOf(read)) {
      const entries = entriesBeyond(read, from, MAX_BATCH);
      await turn.append({ entries, refused: [], parked: [], unparked: [], epoch: null });
      from = entries.at(-1)?.position ?? headOf(read);
    }
  };
  /** What an older version had to leave, as soon as this one understands it. */
  const replay = (x: Exchange): void => {
    if (x.db.get(`SELECT 1 FROM changesets WHERE state = ${STATES.parked} LIMIT 1`) === undefined) return;
    let head = publishOwn(x.db, x.own.alias);
    const asHub = { judge: (change: WireChangeset) => judgeOf(x, change, { device: change.device }), nextPosition: () => ++head };
    if (replayParked(x, { hub: asHub, failed: (change, error) => hub.refuseParked(x, change, error) }) === 0) return;
    giveNumbers(x, { missing: true, twice: false });
    publishOwn(x.db, x.own.alias);
  };
  const runTurn = (together: readonly Job[]): Promise<unknown[]> =>
    log.turn((turn) =>
      alone(async () => {
        const before = standOf(read);
        checkLog(turn.state);
        await giveBack(turn);
        await forward(turn, turn.state, (work) => work());
        let results: unknown[] = [];
        await exchangeConfirmed(
          store,
          (x) => {
            x.own.offset = turn.now - store.clock.now();
            x.now = turn.now;
            const mark = markOf(x.db);
            replay(x);
            results = together.map((job) => job.work(x));
            return addedSince(x, mark, turn.state.tick);
          },
          async (addition) => {
            if (addition) await turn.append(addition);
            await turn.commit();
          },
        );
        tell(before);
        return results;
      }),
    );
  let turning = false;
  const turnJobs = async (): Promise<void> => {
    if (turning) return;
    turning = true;
    while (jobs.length > 0) {
      const together = jobs.splice(0, TOGETHER);
      try {
        const results = await noted(() => runTurn(together));
        for (const [index, job] of together.entries()) job.settle.resolve(results[index]);
      } catch (error) {
        for (const job of together) job.settle.reject(error);
      }
    }
    turning = false;
  };
  const inTurn = <T>(work: (x: Exchange) => T): Promise<T> => {
    const settle = Promise.withResolvers<unknown>();
    jobs.push({ work, settle });
    void turnJobs();
    return settle.promise as Promise<T>;
  };

  /** Once for all that is heard meanwhile, and once more for what may have come too late for it. */
  const followOn = async (): Promise<void> => {
    heardAgain = true;
    if (following) return;
    following = true;
    while (heardAgain) {
      heardAgain = false;
      // What went wrong is kept as the trouble; the log is listened to again as soon as it can be had.
      await catchUp().catch(() => {});
    }
    following = false;
  };

  const checkOrganization = (organization: string): void => {
    if (organization !== read.get<{ id: string }>('SELECT id FROM organization LIMIT 1')?.id) throw new AppError('FORBIDDEN', { detail: 'sync_other_organization' });
  };
  const isHere = ({ position, hash }: LogPlace): boolean => position <= headOf(read) && (hash === null || hashAt(read, position) === hash);
  /** Whether this copy can answer by itself, as far as it has come. */
  const isFamiliar = (request: PullRequest): boolean => {
    const epoch = readEpoch(read) as Epoch;
    if (request.epoch === null) return true;
    if (request.epoch !== epoch.id) return epoch.lineage.some((life) => life.id === request.epoch);
    return isHere(request.cursor) && isHere(request.newest);
  };
  const owesNumbers = (): boolean => (readEpoch(read)?.lineage.length ?? 0) > 0 && [...registry.values()].some((meta) => read.get(`SELECT 1 FROM ${meta.tableName} WHERE no IS NULL LIMIT 1`) !== undefined);
  const prepareFor = async (request: PullRequest): Promise<void> => {
    if (!isFamiliar(request)) {
      await catchUp();
      if (!isFamiliar(request)) await inTurn((x) => hub.renew(x, request));
    } else if (owesNumbers()) await inTurn((x) => hub.renew(x, request)).catch(() => {});
  };

  return {
    log: own,
    push: async (request: PushRequest, peer: Peer): Promise<PushReply> => {
      checkOrganization(request.organization);
      for (const change of request.changesets) verifyHash(change);
      return inTurn((x) => hub.judge(x, request, peer));
    },
    page: async (request: PullRequest): Promise<PullPage> => {
      checkOrganization(request.organization);
      await prepareFor(request);
      const answer = await alone(() => exchange(store, (x) => hub.answerTo(x, request)));
      cursors.moved(request.device);
      return hub.fill(answer, request, MAX_BATCH);
    },
    readOn: () => state.step(),
    snapshot: (file, isPacked) => alone(() => takeSnapshot(store, file, isPacked)),
    devices: async () => {
      await cursors.exchange().catch(() => {});
      return hub.devices();
    },
    compact: async (upTo) => {
      await askToShorten(log, store.id, Math.min(upTo, own.head()));
      return alone(() => hub.compact(upTo));
    },
    shorten: async () => {
      const asked = await floorAsked(log, store.id);
      if (asked > own.floor()) await alone(() => hub.compact(asked));
      await shorten(log, store.id);
    },
    newEpoch: () => inTurn((x) => hub.begin(x)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    catchUp,
    start: async () => {
      log.listen((word) => void (word === 'log' ? followOn() : peersChanged()));
      if (read.get(`SELECT 1 FROM changesets WHERE state = ${STATES.parked} LIMIT 1`)) await inTurn(() => {}).catch(() => {});
    },
    get trouble() {
      return trouble;
    },
    close: async () => {
      await cursors.close();
      await log.close();
      await inStore;
      stop();
      listeners.clear();
      store.close();
    },
  };
}
