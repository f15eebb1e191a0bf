import type { Entity } from '../../src-shared/audit/model.ts';
import type { Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { PolicyContext } from '../../src-shared/kernel/permissions.ts';
import { appendChangeset, nextInChain } from './change-log.ts';
import type { Registry } from './entity.ts';
import { SCHEMA } from './migrate.ts';
import { storeError, type Db } from './sqlite.ts';
import { openTx, type Tx, type TxState, type WriteContext } from './tx.ts';

/** What subscribers hear after a commit. */
export interface Committed {
  position: number;
  entities: Entity[];
  ids: string[];
}

export interface MutateEnvironment {
  db: Db;
  file: string;
  registry: Registry;
  deviceId: string;
  clock: Clock;
  authority: () => boolean;
  onCommit: (change: Committed) => void;
}

/** Rows of one transaction listed in an event; above that, subscribers are told the tables only. */
const MAX_EVENT_IDS = 50;

export type Mutate = <T>(context: WriteContext, work: (tx: Tx) => T) => T;

/**
 * The only way to write: rows, changeset, history index, search index and the answer to an Idempotency-Key are committed together
 * or not at all. `work` is synchronous, reads through `tx`, and its result is what the caller answers. Nothing is logged when
 * nothing changed. @throws AppError of the work itself, or STORE_UNAVAILABLE.
 */
export function createMutate(env: MutateEnvironment): Mutate {
  const { db, registry } = env;
  return (context, work) => {
    let committed: Committed | null = null;
    let result: ReturnType<typeof work>;
    try {
      db.raw.exec('BEGIN IMMEDIATE');
      try {
        const answered = context.idempotency && context.actor ? knownAnswer(db, context.actor.user_id, context.idempotency) : undefined;
        if (answered) {
          db.raw.exec('ROLLBACK');
          return JSON.parse(answered.response) as ReturnType<typeof work>;
        }
        const nowMs = context.at ?? env.clock.now();
        const place = nextInChain(db, nowMs);
        const state = openTx({ db, registry, deviceId: env.deviceId, authority: env.authority(), policyContext: policyContext(db, context) }, context, place, nowMs);
        result = work(state.tx);
        if (state.ops.length > 0) {
          state.keepNumbers();
          const facts = { deviceId: env.deviceId, actorId: context.actor?.user_id ?? null, schema: SCHEMA, origin: context.origin, importId: context.importId ?? null, undoes: context.undoes ?? null };
          appendChangeset(db, place, facts, state.ops, state.before);
          recordRows(db, state, place.id);
          committed = { position: place.id, entities: [...state.entities], ids: state.ids.size > MAX_EVENT_IDS ? [] : [...state.ids] };
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
        db.raw.exec('COMMIT');
      } catch (error) {
        if (db.raw.inTransaction) db.raw.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      throw storeError(error, env.file);
    }
    if (committed) env.onCommit(committed);
    return result;
  };
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

function recordRows(db: Db, state: TxState, changeset: number): void {
  const clientRids = new Map<string, number | null>();
  for (const { meta, row, op } of state.rows) {
    const clientId = meta.clientOf?.(row) ?? null;
    let client: number | null = null;
    if (clientId) {
      if (!clientRids.has(clientId)) clientRids.set(clientId, db.get<{ rid: number }>('SELECT rid FROM clients WHERE id = ?', clientId)?.rid ?? null);
      client = clientRids.get(clientId) ?? null;
    }
    db.run('INSERT INTO change_rows (entity, row, changeset, op, client) VALUES (?, ?, ?, ?, ?)', meta.code, row.rid, changeset, op, client);
  }
}
