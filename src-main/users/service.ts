import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Role } from '../../src-shared/kernel/permissions.ts';
import type { User, userFilters } from '../../src-shared/users/model.ts';
import { equals, oneOf } from '../core/conditions.ts';
import { createCrud } from '../core/crud-service.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import type { Tx } from '../store/tx.ts';

type Filters = z.infer<typeof userFilters>;
type Stored = Omit<User, 'two_factor'>;

const crud = createCrud<Stored, Filters>('users', {
  conditions: (filters, resolve) => [
    ...oneOf('role', filters.role),
    ...equals('active', filters.active === undefined ? undefined : filters.active ? 1 : 0),
    ...equals('branch_id', filters.branch_id === undefined ? undefined : resolve('branches', filters.branch_id, 'branch_id')),
  ],
  prepare: (tx, values, before) => {
    if (typeof values['email'] === 'string') values['email'] = values['email'].toLowerCase();
    if (!before) values['active'] = true;
    refuseTakenEmail(tx, values['email'] as string | undefined, before?.id);
    const stays = (values['role'] ?? before?.['role']) === 'owner' && (values['active'] ?? before?.['active']) !== false;
    if (before?.['role'] === 'owner' && before['active'] && !stays) keepAnOwner(tx, before.id);
  },
});

function refuseTakenEmail(tx: Tx, email: string | undefined, self: string | undefined): void {
  if (!email) return;
  const taken = tx.db.get<{ id: string }>('SELECT id FROM users WHERE email = ? AND deleted_at IS NULL AND id <> ?', email, self ?? '');
  if (taken) throw new AppError('CONFLICT', { field: 'email', detail: 'email_taken' });
}

/** An organisation without an owner could never be governed again. */
function keepAnOwner(tx: Tx, except: string): void {
  const others = tx.db.get("SELECT 1 FROM users WHERE role = 'owner' AND active = 1 AND deleted_at IS NULL AND id <> ?", except);
  if (!others) throw new AppError('CONFLICT', { field: 'role', detail: 'last_owner' });
}

const withTwoFactor = (house: House, rows: Stored[]): User[] => {
  const enabled = house.auth.accounts.twoFactorEnabled(rows.map((row) => row.id));
  return rows.map((row) => ({ ...row, two_factor: enabled.has(row.id) }));
};
const one = (house: House, row: Stored): User => withTwoFactor(house, [row])[0] as User;

export async function listUsers(session: Session, house: House, filters: Filters): Promise<{ items: User[]; next_cursor: string | null; total?: number }> {
  const page = await crud.list(session, filters);
  return { ...page, items: withTwoFactor(house, page.items) };
}

export const getUser = (session: Session, house: House, ref: Ref): User => one(house, crud.get(session, ref));

interface NewUser {
  full_name: string;
  email: string;
  role: Role;
  password?: string | undefined;
}

/** Adds a member: the organisation first, then the account; without a password an invitation is made for him. */
export async function createUser(session: Session, house: House, input: NewUser & Record<string, unknown>): Promise<User & { invitation_token: string | null }> {
  const { password, ...member } = input;
  house.auth.accounts.check({ email: input.email, full_name: input.full_name, password });
  const id = uuidv7();
  const row = session.mutate((tx) => crud.present(tx.db, crud.insertIn(tx, member, { id }).rid));
  await house.auth.accounts.join({ id, email: input.email, full_name: input.full_name, password }, session.actor.organization_id);
  const invited = password === undefined ? house.auth.invitations.create(session.actor.organization_id, { email: input.email, full_name: input.full_name, role: input.role, memberId: id }).token : null;
  session.store.logSecurity({ type: 'user_created', user_id: session.actor.user_id, address: session.address, details: { user: id, role: input.role } });
  return { ...one(house, row), invitation_token: invited };
}

/** Changes a member; a new role or lost access ends what he is signed in with. */
export function updateUser(session: Session, house: House, ref: Ref, patch: Record<string, unknown>): User {
  let ended = false;
  const row = session.mutate((tx) => {
    const id = crud.idOf(tx.db, ref);
    const before = tx.require('users', id);
    const after = crud.updateIn(tx, id, patch);
    ended = Boolean(before['active']) && !after['active'];
    if (before['email'] !== after['email']) house.auth.accounts.rename(id, String(after['email']));
    return crud.present(tx.db, after.rid);
  });
  if (ended) house.auth.accounts.cutOff(row.id);
  if ('role' in patch || 'active' in patch) session.store.logSecurity({ type: 'rights_changed', user_id: session.actor.user_id, address: session.address, details: { user: row.id, role: row.role, active: row.active } });
  return one(house, row);
}
