import type { Entity } from '../../src-shared/audit/model.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { SHOWN, type SyncStatus } from '../../src-shared/sync/model.ts';
import { MAX_BATCH, type WireChangeset } from '../../src-shared/sync/wire.ts';
import { getFact, roleOf, setFact, type Op } from '../store/change-log.ts';
import type { EntityMeta } from '../store/entity.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { createBurst } from './burst.ts';
import { listConflicts } from './conflicts.ts';
import { createDevice, isLinked } from './device.ts';
import { exchange, listSetAside, replayParked } from './exchange.ts';
import { columnsOf } from './heads.ts';
import { createHub } from './hub.ts';
import { judgeOf } from './judge.ts';
import { headOf, newsSince, numberFact, publishOwn, readEpoch, SELECT_CHANGES, sqliteLog, standOf, STATES, toWire, type StoredChange } from './log.ts';
import { giveNumbers } from './numbers.ts';
import { mayHold } from './ops.ts';
import { listChanges } from './queue.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { returnedChange, unsetAside } from './set-aside.ts';
import { createStateHash, stateHash } from './state-hash.ts';
import type { Applied, SyncEngine, SyncEvent } from './types.ts';

const CHEAP_MS = 10;
export const CONFLICTS_KEPT_MS = 900;
/** Origin of what is written in answer to a conflict or a return. */
const BY_HAND = 'window';
const UNPLACED = `c.position IS NULL AND c.ops <> '[]' AND (c.state IS NULL OR c.state IN (${STATES.untold}, ${STATES.parkedAtHub}))`;

