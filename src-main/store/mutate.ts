import type { Entity } from '../../src-shared/audit/model.ts';
import type { Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { PolicyContext } from '../../src-shared/kernel/permissions.ts';
import { appendChangeset, nextInChain, type OwnDevice } from './change-log.ts';
import { clientRids, recordRow, type IndexLater } from './derived.ts';
import type { Registry } from './entity.ts';
import { SCHEMA } from './migrate.ts';
import { storeError, type Db } from './sqlite.ts';
import { openTx, type Tx, type TxState, type WriteContext } from './tx.ts';

/** What subscribers hear after a commit. */
export interface Committed {
  position: number;
  entities: Entity[];
  ids: string[];
  /** All rows by their rids, however many: for what is kept beside rows. */
  rids: Rids;
}

export type Rids = ReadonlyMap<Entity, ReadonlySet<number>>;

export interface MutateEnvironment {
  db: Db;
  file: string;
  registry: Registry;
  own: OwnDevice;
  clock: Clock;
  authority: () => boolean;
  onCommit: (change: Committed) => void;
}

/** Rows of one transaction listed in an event; above that, subscribers are told the tables only. */
const MAX_EVENT_IDS = 50;

export type Mutate = <T>(context: WriteContext, work: (tx: Tx) => T) => T;

/** Both ways to write; there is no third. */
export interface Writer {
  /**
   * Rows, changeset, history index, search index and the answer to an Idempotency-Key are committed together or not at all, before
   * this returns. `work` is synchronous, reads through `tx`, and its result is what the caller answers. Nothing is logged when
   * nothing changed. @throws AppError of the work itself, or STORE_UNAVAILABLE.
   */
  mutate: Mutate;
  /**
   * The same, but on the disk together with whatever else is written in this turn of the event loop: many calls wait for the disk
   * once. Nobody may be told of the result before `committed` resolves; it rejects when the disk refuses, and then nothing was written.
   */
  mutateTogether: <T>(context: WriteContext, work: (tx: Tx) => T) => { result: T; committed: Promise<void> };
  /**
   * Takes in what other devices wrote: one transaction on the writing connection, without a changeset of its own. For the sync engine
   * alone, which writes the log entries that came with the rows. What the work reports as touched is told to subscribers.
   */
  exchange<T>(work: (db: Db, touched: Touched) => T): T;
  /**
   * `exchange` that is committed once `confirm` has resolved, and taken back when it rejects. The transaction stays open meanwhile: only
   * for a store that nobody else writes to until the promise is settled.
   */
  exchangeConfirmed<T>(work: (db: Db, touched: Touched) => T, confirm: (result: T) => Promise<void>): Promise<T>;
  /**
   * `mutateTogether` for a long task's many writes: some of them wait for the disk together, however many turns lie between, until somebody
   * else writes or `settle` is called.
   */
  mutateInBulk: <T>(context: WriteContext, work: (tx: Tx) => T) => { result: T; committed: Promise<void> };
  /** Commits at once what waits for the end of the turn; whoever else uses the connection calls it first. */
  settle(): void;
}

/** Tables and rows that an exchange has changed. */
export interface Touched {
  entities: Set<Entity>;
  ids: Set<string>;
  rids: Map<Entity, Set<number>>;
  position: number;
}

export const nothingTouched = (): Touched => ({ entities: new Set(), ids: new Set(), rids: new Map(), position: 0 });

export function noteRid(rids: Touched['rids'], entity: Entity, rid: number): void {
  const known = rids.get(entity);
  if (known) known.add(rid);
  else rids.set(entity, new Set([rid]));
}

/** Changesets of a long task that go to the disk together: more would hold up whoever writes meanwhile. */
const MAX_BULK = 10;

interface Batch {
  events: Committed[];
  /** Writes to the search index, kept for the end: FTS5 would write a piece of its own at every savepoint. */
  indexing: (() => void)[];
  /** Whether it ends with this turn of the event loop. */
  endsWithTurn: boolean;
  writes: number;
  committed: PromiseWithResolvers<void>;
}

export function createWriter(env: MutateEnvironment): Writer {
  const { db } = env;
  let batch: Batch | null = null;

  const fail = (failed: Batch, error: unknown): void => {
    if (db.raw.inTransaction) db.run('ROLLBACK');
    // Whoever waits hears of it; a caller that has gone already is no reason to end the program.
    failed.committed.promise.catch(() => {});
    failed.committed.reject(storeError(error, env.file));
  };
  const settle = (): void => {
    const open = batch;
    if (!open) return;
    batch = null;
    try {
      for (const write of open.indexing) write();
      db.run('COMMIT');
    } catch (error) {
      fail(open, error);
      return;
    }
    open.committed.resolve();
    for (const event of open.events) env.onCommit(event);
  };

  const openBatch = (): Batch => {
    if (!batch) {
      db.run('BEGIN IMMEDIATE');
      batch = { events: [], indexing: [], endsWithTurn: false, writes: 0, committed: Promise.withResolvers() };
    }
    return batch;
  };
  const writeInto = <T>(own: Batch, context: WriteContext, work: (tx: Tx) => T): { result: T; committed: Promise<void> } => {
    db.run('SAVEPOINT one');
    try {
      const indexing: (() => void)[] = [];
      const { result, event } = attempt(env, context, work, (write) => indexing.push(write));
      db.run('RELEASE one');
      for (const write of indexing) own.indexing.push(write);
      if (event) own.events.push(event);
      return { result, committed: own.committed.promise };
    } catch (error) {
      if (db.raw.inTransaction) {
        db.run('ROLLBACK TO one');
        db.run('RELEASE one');
      } else {
        // Trouble of the disk has ended the whole transaction.
        batch = null;
        fail(own, error);
      }
      throw storeError(error, env.file);
    }
  };

  const tellTouched = ({ entities, ids, rids, position }: Touched): void => {
    if (entities.size > 0) env.onCommit({ position, entities: [...entities], ids: ids.size > MAX_EVENT_IDS ? [] : [...ids], rids });
  };

  return {
    mutate: (context, work) => {
      settle();
      try {
        db.run('BEGIN IMMEDIATE');
        let done: Attempt<ReturnType<typeof work>>;
        try {
          done = attempt(env, context, work);
          db.run('COMMIT');
        } catch (error) {
          if (db.raw.inTransaction) db.run('ROLLBACK');
          throw error;
        }
        if (done.event) env.onCommit(done.event);
        return done.result;
      } catch (error) {
        throw storeError(error, env.file);
      }
    },
    mutateTogether: (context, work) => {
      const own = openBatch();
      if (!own.endsWithTurn) setImmediate(settle);
      own.endsWithTurn = true;
      return writeInto(own, context, work);
    },
    mutateInBulk: (context, work) => {
      const own = openBatch();
      const written = writeInto(own, context, work);
      if (++own.writes >= MAX_BULK) settle();
      return written;
    },
    exchange: (work) => {
      settle();
      const touched = nothingTouched();
      try {
        db.run('BEGIN IMMEDIATE');
        let result: ReturnType<typeof work>;
        try {
          result = work(db, touched);
          db.run('COMMIT');
        } catch (error) {
          if (db.raw.inTransaction) db.run('ROLLBACK');
          throw error;
        }
        tellTouched(touched);
        return result;
      } catch (error) {
        throw storeError(error, env.file);
      }
    },
    exchangeConfirmed: async (work, confirm) => {
      settle();
      const touched = nothingTouched();
      try {
        db.run('BEGIN IMMEDIATE');
        let result: ReturnType<typeof work>;
        try {
          result = work(db, touched);
          await confirm(result);
          db.run('COMMIT');
        } catch (error) {
          if (db.raw.inTransaction) db.run('ROLLBACK');
          throw error;
        }
        tellTouched(touched);
        return result;
      } catch (error) {
        throw storeError(error, env.file);
      }
    },
    settle,
  };
}

interface Attempt<T> {
  result: T;
  event: Committed | null;
}

/** One write inside an open transaction. */
function attempt<T>(env: MutateEnvironment, context: WriteContext, work: (tx: Tx) => T, indexLater?: IndexLater): Attempt<T> {
  const { db, registry } = env;
  const answered = context.idempotency && context.actor ? knownAnswer(db, context.actor.user_id, context.idempotency) : undefined;
  if (answered) return { result: JSON.parse(answered.response) as T, event: null };
  const nowMs = context.at ?? env.clock.now() + env.own.offset;
  const place = nextInChain(db, nowMs, env.own);
  const state = openTx({ db, registry, deviceId: env.own.id, authority: env.authority(), policyContext: policyContext(db, context), indexLater }, context, place, nowMs);
  const result = work(state.tx);
  let event: Committed | null = null;
  if (state.ops.length > 0) {
    state.keepNumbers();
    const facts = { deviceId: env.own.id, actorId: context.actor?.user_id ?? null, schema: SCHEMA, origin: context.origin, importId: context.importId ?? null, undoes: context.undoes ?? null };
    appendChangeset(db, place, facts, state.ops, state.before);
    recordRows(db, state, place.id);
    event = { position: place.id, entities: [...state.entities], ids: state.ids.size > MAX_EVENT_IDS ? [] : [...state.ids], rids: ridsOf(state) };
  }
  if (context.idempotency && context.actor) {
    const { key, operation, requestHash } = context.idempotency;
    db.run(
      'INSERT INTO local_idempotency_keys (actor_id, key, operation, request_hash, response, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      context.actor.user_id,
      key,
      operation,
      requestHash,
      JSON.stringify(result ?? null),
      state.tx.now,
    );
  }
  return { result, event };
}

/** The answer of a command that came before with the same key. @throws AppError IDEMPOTENCY_MISMATCH when it was another command. */
export function knownAnswer(db: Db, actorId: string, idempotency: NonNullable<WriteContext['idempotency']>): { response: string } | undefined {
  const known = db.get<{ operation: string; request_hash: string; response: string }>(
    'SELECT operation, request_hash, response FROM local_idempotency_keys WHERE actor_id = ? AND key = ?',
    actorId,
    idempotency.key,
  );
  if (known && (known.operation !== idempotency.operation || known.request_hash !== idempotency.requestHash)) {
    throw new AppError('IDEMPOTENCY_MISMATCH', { field: 'Idempotency-Key', detail: 'idempotency_mismatch' });
  }
  return known;
}

function policyContext(db: Db, context: WriteContext): PolicyContext {
  if (!context.actor) return { directed_branches: [] };
  return { directed_branches: db.all<{ id: string }>('SELECT id FROM branches WHERE director_id = ? AND deleted_at IS NULL', context.actor.user_id).map((branch) => branch.id) };
}

function ridsOf(state: TxState): Rids {
  const rids: Touched['rids'] = new Map();
  for (const { meta, row } of state.rows) noteRid(rids, meta.name, row.rid);
  return rids;
}

function recordRows(db: Db, state: TxState, changeset: number): void {
  const clientRid = clientRids(db);
  for (const { meta, row, op } of state.rows) recordRow(db, meta, row, changeset, op, clientRid(meta, row, state.tx.get));
}
