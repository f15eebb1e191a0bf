import { v7 as uuidv7 } from 'uuid';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Role } from '../../src-shared/kernel/permissions.ts';
import type { Accounts } from './accounts.ts';
import { accountByEmail, type Account, type AuthCall, type AuthParts } from './deps.ts';
import { provePassword } from './proof.ts';
import { digest, newToken } from './secrets.ts';
import type { TwoFactor } from './two-factor.ts';

const VALID_MS = 7 * 86_400_000;

export interface Invitation {
  id: string;
  email: string;
  full_name: string;
  role: Role;
  created_at: string;
  expires_at: string;
}

export interface Invitations {
  /** `memberId` names a member who is in the organisation already and has no password yet. */
  create(organizationId: string, input: { email: string; full_name: string; role: Role; memberId?: string }): Invitation & { token: string };
  list(organizationId: string): Invitation[];
  revoke(id: string, organizationId: string): boolean;
  /** A member who has not come yet got another e-mail. */
  readdress(memberId: string, email: string): void;
  /**
   * Turns an invitation into an account and a member. Whoever signs in to another organisation of this installation already proves
   * that with the password (and code) of that account, and keeps it.
   * @throws AppError FORBIDDEN when it is spent or too old; INVALID for a weak password, or one that is not the account's.
   */
  accept(token: string, person: Guest, call?: AuthCall): Promise<{ accountId: string; organizationId: string }>;
}

interface Guest {
  full_name: string;
  password: string;
  language?: 'ru' | 'en' | undefined;
  otp?: string | undefined;
  recovery_code?: string | undefined;
}

interface Row extends Invitation {
  organization_id: string;
  member_id: string | null;
}

export function createInvitations(parts: AuthParts, accounts: Accounts, twoFactor: TwoFactor): Invitations {
  const { db } = parts.directory;
  /** E-mails whose invitation is just being accepted: of two at once, the second must find what the first has made. */
  const accepting = new Set<string>();

  /**
   * An account that nobody has signed in to yet may be waiting for several organisations at once. Each invites for itself: the first to
   * be accepted makes the password, the others are joined with that password by their own invitations. A founder waits for nobody.
   */
  const leaveOthers = (account: Account, organizationId: string): void => {
    const others = db.all<{ organization_id: string }>('SELECT organization_id FROM memberships WHERE account_id = ? AND organization_id <> ?', account.id, organizationId);
    for (const { organization_id: other } of others) {
      if (!db.get('SELECT 1 FROM invitations WHERE organization_id = ? AND member_id = ?', other, account.id)) throw new AppError('FORBIDDEN', { field: 'invitation_token', detail: 'invitation_elsewhere' });
    }
    for (const { organization_id: other } of others) db.run('DELETE FROM memberships WHERE account_id = ? AND organization_id = ?', account.id, other);
  };
  const join = async (row: Row, person: Guest, call: AuthCall | undefined): Promise<string> => {
    const known = accountByEmail(parts, row.email);
    if (known?.password_hash) {
      await provePassword(parts, call, known, person.password, () => invalid('password', 'password_of_account'));
      twoFactor.prove(known, person);
    } else accounts.check({ email: known ? '' : row.email, full_name: person.full_name, password: person.password });
    if (known && !known.password_hash) leaveOthers(known, row.organization_id);
    // The invitation's own id, so that one accepted again after a crash makes no second member.
    const id = row.member_id ?? known?.id ?? row.id;
    await parts.organizations.addMember(row.organization_id, { id, full_name: person.full_name, email: row.email, role: row.role, ...(person.language ? { language: person.language } : {}) });
    return accounts.join({ id, email: row.email, full_name: person.full_name, ...(known?.password_hash ? {} : { password: person.password }) }, row.organization_id);
  };
  return {
    create: (organizationId, input) => {
      const token = newToken();
      const now = parts.clock.now();
      const made: Invitation = { id: uuidv7(), email: input.email.trim().toLowerCase(), full_name: input.full_name, role: input.role, created_at: iso(now), expires_at: iso(now + VALID_MS) };
      db.run(
        'INSERT INTO invitations (id, organization_id, member_id, email, full_name, role, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        made.id,
        organizationId,
        input.memberId ?? null,
        made.email,
        made.full_name,
        made.role,
        digest(token),
        made.created_at,
        made.expires_at,
      );
      return { ...made, token };
    },
    list: (organizationId) =>
      db.all<Invitation>('SELECT id, email, full_name, role, created_at, expires_at FROM invitations WHERE organization_id = ? AND used_at IS NULL AND expires_at > ? ORDER BY created_at', organizationId, iso(parts.clock.now())),
    revoke: (id, organizationId) => db.run('UPDATE invitations SET used_at = ? WHERE id = ? AND organization_id = ? AND used_at IS NULL', iso(parts.clock.now()), id, organizationId).changes > 0,
    readdress: (memberId, email) => {
      db.run('UPDATE invitations SET email = ? WHERE member_id = ? AND used_at IS NULL', email.trim().toLowerCase(), memberId);
    },
    accept: async (token, person, call) => {
      const now = iso(parts.clock.now());
      const row = db.get<Row>('SELECT id, organization_id, member_id, email, full_name, role, created_at, expires_at FROM invitations WHERE hash = ? AND used_at IS NULL AND expires_at > ?', digest(token), now);
      if (!row || accepting.has(row.email)) throw new AppError('FORBIDDEN', { field: 'invitation_token', detail: 'invitation_over' });
      accepting.add(row.email);
      try {
        const accountId = await join(row, person, call);
        db.run('UPDATE invitations SET used_at = ? WHERE id = ?', now, row.id);
        parts.securityLog({ type: 'invitation_accepted', user_id: accountId, organization_id: row.organization_id, address: call?.address ?? null });
        return { accountId, organizationId: row.organization_id };
      } finally {
        accepting.delete(row.email);
      }
    },
  };
}
