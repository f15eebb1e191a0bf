import { iso } from '../../src-shared/kernel/clock.ts';
import { effectiveMoment } from '../../src-shared/sync/hlc.ts';
import { MAX_ROWS, PROTOCOL, type Epoch, type LogEntry, type PullPage, type PullRequest, type PushReply, type PushRequest, type SyncVerdict, type WireChangeset } from '../../src-shared/sync/wire.ts';
import { OP_KINDS, setFact, type Op } from '../store/change-log.ts';
import type { EntityMeta } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { adoptEffective, applyChange, exchange, listSetAside, startOver, takeId, tentatively, type Exchange } from './exchange.ts';
import { takeNewName } from './identity.ts';
import { hasBases, isBehindChain, standHere, type Here } from './here.ts';
import { doubtBases, doubtedRows, doubtRow, doubtRows, installImages } from './images.ts';
import { judgeOf } from './judge.ts';
import { asideName, findChange, fitting, hashAt, headOf, insertChange, isNotAccepted, listReturned, nextId, numberFact, readEpoch, runOf, SELECT_CHANGES, STATES, toWire, verifyHash, type KnownChange, type StoredChange } from './log.ts';
import { readNumbersEarly } from './numbers.ts';
import { rowIdsOf } from './ops.ts';
import { placeRun } from './place-run.ts';
import { doubtPlace, doubtPlaced, forgetPlaces, isElsewhere, isTakenFromLost, newestOf, noteTaken, placeAt } from './places.ts';
import type { Applied, BundleApplied, Vouching } from './types.ts';

/** A device's side: offers what waits, takes the hub's verdicts, applies the common log. */
export interface Device {
  takePush(limit: number, skip: number): PushRequest | null;
  acknowledge(reply: PushReply): Applied;
  pullRequest(state: string | null): PullRequest;
  applyPage(page: PullPage): Applied;
  applyBundle(changesets: readonly WireChangeset[], vouched: Vouching): BundleApplied;
}

const NOTHING: Applied = { applied: 0, acknowledged: 0, returned: 0, more: false, again: false, snapshotRequired: false, renamed: false };
/** The ops of one push stay about as long as this, in characters. */
const PUSH_CHARACTERS = 4_000_000;
/** Changesets that the hub has not placed: waiting, or returned without its knowing it. */
const WAITING = `c.position IS NULL AND c.ops <> '[]' AND (c.state IS NULL OR c.state IN (${STATES.untold}, ${STATES.parked}))`;

/** Whether the values of a change are in no row, since the hub did not accept it or this copy could not apply it. */
const isLeftOut = (known: KnownChange): boolean => isNotAccepted(known.state) || known.unapplied === 1;

