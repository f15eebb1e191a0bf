import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { localActor } from '../organizations/index.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { readOwn, tellOwn } from './desk.ts';
import { clientHere, isAsked, pickUp } from './service.ts';

/** What this installation does by itself, it does as whoever owns the folder. @throws AppError NOT_FOUND without an owner */
function ownSession(house: House, store: OrganizationStore): Session {
  const actor = localActor(house, store.id);
  if (!actor) throw new AppError('NOT_FOUND', { detail: 'no_organization' });
  return { actor, store, door: 'cli', origin: 'system', address: 'local', language: actor.language, readers: house.readers, now: () => iso(house.clock.now()), mutate: (work) => store.mutate({ actor, origin: 'system' }, work) };
}

/** Whether this machine belongs to a client of that organisation. */
export const standsSomewhere = (_house: House, store: OrganizationStore): boolean => clientHere(store.read) !== null;
/** Whether somebody has asked for this machine's address. */
export const isAskedHere = (_house: House, store: OrganizationStore): boolean => {
  const client = clientHere(store.read);
  return client !== null && isAsked(store.read, client);
};

/** Reads this machine's address anew and writes it into its client's card; a request that waits is answered by it. @throws AppError CONFLICT `remote_no_client` */
export async function refreshOwn(house: House, store: OrganizationStore): Promise<void> {
  const client = clientHere(store.read);
  if (!client) throw new AppError('CONFLICT', { detail: 'remote_no_client' });
  const session = ownSession(house, store);
  pickUp(session, client);
  tellOwn(session, client, await readOwn(house.config.dataDir));
}
