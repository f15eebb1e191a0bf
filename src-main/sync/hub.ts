import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { effectiveMoment, type Moment } from '../../src-shared/sync/hlc.ts';
import type { Epoch, LogEntry, LogPlace, PullPage, PullRequest, PushReply, PushRequest, ReturnReason, SyncVerdict, WireChangeset } from '../../src-shared/sync/wire.ts';
import { v7 as uuidv7 } from 'uuid';
import { roleOf, setFact } from '../store/change-log.ts';
import { SCHEMA } from '../store/migrate.ts';
import type { Db } from '../store/sqlite.ts';
import { applyChange, exchange, tentatively, type Exchange } from './exchange.ts';
import { hubSecret, takeHubName } from './identity.ts';
import { imageOf, imagesOf } from './images.ts';
import { judgeOf } from './judge.ts';
import { effectiveOf, entriesBehind, findChange, hashAt, headOf, keepRefused, numberFact, publishOwn, readEpoch, runOf, toWire, unpublished, verifyHash, wholeRunOf, type StoredChange } from './log.ts';
import { giveNumbers, numberEarly } from './numbers.ts';
import { createPages } from './pages.ts';
import { RowTrouble } from './rows.ts';
import type { HubLog, Peer, Vouching } from './types.ts';
import type { OrganizationStore } from '../store/organization-store.ts';

export interface HubOptions {
  store: OrganizationStore;
  log: HubLog;
  /** The hub's own hash, read anew before it is said to differ; null while it is being read. */
  stateHash: (theirs: string) => string | null;
}

export interface Hub {
  open(): Epoch;
  /** At every start: a hub that was put back to a backup must not write again under the name that it had then. */
  takeFreshName(): void;
  /** What was parked until this upgrade and is refused now; its device asks for the verdict. */
  refuseParked(x: Exchange, change: StoredChange, error: unknown): void;
  accept(request: PushRequest, peer: Peer): PushReply;
  /** `accept` inside a transaction of the caller's, who has held the organisation and the hashes against it. */
  judge(x: Exchange, request: PushRequest, peer: Peer): PushReply;
  acceptBundle(bundle: { organization: string; device: string; epoch: string | null; changesets: WireChangeset[] }, vouched: Vouching): SyncVerdict[];
  page(request: PullRequest, limit: number): PullPage;
  /** The parts of `page`: a new life and numbers where the request calls for them; what else is written and read in the transaction; the entries. */
  renew(x: Exchange, request: PullRequest): void;
  answerTo(x: Exchange, request: PullRequest): PageHead;
  fill(answer: PageHead, request: PullRequest, limit: number): PullPage;
  newEpoch(): Epoch;
  /** `newEpoch` inside a transaction of the caller's. */
  begin(x: Exchange): Epoch;
  compact(upTo: number): number;
  devices(): { device: string; position: number; at: string; lag: number }[];
}

type PageHead = Pick<PullPage, 'head' | 'head_hash' | 'epoch' | 'now' | 'rows' | 'verdicts'>;

/** Entries of the hub's own that go with the answer to a push. */
const MAX_FOLLOWING = 8;
/** How old the note of where a device is may become while it reads on. */
const NOTED_MS = 5_000;

/** A link of a device's chain. */
interface Link {
  seq: number;
  hash: string;
}
/** What the first link of a chain names as the one before it. */
const FIRST_LINK = '0'.repeat(64);

interface Refusal {
  kind: 'returned' | 'set_aside';
  reason: ReturnReason;
  why: string | null;
}