export function createDevice(store: OrganizationStore): Device {
  const organizationId = (): string => store.read.get<{ id: string }>('SELECT id FROM organization LIMIT 1')?.id ?? '';

  /** Moves the mark below which nothing waits. */
  const moveMark = (x: Exchange): void => {
    const from = numberFact(x.db, 'sync_sent');
    const waiting = x.db.get<{ id: number }>(`SELECT c.id FROM changesets c WHERE c.id > ? AND ${WAITING} ORDER BY c.id LIMIT 1`, from);
    const last = waiting ? waiting.id - 1 : nextId(x.db) - 1;
    if (last > from) setFact(x.db, 'sync_sent', String(last));
  };
  /** A new life of the hub: what it had after the point where it began is no longer placed, and is offered again. */
  const adoptEpoch = (x: Exchange, epoch: Epoch): 'same' | 'new' | 'stale' => {
    const known = readEpoch(x.db);
    if (known?.id === epoch.id) return 'same';
    // An answer out of an earlier life that was long under way.
    if (known?.lineage.some((life) => life.id === epoch.id)) return 'stale';
    setFact(x.db, 'sync_epoch', JSON.stringify(epoch));
    if (!known) return 'same';
    const place = epoch.lineage.findIndex((life) => life.id === known.id);
    const from = place < 0 ? 0 : Math.min(...epoch.lineage.slice(place).map((life) => life.from));
    x.db.run('UPDATE changesets SET state = ? WHERE state IN (?, ?) AND position IS NULL', STATES.untold, STATES.returned, STATES.setAside);
    x.db.run('UPDATE changesets SET state = NULL WHERE state = ? AND position IS NULL', STATES.parkedAtHub);
    x.db.run('UPDATE changesets SET position = NULL WHERE position > ?', from);
    doubtBases(x.db, from);
    setFact(x.db, 'sync_cursor', String(Math.min(numberFact(x.db, 'sync_cursor'), from)));
    setFact(x.db, 'sync_sent', '0');
    forgetPlaces(x.db);
    return 'new';
  };
  const place = (x: Exchange, here: Here, known: KnownChange, position: number, effective: readonly [number, number]): void => {
    x.db.run('UPDATE changesets SET position = ?, state = CASE WHEN state = ? THEN state END WHERE id = ?', position, STATES.parked, known.id);
    // It was in rows already that were taken over while it seemed to wait, and was done on them a second time, over what had replaced it.
    if (here.anyBases && hasBases(x, position - 1)) doubtRows(x, opsOf(x, known.id), (row) => x.db.get('SELECT 1 FROM local_sync_bases WHERE id = ? AND position >= ?', row, position) !== undefined);
    here.head = Math.max(here.head, position);
    adoptEffective(x, known, { time: effective[0], counter: effective[1] });
  };
  const giveBack = (x: Exchange, here: Here, id: number, verdict: Extract<SyncVerdict, { verdict: 'returned' | 'set_aside' }>): void => {
    x.db.run('UPDATE changesets SET state = ? WHERE id = ?', verdict.verdict === 'returned' ? STATES.returned : STATES.setAside, id);
    listReturned(x.db, id, { kind: verdict.verdict, reason: verdict.reason, why: verdict.why, at: iso(x.now) });
    const ops = opsOf(x, id);
    if (verdict.reason === 'forked') leaveBranch(x, id);
    const taken = installImages(x, verdict.rows, verdict.position);
    here.anyBases = true;
    noteTaken(x.db, verdict.position, verdict.place_hash);
    // Of rows of a table that an older hub does not know it can say nothing: they are asked for again, as those that could not be taken over.
    doubtRows(x, ops, (row) => !taken.has(row));
  };

  const takeVerdict = (x: Exchange, here: Here, verdict: SyncVerdict, done: Applied): void => {
    const known = findChange(x.db, x.rows.aliases, verdict.device, verdict.seq);
    if (verdict.verdict !== 'expected' && known?.hash.toString('hex') !== verdict.hash) return;
    switch (verdict.verdict) {
      case 'forked':
        if (verdict.device === x.own.id) {
          takeNewName(x, verdict.seq);
          done.renamed = true;
        }
        return;
      case 'expected':
        if (verdict.device !== x.own.id) {
          if (known && known.position !== null) doubtPlace(x.db, known.position);
          return;
        }
        if (!known) {
          // What the hub misses is not here either: the chain goes on under another name.
          takeNewName(x, firstUnplaced(x));
          done.renamed = true;
          return;
        }
        // Of what was refused it knows nothing any more, and is told so. What it had parked is offered again, unless a place is in doubt.
        x.db.run(`UPDATE changesets SET state = ? WHERE device = ? AND seq >= ? AND position IS NULL AND state IN (${STATES.returned}, ${STATES.setAside})`, STATES.untold, x.own.alias, verdict.seq);
        if (!doubtPlaced(x, verdict.seq)) x.db.run(`UPDATE changesets SET state = NULL WHERE device = ? AND seq >= ? AND state = ${STATES.parkedAtHub}`, x.own.alias, verdict.seq);
        setFact(x.db, 'sync_sent', '0');
        return;
      case 'accepted':
        // A late answer out of a log that the hub has lost since: the place is another one's by now.
        if (!known || known.position !== null || (verdict.position <= here.head && hashAt(x.db, verdict.position) !== null)) return;
        // In the log by another way: the page that brings it applies it.
        if (isLeftOut(known)) {
          if (known.state === STATES.untold) x.db.run('UPDATE changesets SET state = ? WHERE id = ?', STATES.returned, known.id);
          else if (known.state === null) x.db.run('UPDATE changesets SET state = ? WHERE id = ?', STATES.parkedAtHub, known.id);
          return;
        }
        place(x, here, known, verdict.position, verdict.effective);
        done.acknowledged++;
        return;
      case 'parked':
        if (known?.position === null && known.state === null) x.db.run('UPDATE changesets SET state = ? WHERE id = ?', STATES.parkedAtHub, known.id);
        return;
      default:
        if (!known || known.position !== null) return;
        if (known.state === STATES.untold) x.db.run('UPDATE changesets SET state = ? WHERE id = ?', STATES.returned, known.id);
        else if (known.state === null || known.state === STATES.parkedAtHub) {
          giveBack(x, here, known.id, verdict);
          done.returned++;
        }
    }
  };

  /** `beside`: changes stand here behind the cursor. @returns false where the page has to wait for the answer to a push. */
  const applyEntry = (x: Exchange, here: Here, entry: LogEntry, done: Applied, { skip, beside }: { skip: Skip | undefined; beside: boolean }): boolean => {
    const known = isBehindChain(x, here, entry) ? undefined : findChange(x.db, x.rows.aliases, entry.device, entry.seq);
    const same = known?.hash.toString('hex') === entry.hash;
    if (beside && isElsewhere(x, entry, same ? known : undefined)) return false;
    const leftOut = same && known?.position === null && isLeftOut(known);
    if (known && same && !leftOut) {
      if (known.position === null) {
        place(x, here, known, entry.position, entry.effective);
        done.acknowledged++;
      }
      return true;
    }
    let other = leftOut ? undefined : known;
    if (entry.device === x.own.id && !leftOut) {
      takeNewName(x, forkOf(x, entry));
      done.renamed = true;
      other = findChange(x.db, x.rows.aliases, entry.device, entry.seq);
    }
    // Another history under that device's name, lost by everybody else: the hub has to say first what becomes of it.
    if (other && other.state === null) return false;
    if (other) moveAside(x, other.id);
    // Not accepted in an earlier life of the hub, and accepted now by whatever way: its values are in no row here.
    if (known && leftOut) takeOut(x, known.id);
    x.rows.aliases.of(entry.device);
    const effective = { time: entry.effective[0], counter: entry.effective[1] };
    tentatively(
      x,
      () => {
        applyChange(x, entry, { position: entry.position, effective, skip });
        done.applied++;
      },
      (error) => setAside(x, entry, effective, error),
    );
    // What was taken over when it was not accepted may be of a log that is lost.
    if (leftOut) doubtRows(x, entry.ops, () => true);
    if (known && leftOut) x.db.run('UPDATE changesets SET undoes = (SELECT id FROM changesets WHERE device = ? AND seq = ?) WHERE undoes = ?', x.rows.aliases.of(entry.device), entry.seq, known.id);
    return true;
  };
  const moveCursor = (x: Exchange, at: number): void => {
    setFact(x.db, 'sync_cursor', String(at));
    if (isTakenFromLost(x.db, at)) doubtBases(x.db, 0);
    else x.db.run('DELETE FROM local_sync_bases WHERE position BETWEEN 0 AND ?', at);
  };
  /** Own changes that got their places right behind the cursor, and what the hub wrote behind them, need not be fetched. */
  const readOwn = (x: Exchange, here: Here, verdicts: readonly SyncVerdict[], follows: readonly LogEntry[], done: Applied): void => {
    const run = runOf(verdicts);
    const cursor = numberFact(x.db, 'sync_cursor');
    // All of them have got their places just now.
    if (!run || run[0]?.position !== cursor + 1 || run.length !== done.acknowledged) return;
    let at = cursor + run.length;
    const anyBases = hasBases(x, at);
    for (const entry of follows) {
      if (entry.position !== at + 1 || !applyEntry(x, here, entry, done, { skip: anyBases ? skipOf(x, entry.position) : undefined, beside: true })) break;
      at = entry.position;
    }
    moveCursor(x, at);
  };
  const setAside = (x: Exchange, entry: LogEntry, effective: { time: number; counter: number }, error: unknown): void => {
    const id = takeId(x);
    insertChange(x.db, x.rows.aliases, id, entry, { before: [], position: entry.position, effective, state: STATES.setAside });
    listSetAside(x, id, error);
  };

  return {
    takePush: (limit, skip) => {
      const db = store.read;
      const waiting = db.iterate<StoredChange>(`${SELECT_CHANGES} WHERE c.id IN (SELECT c.id FROM changesets c WHERE c.id > ? AND ${WAITING} ORDER BY c.id LIMIT ? OFFSET ?) ORDER BY c.id`, numberFact(db, 'sync_sent'), limit + 1, skip);
      const { changes, isMore } = fitting(waiting, limit, PUSH_CHARACTERS);
      if (changes.length === 0) return null;
      const offered = alongChain(db, store.own.alias, changes);
      const changesets = offered.slice(0, limit).map((change): WireChangeset => ({ ...toWire(change), ...(change.state === STATES.untold ? { void: true } : change.device !== store.own.alias && isLinked(db, change) ? { linked: true } : {}) }));
      return { protocol: PROTOCOL, organization: organizationId(), device: store.own.id, epoch: readEpoch(db)?.id ?? null, cursor: placeAt(db, numberFact(db, 'sync_cursor')), newest: newestOf(db), changesets, more: isMore || offered.length > limit };
    },
    acknowledge: (reply) => {
      for (const entry of reply.follows ?? []) verifyHash(entry);
      return exchange(store, (x) => {
        const done = { ...NOTHING };
        const known = readEpoch(x.db);
        const life = adoptEpoch(x, reply.epoch);
        if (life === 'stale') return done;
        done.again = life === 'new';
        const here = standHere(x);
        done.acknowledged = placeRun(x, here, reply.verdicts);
        if (done.acknowledged === 0) for (const verdict of reply.verdicts) takeVerdict(x, here, verdict, done);
        if (known?.id === reply.epoch.id && reply.follows) readOwn(x, here, reply.verdicts, reply.follows, done);
        moveMark(x);
        return done;
      });
    },
    pullRequest: (state) => {
      const db = store.read;
      const position = numberFact(db, 'sync_cursor');
      return { protocol: PROTOCOL, organization: organizationId(), device: store.own.id, epoch: readEpoch(db)?.id ?? null, cursor: placeAt(db, position), newest: newestOf(db), state, rows: doubtedRows(db, store.registry, MAX_ROWS), parked: db.all<StoredChange>(`${SELECT_CHANGES} WHERE c.state = ? AND c.position IS NULL ORDER BY c.id LIMIT ?`, STATES.parkedAtHub, MAX_ROWS).map(({ device_id, seq, hash }) => ({ device: device_id, seq, hash: hash.toString('hex') })) };
    },
    applyPage: (page) => {
      for (const entry of page.entries) verifyHash(entry);
      return exchange(store, (x) => {
        const done = { ...NOTHING };
        const known = readEpoch(x.db);
        if (adoptEpoch(x, page.epoch) !== 'same' || !known) return { ...done, again: true };
        const cursor = numberFact(x.db, 'sync_cursor');
        if (page.snapshot_required && cursor < page.floor) return { ...done, snapshotRequired: true };
        const here = standHere(x);
        for (const verdict of page.verdicts) takeVerdict(x, here, verdict, done);
        if (installImages(x, page.rows, page.head, true).size > 0) {
          here.anyBases = true;
          noteTaken(x.db, page.head, page.head_hash);
        }
        let at = cursor;
        const anyBases = hasBases(x, cursor);
        const beside = headOf(x.db) > cursor;
        doubtPlace(x.db, null);
        if (!x.apart) readNumbersEarly(x, page.entries);
        for (const entry of page.entries) {
          if (entry.position <= cursor && isElsewhere(x, entry)) break;
          if (entry.position <= at) continue;
          if (entry.position !== at + 1) break;
          if (!applyEntry(x, here, entry, done, { skip: anyBases ? skipOf(x, entry.position) : undefined, beside })) break;
          at = entry.position;
        }
        if (x.rows.early.unsaid().length > 0) startOver();
        if (at > cursor) moveCursor(x, at);
        setFact(x.db, 'sync_head', String(Math.max(page.head, at)));
        if (page.state !== null && at === page.head) setFact(x.db, 'sync_hub_state', page.state);
        moveMark(x);
        return { ...done, more: at < page.head };
      });
    },
    applyBundle: (changesets, vouched) => {
      for (const change of changesets) verifyHash(change);
      return exchange(store, (x) => {
        const done: BundleApplied = { applied: 0, known: 0, left: 0 };
        for (const [index, change] of changesets.entries()) {
          const fate = applyBundled(x, change, vouched);
          if (fate === 'left') return { ...done, left: changesets.length - index };
          done[fate]++;
        }
        return done;
      });
    },
  };
}

