import { createHash } from 'node:crypto';
import type { OperationMeta } from '../../src-shared/kernel/contract.ts';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { may, type Actor } from '../../src-shared/kernel/permissions.ts';
import { knownAnswer } from '../store/mutate.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import type { WriteContext } from '../store/tx.ts';
import type { House } from './house.ts';
import { ORIGIN_OF_DOOR, type DoorContext, type Session } from './session.ts';

/** A door's context, with the session once the guard has opened it. */
export interface CallContext extends DoorContext {
  house: House;
  actor?: Actor | null;
  session?: Session;
}


/** Answer of a guarded call: run the operation, or give the answer that an earlier call with the same key got. */
export type Admission = { replay: unknown } | { context: CallContext };

const MAX_KEY = 200;

/**
 * Lets a call through, or refuses it: recognises the caller, checks the operation's permission, opens the session on the organisation
 * of the caller's token, and finds the answer of a repeated Idempotency-Key.
 * @throws AppError UNAUTHENTICATED, FORBIDDEN, IDEMPOTENCY_MISMATCH
 */
export async function admit(context: CallContext, operation: string, meta: OperationMeta, input: unknown): Promise<Admission> {
  const { house } = context;
  const found = context.vouched ?? house.auth.authenticate(context.headers);
  // Awaiting only what must be awaited keeps the common call on one turn of the event loop.
  const actor = found instanceof Promise ? await found : found;
  if (meta.permission === 'public') return { context: { ...context, actor } };
  if (!actor) throw new AppError('UNAUTHENTICATED', {});
  const store = house.organizations.open(actor.organization_id);
  if (!may(actor, meta.permission)) {
    store.logSecurity({ type: 'refused', user_id: actor.user_id, address: context.address, details: { operation, permission: meta.permission } });
    throw new AppError('FORBIDDEN', { detail: 'permission', params: { permission: meta.permission } });
  }
  const key = meta.mutates ? context.headers['idempotency-key'] : undefined;
  const idempotency = key ? openKey(store, actor, key, operation, input) : undefined;
  if (idempotency && 'replay' in idempotency) return { replay: idempotency.replay };
  const session = openSession(context, actor, store, idempotency);
  return { context: { ...context, actor, session } };
}

/** Fields that hold a secret. A digest of one stays in the organisation's file and could be guessed at, so none is made. */
const SECRETS = new Set(['password', 'current_password', 'new_password', 'otp', 'recovery_code', 'token', 'refresh_token', 'invitation_token']);
const withoutSecrets = (field: string, value: unknown): unknown => (SECRETS.has(field) ? undefined : value);

function openKey(store: OrganizationStore, actor: Actor, key: string, operation: string, input: unknown): { replay: unknown } | NonNullable<WriteContext['idempotency']> {
  if (key.length > MAX_KEY) throw new AppError('INVALID', { field: 'Idempotency-Key', detail: 'too_long', params: { max: MAX_KEY } });
  const requestHash = createHash('sha256').update(JSON.stringify(input ?? null, withoutSecrets)).digest('hex');
  const idempotency = { key, operation, requestHash };
  const known = knownAnswer(store.read, actor.user_id, idempotency);
  return known ? { replay: JSON.parse(known.response) } : idempotency;
}

/** The version named by `If-Match`, without quotes and the weak mark. */
function ifMatchOf(context: DoorContext): string | undefined {
  return context.headers['if-match']?.replace(/^W\//, '').replace(/^"|"$/g, '');
}

export function languageOf(context: DoorContext, actor: Actor | null): 'ru' | 'en' {
  const asked = context.headers['accept-language']?.slice(0, 2).toLowerCase();
  if (asked === 'ru' || asked === 'en') return asked;
  return actor?.language ?? 'ru';
}

function openSession(context: CallContext, actor: Actor, store: OrganizationStore, idempotency: WriteContext['idempotency']): Session {
  const { house } = context;
  let key = idempotency;
  let ifMatch = ifMatchOf(context);
  const origin = ORIGIN_OF_DOOR[context.door];
  const waiting: Promise<void>[] = [];
  return {
    actor,
    store,
    door: context.door,
    origin,
    address: context.address,
    language: languageOf(context, actor),
    readers: house.readers,
    now: () => iso(house.clock.now()),
    mutate: (work, options = {}) => {
      const write: WriteContext = { actor, origin: options.origin ?? origin, importId: options.importId, undoes: options.undoes, ifMatch, idempotency: key };
      const together = options.together ? store.mutateTogether(write, work) : undefined;
      if (together) waiting.push(together.committed);
      const result = together ? together.result : store.mutate(write, work);
      // The key and the version belong to the call's first write; later ones of the same call are its consequences.
      key = undefined;
      ifMatch = undefined;
      return result;
    },
    settled: async () => {
      await Promise.all(waiting);
    },
  };
}
