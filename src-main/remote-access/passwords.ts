import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { RemoteAccess, RemoteAddress } from '../../src-shared/remote-access/model.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { getFact, setFact } from '../store/change-log.ts';
import { remoteAccessOf, remoteAddresses } from './service.ts';
import { TOOLS } from './tools/tools.ts';

const LOCAL = new Set(['local', '127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** That this machine's vault holds a password for an address; the password itself is in the vault alone. */
const MARK = 'remote_password:';

const nameOf = (session: Session, address: RemoteAddress): string => `remote/${session.store.id}/${address.id}`;
const unmark = (session: Session, id: string): void => setFact(session.store.local, MARK + id, null);

/** The vault is this person's on this machine: nobody reaches it over the network. @throws AppError FORBIDDEN `remote_here_only` */
function addressHere(session: Session, ref: Ref): RemoteAddress {
  if (!LOCAL.has(session.address)) throw new AppError('FORBIDDEN', { detail: 'remote_here_only' });
  return remoteAddresses.get(session, ref);
}

/** Puts a password into the operating system's vault. @throws AppError INVALID `password_not_for_tool`; STORE_UNAVAILABLE `vault_unavailable` */
export async function setPassword(session: Session, house: House, ref: Ref, password: string): Promise<RemoteAccess> {
  const address = addressHere(session, ref);
  if (!TOOLS[address.tool].connectWithPassword) throw invalid('password', 'password_not_for_tool');
  await house.vault.set(nameOf(session, address), password);
  setFact(session.store.local, MARK + address.id, '1');
  return withPasswords(session, address.client_id ?? '');
}

/** Takes a password out of the vault. @throws AppError STORE_UNAVAILABLE `vault_unavailable` */
export async function forgetPassword(session: Session, house: House, ref: Ref): Promise<RemoteAccess> {
  const address = addressHere(session, ref);
  await house.vault.forget(nameOf(session, address));
  unmark(session, address.id);
  return withPasswords(session, address.client_id ?? '');
}

/** The password of an address. @throws AppError NOT_FOUND `password_missing`; STORE_UNAVAILABLE `vault_unavailable` */
export async function passwordOf(session: Session, house: House, address: RemoteAddress): Promise<string> {
  const password = await house.vault.get(nameOf(session, address));
  if (password !== null) return password;
  unmark(session, address.id);
  throw new AppError('NOT_FOUND', { field: 'with_password', detail: 'password_missing' });
}

/** A client's remote access, with the addresses whose password this machine's vault holds, for whoever sits at it. */
export function withPasswords(session: Session, ref: Ref): RemoteAccess {
  const access = remoteAccessOf(session, ref);
  if (!LOCAL.has(session.address)) return access;
  return { ...access, passwords_here: access.addresses.map(({ id }) => id).filter((id) => getFact(session.store.read, MARK + id) !== null) };
}