/** The same with each own change behind those before it in its chain: a snapshot has brought it back before them, where only they were not in it. */
function alongChain(db: Db, own: number, changes: readonly StoredChange[]): readonly StoredChange[] {
  const done = new Map<number, StoredChange>();
  let last = 0;
  for (const change of changes) {
    const first: StoredChange[] = [change];
    for (let next: StoredChange | undefined = change; next?.device === own && next.seq !== last + 1; ) {
      next = db.get<StoredChange>(`${SELECT_CHANGES} WHERE c.device = ? AND c.seq = ? AND c.id > ? AND ${WAITING}`, own, next.seq - 1, change.id);
      if (next) first.unshift(next);
    }
    for (const one of first) done.set(one.id, one);
    if (change.device === own) last = change.seq;
  }
  return [...done.values()];
}

/** Whether the link before a change in its chain is in this copy too, and goes where this one goes before it, or has gone. `also`: what goes besides what waits. */
export const isLinked = (db: Db, { device, seq, id }: StoredChange, also: readonly number[] = []): boolean =>
  db.get(`SELECT 1 FROM changesets c WHERE c.device = ? AND c.seq = ? AND (c.position IS NOT NULL OR (c.id < ? AND c.ops <> '[]' AND (c.state IS NULL OR c.state IN (${[STATES.parked, ...also].join()}))))`, device, seq - 1, id) !== undefined;

