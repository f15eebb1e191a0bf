import { v7 as uuidv7 } from 'uuid';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { may, type Actor } from '../../src-shared/kernel/permissions.ts';
import type { SignedIn } from '../../src-shared/auth/model.ts';
import type { CallContext } from '../core/call.ts';
import { ORIGIN_OF_DOOR } from '../core/session.ts';

interface Newcomer {
  full_name: string;
  email?: string | undefined;
  password: string;
  language?: 'ru' | 'en' | undefined;
}

/**
 * Registration by a signed-in admin: an engineer with a password, in the admin's organisation. The organisation's row is written in the
 * admin's name, the account after it. The answer is a session of the newcomer; the admin's own browser stays signed in as the admin.
 * @throws AppError FORBIDDEN without `users.manage`; CONFLICT `email_taken`; INVALID for a weak password.
 */
export async function enrol(context: CallContext, actor: Actor, input: Newcomer): Promise<SignedIn> {
  const { auth, organizations } = context.house;
  const store = organizations.open(actor.organization_id);
  if (!may(actor, 'users.manage')) {
    store.logSecurity({ type: 'refused', user_id: actor.user_id, address: context.address, details: { operation: 'auth.register', permission: 'users.manage' } });
    throw new AppError('FORBIDDEN', { detail: 'registration_by_invitation' });
  }
  if (!input.email) throw invalid('email', 'required');
  const email = input.email.trim().toLowerCase();
  auth.accounts.check({ ...input, email });
  const id = uuidv7();
  store.mutate({ actor, origin: ORIGIN_OF_DOOR[context.door] }, (tx) => {
    if (tx.db.get('SELECT 1 FROM users WHERE email = ? AND deleted_at IS NULL', email)) throw new AppError('CONFLICT', { field: 'email', detail: 'email_taken' });
    tx.insert('users', { full_name: input.full_name, email, role: 'engineer', language: input.language ?? actor.language, active: true }, { id });
  });
  await auth.accounts.join({ id, email, full_name: input.full_name, password: input.password }, actor.organization_id);
  store.logSecurity({ type: 'user_created', user_id: actor.user_id, address: context.address, details: { user: id, role: 'engineer' } });
  return auth.signIn.openFor(context, id, actor.organization_id);
}