/** The hub's side: judges what devices offer, keeps the common order, gives out numbers. */
export function createHub({ store, log, stateHash }: HubOptions): Hub {
  let lastHeldBack: Moment = { time: 0, counter: 0 };
  const pages = createPages(log);

  const checkOrganization = (organization: string): void => {
    if (organization !== store.read.get<{ id: string }>('SELECT id FROM organization LIMIT 1')?.id) throw new AppError('FORBIDDEN', { detail: 'sync_other_organization' });
  };
  const writeEpoch = (x: Exchange, epoch: Epoch): Epoch => {
    setFact(x.db, 'sync_epoch', JSON.stringify(epoch));
    setFact(x.db, 'sync_hub', '1');
    return epoch;
  };
  /**
   * A new life of this hub, under a new name: the old one may have written more. It begins where its log ends, or where that and a
   * device's are last known to have been one. `forgotten`: a life that this log has lost the whole of; whoever comes out of it has nothing
   * in common for certain, and is told so the same way each time.
   */
  const begin = (x: Exchange, common?: number, forgotten?: string): Epoch => {
    const head = Math.min(publishOwn(x.db, x.own.alias), common ?? Number.MAX_SAFE_INTEGER);
    const before = readEpoch(x.db);
    hubSecret(x.db);
    if (before) takeHubName(x);
    // At the very beginning, where it says nothing of the lives that are remembered.
    const lost = forgotten === undefined ? [] : [{ id: forgotten, from: 0 }];
    return writeEpoch(x, { id: uuidv7(), lineage: before ? [...lost, ...before.lineage, { id: before.id, from: head }] : [] });
  };
  const open = (): Epoch => {
    const known = readEpoch(store.read);
    if (known && roleOf(store.read) === 'hub') return known;
    return exchange(store, (x) => {
      let head = headOf(x.db);
      for (const { id } of x.db.all<{ id: number }>('SELECT id FROM changesets WHERE position IS NULL AND state IS NULL ORDER BY id')) x.db.run('UPDATE changesets SET position = ? WHERE id = ?', ++head, id);
      return begin(x);
    });
  };

  /**
   * The present life, or a new one: somebody who knows more of this very life than its log holds, or who has seen a later life, tells that
   * it was put back to an older state without anybody saying so.
   */
  const lifeFor = (x: Exchange, request: { epoch: string | null; newest: LogPlace; cursor: LogPlace }): Epoch => {
    const epoch = readEpoch(x.db) as Epoch;
    if (request.epoch !== epoch.id) return request.epoch === null || epoch.lineage.some((life) => life.id === request.epoch) ? epoch : begin(x, undefined, request.epoch);
    const head = headOf(x.db);
    if (isUnknown(x.db, head, request.cursor)) return begin(x, 0);
    return isUnknown(x.db, head, request.newest) ? begin(x, request.cursor.position) : epoch;
  };

  const refuse = (x: Exchange, change: WireChangeset, { kind, reason, why }: Refusal): SyncVerdict => {
    const refused = { change, kind, reason, why, at: iso(x.now) };
    keepRefused(x.db, refused);
    x.refused.push(refused);
    return { ...placeOf(change), verdict: kind, reason, why, rows: change.void ? [] : imagesOf(x, change.ops), ...present(x.db) };
  };
  /** The answer to one that was answered before; null for a new one. */
  const answered = (x: Exchange, change: WireChangeset): SyncVerdict | null => {
    const place = placeOf(change);
    const known = findChange(x.db, x.rows.aliases, change.device, change.seq);
    if (known) {
      if (known.hash.toString('hex') !== change.hash) return { ...place, verdict: 'forked' };
      if (known.position === null) return { ...place, verdict: 'parked' };
      const { time, counter } = effectiveOf(known);
      return { ...place, verdict: 'accepted', position: known.position, effective: [time, counter], duplicate: true };
    }
    const refused = x.db.get<{ hash: Buffer; kind: Refusal['kind']; reason: ReturnReason; why: string | null }>('SELECT hash, kind, reason, why FROM local_sync_refused WHERE device = ? AND seq = ?', change.device, change.seq);
    if (!refused) return null;
    if (refused.hash.toString('hex') !== change.hash) return { ...place, verdict: 'forked' };
    return { ...place, verdict: refused.kind, reason: refused.reason, why: refused.why, rows: change.void ? [] : imagesOf(x, change.ops), ...present(x.db) };
  };
  /** The hash of a link of a device's chain, of which it was answered what became of it; null for one that is not known. */
  const linkAt = (x: Exchange, device: string, seq: number): string | null =>
    seq === 0 ? FIRST_LINK : ((findChange(x.db, x.rows.aliases, device, seq) ?? x.db.get<{ hash: Buffer }>('SELECT hash FROM local_sync_refused WHERE device = ? AND seq = ?', device, seq))?.hash.toString('hex') ?? null);
  /** Which link of its chain has to come before this one: the first that is not known, or the one before it where that is another one here (of a clone); null for none. */
  const missingBefore = (x: Exchange, { device, seq, prev_hash }: WireChangeset): number | null => {
    if (seq === 1) return null;
    const before = linkAt(x, device, seq - 1);
    if (before !== null) return before === prev_hash ? null : seq - 1;
    let first = seq - 1;
    while (first > 1 && linkAt(x, device, first - 1) === null) first--;
    return first;
  };

  const takeIn = (x: Exchange, change: WireChangeset, peer: Peer, position: number): SyncVerdict => {
    const place = placeOf(change);
    if (change.void) return refuse(x, change, { kind: 'returned', reason: 'void', why: null });
    x.rows.aliases.of(change.device);
    const effective = effectiveMoment({ time: change.stamp[0], counter: change.stamp[1] }, x.now, lastHeldBack);
    return tentatively<SyncVerdict>(
      x,
      () => {
        const done = applyChange(x, change, { position, effective, judge: judgeOf(x, change, peer) });
        if (effective.time !== change.stamp[0]) lastHeldBack = effective;
        return done === 'parked' ? { ...place, verdict: 'parked' } : { ...place, verdict: 'accepted', position, effective: [effective.time, effective.counter], duplicate: false };
      },
      (error) => refuse(x, change, refusalOf(error)),
    );
  };

  /** The last link of a device's chain of which anything is known here. */
  const endOfChain = (x: Exchange, device: string): Link => {
    const none: Link = { seq: 0, hash: FIRST_LINK };
    const alias = x.rows.aliases.known(device);
    const taken = alias === null ? none : (x.db.get<Link>('SELECT seq, lower(hex(hash)) AS hash FROM changesets WHERE device = ? ORDER BY seq DESC LIMIT 1', alias) ?? none);
    const refused = x.db.get<Link>('SELECT seq, lower(hex(hash)) AS hash FROM local_sync_refused WHERE device = ? ORDER BY seq DESC LIMIT 1', device) ?? none;
    return refused.seq > taken.seq ? refused : taken;
  };
  /** Takes in what its author brings. `ends`: ends of chains, as far as they have been read. */
  const ofAuthor = (x: Exchange, change: WireChangeset, peer: Peer, position: number, ends: Map<string, Link>): SyncVerdict => {
    const end = ends.get(change.device) ?? endOfChain(x, change.device);
    if (change.seq !== end.seq + 1 || change.prev_hash !== end.hash) {
      const before = answered(x, change);
      if (before && before.verdict !== 'forked') return before;
      // Where two histories part is further back.
      const missing = missingBefore(x, change);
      if (missing !== null) return { ...placeOf(change), seq: missing, verdict: 'expected' };
      if (before) return before;
    }
    const verdict = takeIn(x, change, peer, position);
    ends.set(change.device, change.seq > end.seq ? change : end);
    return verdict;
  };
  /** What one device brings of another waits for that one, unless there is proof. */
  const ofRelay = (x: Exchange, change: WireChangeset, vouched: Vouching | undefined, position: number): SyncVerdict => {
    // That it was returned is for its author to tell: remembered from others, it would refuse what he may offer for judgement again.
    if (change.void) return { ...placeOf(change), verdict: 'returned', reason: 'void', why: null, rows: [], ...present(x.db) };
    const before = answered(x, change);
    if (before && before.verdict !== 'forked') return before;
    const link = linkAt(x, change.device, change.seq - 1);
    // Of a history that has parted from the one here, whether at this link or before it.
    if (before || (link !== null && link !== change.prev_hash)) return { ...placeOf(change), verdict: 'returned', reason: 'forked', why: null, rows: imagesOf(x, change.ops), ...present(x.db) };
    const author = vouched?.(change);
    // The beginning of what is offered was lost on its way: applied before it, this one would not replace what it has seen.
    if (author && change.linked && link === null) return { ...placeOf(change), seq: change.seq - 1, verdict: 'expected' };
    return author ? takeIn(x, change, { device: change.device, actors: author.actors }, position) : { ...placeOf(change), verdict: 'parked' };
  };

  const judge = (x: Exchange, request: PushRequest, peer: Peer): PushReply => {
    publishOwn(x.db, x.own.alias);
    const epoch = lifeFor(x, request);
    let head = publishOwn(x.db, x.own.alias);
    const verdicts: SyncVerdict[] = [];
    const ends = new Map<string, Link>();
    // Out of an earlier life: what these changes build on may be lost here, and comes first once the device knows.
    if (request.epoch !== null && request.epoch !== epoch.id) return { epoch, now: x.now, head, verdicts };
    if (store.isAuthority() && epoch.lineage.length === 0 && !x.apart) numberEarly(x);
    for (const change of request.changesets) {
      const verdict = change.device === request.device ? ofAuthor(x, change, peer, head + 1, ends) : ofRelay(x, change, peer.vouched, head + 1);
      if (verdict.verdict === 'accepted') head = Math.max(head, verdict.position);
      verdicts.push(verdict);
      if (verdict.verdict === 'forked' || verdict.verdict === 'expected') break;
    }
    if (store.isAuthority()) {
      const restored = epoch.lineage.length > 0;
      giveNumbers(x, { missing: !(request.more && restored), twice: restored });
      head = publishOwn(x.db, x.own.alias);
    }
    const last = runOf(verdicts)?.at(-1);
    return { epoch, now: x.now, head, verdicts, ...(last ? { follows: entriesBehind(x.db, last.position, MAX_FOLLOWING) } : {}) };
  };

  /** Parked changesets of a device that were refused since. */
  const refusedOf = (x: Exchange, parked: PullRequest['parked']): SyncVerdict[] =>
    parked.flatMap(({ device, seq, hash }) => {
      const found = x.db.get<{ changeset: string }>('SELECT changeset FROM local_sync_refused WHERE device = ? AND seq = ? AND hash = ?', device, seq, Buffer.from(hash, 'hex'));
      return (found && answered(x, JSON.parse(found.changeset) as WireChangeset)) ?? [];
    });

  const renew = (x: Exchange, request: PullRequest): void => {
    publishOwn(x.db, x.own.alias);
    const epoch = lifeFor(x, request);
    if (epoch.lineage.length === 0 || !store.isAuthority()) return;
    giveNumbers(x, { missing: true, twice: false });
    publishOwn(x.db, x.own.alias);
  };
  const answerTo = (x: Exchange, request: PullRequest): PageHead => {
    const epoch = readEpoch(x.db) as Epoch;
    x.db.run(
      'INSERT INTO local_sync_cursors (device, position, at, schema, state) VALUES (?, ?, ?, ?, ?) ON CONFLICT (device) DO UPDATE SET position = excluded.position, at = excluded.at, schema = excluded.schema, state = excluded.state',
      request.device,
      request.cursor.position,
      iso(x.now),
      SCHEMA,
      request.state,
    );
    const same = request.epoch === epoch.id;
    const { position: head, place_hash: head_hash } = present(x.db);
    return { head, head_hash, epoch, now: x.now, rows: same ? request.rows.flatMap(({ entity, id }) => imageOf(x, entity, id) ?? []) : [], verdicts: same ? refusedOf(x, request.parked) : [] };
  };
  /** The answer to a device that reads a long log, without writing down where it is each time; null where more is to be done than to read. */
  const inPassing = (request: PullRequest): PageHead | null => {
    const epoch = readEpoch(store.read);
    if (request.state !== null || request.rows.length > 0 || request.parked.length > 0 || request.epoch !== epoch?.id || epoch.lineage.length > 0) return null;
    const head = headOf(store.read);
    const now = store.clock.now() + store.own.offset;
    const noted = store.read.get<{ at: string }>('SELECT at FROM local_sync_cursors WHERE device = ?', request.device)?.at;
    if (head <= request.cursor.position || !noted || noted < iso(now - NOTED_MS) || noted > iso(now)) return null;
    if (isUnknown(store.read, head, request.cursor) || isUnknown(store.read, head, request.newest)) return null;
    return unpublished(store.read, store.own.alias).length > 0 ? null : { head, epoch, now, rows: [], verdicts: [] };
  };
  const fill = (answer: PageHead, request: PullRequest, limit: number): PullPage => {
    const floor = log.floor();
    const same = request.epoch === answer.epoch.id;
    const snapshotRequired = same && request.cursor.position < floor;
    const entries = same && !snapshotRequired ? pages.read(answer.epoch.id, request.cursor.position, limit, answer.head) : [];
    const last = entries.at(-1)?.position ?? request.cursor.position;
    const state = same && entries.length === 0 && request.state !== null && last === answer.head ? stateHash(request.state) : null;
    return { ...answer, since: request.cursor.position, floor, snapshot_required: snapshotRequired, state, entries };
  };

  return {
    open,
    refuseParked: (x, change, error) => {
      x.db.run('DELETE FROM changesets WHERE id = ?', change.id);
      refuse(x, toWire(change), refusalOf(error));
    },
    takeFreshName: () =>
      exchange(store, (x) => {
        publishOwn(x.db, x.own.alias);
        const written = x.db.get('SELECT 1 FROM changesets WHERE device = ? LIMIT 1', x.own.alias);
        if (written) takeHubName(x);
      }),
    accept: (request, peer) => {
      checkOrganization(request.organization);
      open();
      for (const change of request.changesets) verifyHash(change);
      const reply = exchange(store, (x) => judge(x, request, peer));
      pages.keep(placed(request, reply));
      return reply;
    },
    judge,
    acceptBundle: (bundle, vouched) => {
      checkOrganization(bundle.organization);
      open();
      for (const change of bundle.changesets) verifyHash(change);
      return exchange(store, (x) => {
        let head = publishOwn(x.db, x.own.alias);
        const epoch = readEpoch(x.db);
        if (bundle.epoch !== epoch?.id) throw new AppError('CONFLICT', { detail: 'sync_bundle_other_life' });
        const verdicts: SyncVerdict[] = [];
        for (const change of bundle.changesets) {
          const verdict = ofRelay(x, change, vouched, head + 1);
          if (verdict.verdict === 'accepted') head = Math.max(head, verdict.position);
          verdicts.push(verdict);
          // What follows may build on what is missing.
          if (verdict.verdict === 'expected') break;
        }
        if (store.isAuthority()) giveNumbers(x, { missing: true, twice: epoch.lineage.length > 0 });
        publishOwn(x.db, x.own.alias);
        return verdicts;
      });
    },
    page: (request, limit) => {
      checkOrganization(request.organization);
      open();
      const answer = inPassing(request) ?? exchange(store, (x) => {
        renew(x, request);
        return answerTo(x, request);
      });
      return fill(answer, request, limit);
    },
    renew,
    answerTo,
    fill,
    newEpoch: () => exchange(store, (x) => begin(x)),
    begin,
    compact: (upTo) =>
      exchange(store, (x) => {
        const until = Math.min(upTo, headOf(x.db));
        if (until <= numberFact(x.db, 'sync_floor')) return 0;
        x.db.run('DELETE FROM change_rows WHERE changeset IN (SELECT id FROM changesets WHERE position <= ?)', until);
        const { changes } = x.db.run("UPDATE changesets SET ops = '[]', before = '[]' WHERE position <= ? AND ops <> '[]'", until);
        setFact(x.db, 'sync_floor', String(until));
        pages.forget();
        return changes;
      }),
    devices: () => {
      const head = log.head();
      return store.read
        .all<{ device: string; position: number; at: string }>('SELECT device, position, at FROM local_sync_cursors ORDER BY at DESC')
        .map((one) => ({ ...one, lag: Math.max(0, head - one.position) }));
    },
  };
}