function applyBundled(x: Exchange, change: WireChangeset, vouched: Vouching): keyof BundleApplied {
  const known = findChange(x.db, x.rows.aliases, change.device, change.seq);
  if (known) return known.hash.toString('hex') === change.hash ? 'known' : 'left';
  const author = vouched(change);
  if (!author || change.device === x.own.id) return 'left';
  // What it may have replaced is not here yet.
  if (change.linked && !findChange(x.db, x.rows.aliases, change.device, change.seq - 1)) return 'left';
  x.rows.aliases.of(change.device);
  return tentatively<keyof BundleApplied>(
    x,
    () => {
      const effective = effectiveMoment({ time: change.stamp[0], counter: change.stamp[1] }, x.now, { time: 0, counter: 0 });
      applyChange(x, change, { position: null, effective, judge: judgeOf(x, change, { device: change.device, actors: author.actors }) });
      return 'applied';
    },
    () => 'left',
  );
}

const opsOf = (x: Exchange, id: number): string => x.db.get<{ ops: string }>('SELECT ops FROM changesets WHERE id = ?', id)?.ops ?? '[]';

/** Takes a change that was left out away with its place in the history, so that it is applied like any other. */
function takeOut(x: Exchange, id: number): void {
  for (const row of rowIdsOf(opsOf(x, id))) {
    for (const meta of x.registry.values()) {
      const rid = x.db.get<{ rid: number }>(meta.ridSql, row)?.rid;
      if (rid !== undefined) x.db.run('DELETE FROM change_rows WHERE entity = ? AND row = ? AND changeset = ?', meta.code, rid, id);
    }
  }
  x.db.run('DELETE FROM local_sync_returned WHERE changeset = ?', id);
  x.db.run('DELETE FROM changesets WHERE id = ?', id);
}