/** The engine of one organisation's copy; as a hub it works on the log inside the copy's own file. */
export function createSyncEngine(store: OrganizationStore): SyncEngine {
  const { read, registry } = store;
  const log = sqliteLog(read);
  const listeners = new Set<(event: SyncEvent) => void>();
  const tell = (event: SyncEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const state = createStateHash(read, registry);
  let commits = 0;
  let readAnewAt = -1;
  /** Two states that differ are read anew before they are believed to: what was remembered of this one's may be old. */
  const differsFrom = (theirs: string): boolean => {
    if (state.ready() === theirs) return false;
    if (readAnewAt === commits) return state.ready() !== null;
    readAnewAt = commits;
    state.forget();
    return state.ready() !== null && state.ready() !== theirs;
  };
  const hub = createHub({ store, log, stateHash: (theirs) => {
    differsFrom(theirs);
    return state.ready();
  } });
  const device = createDevice(store);
  const burst = createBurst(store);
  const isHub = (): boolean => roleOf(read) === 'hub';
  let inExchange = false;
  const stop = store.onCommit((change) => {
    commits++;
    state.changed(change);
    if (!inExchange) tell({ type: 'local' });
  });
  const quietly = <T>(work: () => T): T => {
    inExchange = true;
    try {
      return work();
    } finally {
      inExchange = false;
    }
  };
  /** What has changed for devices by it is told to those that are connected. */
  const telling = <T>(work: () => T): T => {
    const before = standOf(read);
    const done = quietly(work);
    newsSince(read, before).forEach(tell);
    return done;
  };
  const told = (done: Applied): Applied => {
    if (done.applied > 0) tell({ type: 'applied', applied: done.applied });
    if (done.renamed) tell({ type: 'renamed', device: store.own.id });
    return done;
  };
  const count = (condition: string, ...params: number[]): number => read.get<{ n: number }>(`SELECT count(*) AS n FROM changesets c WHERE ${condition}`, ...params)?.n ?? 0;
  const WAITS = `c.position IS NULL AND (c.state = ${STATES.parkedAtHub} OR (c.id > ? AND ${UNPLACED}))`;
  const waiting = (): number => count(WAITS, numberFact(read, 'sync_sent'));
  const listed = (kind: string): string => `c.id IN (SELECT changeset FROM local_sync_returned WHERE kind = '${kind}')`;
  const nothingWaits = (): boolean => waiting() === 0 && read.get('SELECT 1 FROM local_sync_bases WHERE position < 0') === undefined && count('c.state = ?', STATES.parked) === 0;

  let counted: { at: number; cost: number; conflicts: number } | null = null;
  /** On a large base looking for conflicts takes a moment, which all who ask within a second share. */
  const conflictCount = (): number => {
    const now = performance.now();
    if (counted && counted.cost > CHEAP_MS && now - counted.at < CONFLICTS_KEPT_MS) return counted.conflicts;
    const conflicts = Math.min(listConflicts(read, registry, SHOWN + 1).length, SHOWN + 1);
    counted = { at: performance.now(), cost: performance.now() - now, conflicts };
    return conflicts;
  };
  const status = (withConflicts = true): SyncStatus => {
    const epoch = readEpoch(read);
    const role = roleOf(read);
    const cursor = role === 'hub' ? headOf(read) : numberFact(read, 'sync_cursor');
    const head = role === 'hub' ? cursor : Math.max(cursor, numberFact(read, 'sync_head'));
    const left = role === 'device' ? waiting() : 0;
    const parked = count('c.state = ?', STATES.parked);
    const hubState = getFact(read, 'sync_hub_state');
    const comparable = hubState !== null && nothingWaits() && (role !== 'device' || numberFact(read, 'sync_hub_state_at') === cursor);
    const equal = comparable && !differsFrom(hubState) && state.ready() === hubState;
    const diverged = role === 'device' && comparable && !equal && state.ready() !== null;
    return {
      device: store.own.id,
      role,
      epoch: epoch?.id ?? null,
      cursor,
      head,
      waiting: left,
      conflicts: withConflicts ? conflictCount() : 0,
      returned: count(listed('returned')),
      set_aside: count(listed('set_aside')),
      parked,
      clock_offset: store.own.offset,
      last_contact: getFact(read, 'sync_contact'),
      diverged,
      synchronised: role === 'hub' || (role === 'device' && left === 0 && parked === 0 && cursor === head && !diverged && equal),
    };
  };
  const requireRow = (entity: string, id: string): EntityMeta => {
    const meta = (registry as ReadonlyMap<string, EntityMeta>).get(entity);
    if (!meta || !read.get(`SELECT 1 FROM ${meta.tableName} WHERE id = ?`, id)) throw new AppError('NOT_FOUND', { params: { entity } });
    return meta;
  };
  const replay = (): number =>
    quietly(() =>
      count('c.state = ?', STATES.parked) === 0
        ? 0
        : exchange(store, (x) => {
            // Only a hub gives places: a device's own changes still have to be sent.
            let head = isHub() ? publishOwn(x.db, x.own.alias) : 0;
            const asHub = isHub() ? { judge: (change: WireChangeset) => judgeOf(x, change, { device: change.device }), nextPosition: () => ++head } : null;
            const failed = (change: StoredChange, error: unknown): void => {
              if (asHub && change.position === null) return hub.refuseParked(x, change, error);
              x.db.run('UPDATE changesets SET state = ? WHERE id = ?', STATES.setAside, change.id);
              listSetAside(x, change.id, error);
            };
            const done = replayParked(x, { hub: asHub, failed });
            if (asHub && store.isAuthority()) giveNumbers(x, { missing: true, twice: false });
            return done;
          }),
    );
  const sendAgain = (actor: Actor, changeId: string): void => {
    const change = returnedChange(read, changeId);
    const missed = store.mutate({ actor, origin: BY_HAND }, (tx) => {
      const ops = JSON.parse(change.ops) as Op[];
      const left = ops.filter((op) => {
        const exists = tx.get(op.t, op.i);
        const values: Record<string, unknown> = Object.assign({}, ...Object.values(op.g ?? {}).map((write) => write.v));
        if (op.k === 'c' && !exists) tx.insert(op.t, op.v ?? {});
        else if (op.k === 'u' && exists) tx.update(op.t, op.i, values);
        else if (op.k === 'd' && exists) tx.remove(op.t, op.i);
        else if (op.k === 'r' && exists) tx.restore(op.t, op.i);
        else return op.k !== 'd';
        return false;
      });
      if (left.length === ops.length) throw new AppError('CONFLICT', { detail: 'sync_nothing_to_send' });
      return left.length;
    });
    // What found no row stays to be read.
    if (missed === 0) dismiss(changeId);
  };
  const dismiss = (changeId: string): void => {
    returnedChange(read, changeId);
    store.local.run('DELETE FROM local_sync_returned WHERE changeset = ?', Number(changeId));
  };
  const publish = (): number => quietly(() => exchange(store, (x) => publishOwn(x.db, x.own.alias)));
  if (isHub()) quietly(hub.takeFreshName);
  replay();

  return {
    log,
    takePush: (limit = MAX_BATCH, skip = 0) => device.takePush(Math.min(limit, MAX_BATCH), skip),
    acknowledge: (reply) => {
      burst.expect(reply.verdicts.length);
      return told(quietly(() => device.acknowledge(reply)));
    },
    pullRequest: (compare = true) => device.pullRequest(compare && nothingWaits() ? state.ready() : null),
    readOn: () => state.step(),
    cursor: () => numberFact(read, 'sync_cursor'),
    place: () => JSON.stringify([waiting(), numberFact(read, 'sync_cursor'), numberFact(read, 'sync_head'), readEpoch(read)?.id, store.own.id]),
    applyPage: (page) => {
      burst.expect(page.entries.length);
      const done = told(quietly(() => device.applyPage(page)));
      if (page.state !== null && !done.more && !done.again) quietly(() => exchange(store, (x) => setFact(x.db, 'sync_hub_state_at', String(page.head))));
      return done;
    },
    applyBundle: (changesets, vouched) => {
      const done = quietly(() => device.applyBundle(changesets, vouched));
      if (done.applied > 0) {
        tell({ type: 'applied', applied: done.applied });
        tell({ type: 'local' });
      }
      return done;
    },
    unread: () =>
      read
        .all<StoredChange>(`${SELECT_CHANGES} WHERE c.ops <> '[]' AND ((c.position IS NULL AND (c.state IS NULL OR c.state IN (${STATES.parkedAtHub}, ${STATES.parked}))) OR c.position > ?) ORDER BY c.id`, numberFact(read, 'sync_cursor'))
        .map((change) => (isLinked(read, change, [STATES.parkedAtHub]) ? { ...toWire(change), linked: true } : toWire(change))),
    acceptPush: (request, peer) => {
      burst.expect(request.changesets.length);
      return telling(() => hub.accept(request, peer));
    },
    acceptBundle: (bundle, vouched) => telling(() => hub.acceptBundle(bundle, vouched)),
    readPage: (request, limit = MAX_BATCH) => telling(() => hub.page(request, Math.min(limit, MAX_BATCH))),
    publish,
    openHub: () => quietly(hub.open),
    newEpoch: () => telling(hub.newEpoch),
    compact: (upTo) => quietly(() => hub.compact(upTo)),
    devices: hub.devices,
    status,
    stateHash: () => stateHash(read, registry),
    pending: (limit = SHOWN) => listChanges(read, registry, WAITS, [numberFact(read, 'sync_sent')], limit),
    returned: (limit = SHOWN) => listChanges(read, registry, listed('returned'), [], limit),
    setAside: (limit = SHOWN) => listChanges(read, registry, listed('set_aside'), [], limit),
    parked: (limit = SHOWN) => listChanges(read, registry, 'c.state = ?', [STATES.parked], limit),
    replayParked: replay,
    conflicts: (limit = SHOWN) => listConflicts(read, registry, limit),
    resolve: (actor, choice) => {
      const meta = requireRow(choice.entity, choice.row_id);
      const columns = columnsOf(meta, choice.group);
      if (!columns) throw new AppError('INVALID', { field: 'group', detail: 'group_unknown' });
      const values = Object.fromEntries(columns.filter((column) => column in choice.values).map((column) => [column, choice.values[column]]));
      for (const [column, value] of Object.entries(values)) if (!mayHold(meta, column, value)) throw invalid(column, 'wrong_value');
      store.mutate({ actor, origin: BY_HAND }, (tx) => tx.update(meta.name, choice.row_id, values, { settles: true }));
    },
    deleteAgain: (actor, row) => {
      const meta = requireRow(row.entity, row.row_id);
      store.mutate({ actor, origin: BY_HAND }, (tx) => tx.remove(meta.name as Entity, row.row_id, { again: true }));
    },
    applyAgain: () => {
      quietly(() => exchange(store, unsetAside));
      replay();
    },
    dismiss,
    sendAgain,
    contacted: (hubNow) =>
      quietly(() =>
        exchange(store, (x) => {
          x.own.offset = hubNow - store.clock.now();
          setFact(x.db, 'sync_contact', iso(hubNow));
        }),
      ),
    snapshot: async (file, isPacked) => {
      quietly(hub.open);
      publish();
      return takeSnapshot(store, file, isPacked);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      burst.end();
      stop();
      listeners.clear();
    },
  };
}