const refusalOf = (error: unknown): Refusal =>
  error instanceof RowTrouble
    ? { kind: error.reason === 'failed' ? 'set_aside' : 'returned', reason: error.reason, why: error.why }
    : { kind: 'set_aside', reason: 'failed', why: error instanceof Error ? error.message.slice(0, 200) : null };

/** Whether this log has something else, or nothing, where another copy has seen a change. */
const isUnknown = (db: Db, head: number, { position, hash }: LogPlace): boolean => position > head || (hash !== null && hashAt(db, position) !== hash);

/** What a push has put into the log, and what follows it there, as it would be read; nothing where it is not all of what stands there, or would be read otherwise. */
function placed({ device, changesets }: PushRequest, { head, verdicts, follows }: PushReply): LogEntry[] {
  const run = wholeRunOf(verdicts, changesets);
  if (!run || !follows || (follows.at(-1) ?? run.at(-1))?.position !== head) return [];
  // What one takes back is named as far as it is known here, and what is brought of others may say more of the way than of the change.
  if (changesets.some((change) => change.device !== device || change.undoes !== null)) return [];
  return [...run.map(({ position, effective }, index) => ({ ...(changesets[index] as WireChangeset), position, effective })), ...follows];
}

/** The end of the log, for rows that are told as they stand there. */
const present = (db: Db): { position: number; place_hash: string | null } => {
  const position = headOf(db);
  return { position, place_hash: hashAt(db, position) };
};

const placeOf = ({ device, seq, hash }: WireChangeset) => ({ device, seq, hash });