/** Moves a change of another history aside, and what follows it in that one: the hub would take that for what follows in its own. */
function leaveBranch(x: Exchange, id: number): void {
  const at = x.db.get<{ device: number; seq: number }>('SELECT device, seq FROM changesets WHERE id = ?', id);
  moveAside(x, id);
  if (!at) return;
  for (const later of x.db.all<{ id: number; ops: string }>('SELECT id, ops FROM changesets WHERE device = ? AND seq > ? AND position IS NULL AND (state IS NULL OR state = ?) ORDER BY seq', at.device, at.seq, STATES.parkedAtHub)) {
    listReturned(x.db, later.id, { kind: 'returned', reason: 'forked', why: null, at: iso(x.now) });
    moveAside(x, later.id);
    doubtRows(x, later.ops, () => true);
  }
}

/** Frees the place of a change in its device's chain for the one that everybody else has there; it stays readable, once. */
function moveAside(x: Exchange, id: number): void {
  const change = x.db.get<{ device: string; seq: number; hash: Buffer }>('SELECT d.id AS device, c.seq, c.hash FROM changesets c JOIN devices d ON d.alias = c.device WHERE c.id = ?', id);
  if (!change) return;
  const aside = asideName(change.device, change.hash);
  const before = findChange(x.db, x.rows.aliases, aside, change.seq);
  if (before) {
    x.db.run('UPDATE OR IGNORE local_sync_returned SET changeset = ? WHERE changeset = ?', before.id, id);
    x.db.run('UPDATE changesets SET undoes = ? WHERE undoes = ?', before.id, id);
    takeOut(x, id);
  } else x.db.run('UPDATE changesets SET device = ?, state = ? WHERE id = ?', x.rows.aliases.of(aside), STATES.movedAside, id);
}

