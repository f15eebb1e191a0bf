import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Role } from '../../src-shared/kernel/permissions.ts';
import type { User, userFilters } from '../../src-shared/users/model.ts';
import type { UndoHooks } from '../audit/index.ts';
import type { Auth } from '../auth/index.ts';
import { equals, oneOf } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import type { Session } from '../core/session.ts';
import type { Row } from '../store/entity.ts';
import type { Tx } from '../store/tx.ts';

type Filters = z.infer<typeof userFilters>;
type Stored = Omit<User, 'two_factor'>;
/** Of the house, only what members need. */
export interface UsersHouse {
  auth: Pick<Auth, 'accounts' | 'invitations'>;
}

const crud = createCrud<Stored, Filters>('users', {
  conditions: (filters, resolve) => [
    ...oneOf('role', filters.role),
    ...equals('active', filters.active === undefined ? undefined : filters.active ? 1 : 0),
    ...equals('branch_id', filters.branch_id === undefined ? undefined : resolve('branches', filters.branch_id, 'branch_id')),
  ],
  prepare: (tx, values, before) => {
    if (typeof values['email'] === 'string') values['email'] = plainEmail(values['email']);
    if (!before) values['active'] = true;
    refuseTakenEmail(tx, values['email'] as string | undefined, before?.id);
    if (before) keepAnOwner(tx, before, values);
  },
});

const plainEmail = (email: string): string => email.trim().toLowerCase();

function refuseTakenEmail(tx: Tx, email: string | undefined, self: string | undefined): void {
  if (!email) return;
  const taken = tx.db.get('SELECT 1 FROM users WHERE email = ? AND deleted_at IS NULL AND id <> ?', email, self ?? '');
  if (taken) throw new AppError('CONFLICT', { field: 'email', detail: 'email_taken' });
}

/** An organisation without an owner could never be governed again. */
function keepAnOwner(tx: Tx, before: Row, values: Record<string, unknown>): void {
  if (before['role'] !== 'owner' || !before['active']) return;
  const demoted = values['role'] !== undefined && values['role'] !== 'owner';
  if (!demoted && values['active'] !== false) return;
  const other = tx.db.get("SELECT 1 FROM users WHERE role = 'owner' AND active = 1 AND deleted_at IS NULL AND id <> ?", before.id);
  if (!other) throw invalid(demoted ? 'role' : 'active', 'last_owner');
}

function withTwoFactor(house: UsersHouse, rows: Stored[]): User[] {
  const enabled = house.auth.accounts.twoFactorEnabled(rows.map((row) => row.id));
  return rows.map((row) => ({ ...row, two_factor: enabled.has(row.id) }));
}
const one = (house: UsersHouse, row: Stored): User => withTwoFactor(house, [row])[0] as User;

export async function listUsers(session: Session, house: UsersHouse, filters: Filters): Promise<{ items: User[]; next_cursor: string | null; total?: number }> {
  const page = await crud.list(session, filters);
  return { ...page, items: withTwoFactor(house, page.items) };
}

export const getUser = (session: Session, house: UsersHouse, ref: Ref): User => one(house, crud.get(session, ref));

interface NewUser {
  full_name: string;
  email: string;
  role: Role;
  password?: string | undefined;
}

/**
 * Adds a member: the organisation first, then the account. Somebody who signs in to another organisation of this installation
 * already does so with the same account; everybody else without a password gets an invitation. Its token is answered once: a call
 * repeated under its Idempotency-Key answers none.
 * @throws AppError CONFLICT `email_taken`; INVALID for a weak password; FORBIDDEN by the row's policy.
 */
export async function createUser(session: Session, house: UsersHouse, input: NewUser & Record<string, unknown>): Promise<User & { invitation_token: string | null }> {
  const { password, ...member } = input;
  const { accounts, invitations } = house.auth;
  const organizationId = session.actor.organization_id;
  const email = plainEmail(input.email);
  accounts.check({ email, full_name: input.full_name, password });
  const known = accounts.find(email);
  const id = known?.id ?? uuidv7();
  const made = session.mutate((tx) => {
    if (tx.get('users', id)) throw new AppError('CONFLICT', { field: 'email', detail: 'email_taken' });
    const row = crud.insertIn(tx, member, { id });
    return { ...one(house, crud.present(tx.db, row.rid)), invitation_token: null };
  });
  // Another call with the same key came first and sees to the account.
  if (made.id !== id) return made;
  await accounts.join({ id, email, full_name: input.full_name, password }, organizationId);
  session.store.logSecurity({ type: 'user_created', user_id: session.actor.user_id, address: session.address, details: { user: id, role: input.role } });
  if (password !== undefined || known?.hasPassword) return made;
  return { ...made, invitation_token: invitations.create(organizationId, { email, full_name: input.full_name, role: input.role, memberId: id }).token };
}

/**
 * Changes a member; what needs the account too is checked before and done after the organisation's write. Whoever loses access loses
 * his sessions and tokens of this organisation.
 * @throws AppError CONFLICT `email_taken`, `email_elsewhere`; INVALID `last_owner`; FORBIDDEN by the row's policy.
 */
export function updateUser(session: Session, house: UsersHouse, ref: Ref, patch: Record<string, unknown>): User {
  let afterwards = (): void => {};
  const row = session.mutate((tx) => {
    const id = crud.idOf(tx.db, ref);
    const before = tx.require('users', id);
    const after = crud.updateIn(tx, id, patch);
    afterwards = follow(session, house, before, after);
    return one(house, crud.present(tx.db, after.rid));
  });
  afterwards();
  return row;
}

const mayEnter = (row: Row): boolean => Boolean(row['active']) && row.deleted_at === null;

/**
 * What a changed member means for the account: checked while the change can still be refused, done by the function that it returns
 * once the change is on the disk.
 */
function follow(session: Session, house: UsersHouse, before: Row, after: Row): () => void {
  const { accounts, invitations } = house.auth;
  const { id } = after;
  const email = String(after['email']);
  const renamed = before['email'] !== email;
  if (renamed) accounts.checkRename(id, email);
  return () => {
    const event = { user_id: session.actor.user_id, address: session.address };
    if (renamed) {
      accounts.rename(id, email);
      invitations.readdress(id, email);
      session.store.logSecurity({ ...event, type: 'email_changed', details: { user: id, email } });
    }
    if (mayEnter(before) && !mayEnter(after)) accounts.cutOff(id, session.actor.organization_id);
    if (before['role'] !== after['role'] || mayEnter(before) !== mayEnter(after)) {
      session.store.logSecurity({ ...event, type: 'rights_changed', details: { user: id, role: after['role'], active: mayEnter(after) } });
    }
  };
}

/** Taking back a change of a member obeys the same rules as changing him, and his account goes along. */
export const undoHooks = (session: Session, house: UsersHouse): UndoHooks => ({
  users: (tx, before, after) => {
    if (mayEnter(after)) refuseTakenEmail(tx, String(after['email']), after.id);
    keepAnOwner(tx, before, { role: after['role'], active: mayEnter(after) });
    return follow(session, house, before, after);
  },
});