/** Where another copy's history under this name leaves ours. */
function forkOf(x: Exchange, entry: LogEntry): number {
  const before = x.db.get<{ hash: Buffer }>('SELECT hash FROM changesets WHERE device = ? AND seq = ?', x.own.alias, entry.seq - 1);
  if (entry.seq === 1 || before?.hash.toString('hex') === entry.prev_hash) return entry.seq;
  return firstUnplaced(x);
}

const firstUnplaced = (x: Exchange): number => x.db.get<{ seq: number }>('SELECT seq FROM changesets WHERE device = ? AND position IS NULL ORDER BY seq LIMIT 1', x.own.alias)?.seq ?? Number.MAX_SAFE_INTEGER;

type Skip = (op: Pick<Op, 't' | 'i' | 'k'>) => boolean;

/** Rows that were taken over from the hub as they stood later than this entry. Where it had none of a row that is made here, that was in a log which is lost. */
function skipOf(x: Exchange, position: number): Skip {
  return (op) => {
    const meta = (x.registry as ReadonlyMap<string, EntityMeta>).get(op.t);
    if (!meta || !x.db.get('SELECT 1 FROM local_sync_bases WHERE entity = ? AND id = ? AND position >= ?', meta.code, op.i, position)) return false;
    const isLost = op.k === OP_KINDS.create && !x.rows.read(meta, op.i) && !x.rows.isPurged(meta, op.i);
    if (isLost) doubtRow(x, { entity: op.t, id: op.i });
    return !isLost;
  };
}
