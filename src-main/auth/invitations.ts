import { v7 as uuidv7 } from 'uuid';
import { iso } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Role } from '../../src-shared/kernel/permissions.ts';
import type { Accounts } from './accounts.ts';
import { accountByEmail, type AuthParts } from './deps.ts';
import { digest, newToken } from './secrets.ts';

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
  /** Turns an invitation into an account and a member. @throws AppError FORBIDDEN when it is spent or too old. */
  accept(token: string, person: { full_name: string; password: string; language?: 'ru' | 'en' | undefined }): Promise<{ accountId: string; organizationId: string }>;
}

interface Row extends Invitation {
  organization_id: string;
  member_id: string | null;
}

export function createInvitations(parts: AuthParts, accounts: Accounts): Invitations {
  const { db } = parts.directory;
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
    accept: async (token, person) => {
      const now = iso(parts.clock.now());
      const row = db.get<Row>('SELECT id, organization_id, member_id, email, full_name, role, created_at, expires_at FROM invitations WHERE hash = ? AND used_at IS NULL AND expires_at > ?', digest(token), now);
      if (!row) throw new AppError('FORBIDDEN', { field: 'invitation_token', detail: 'invitation_over' });
      const known = accountByEmail(parts, row.email);
      accounts.check({ email: known ? '' : row.email, full_name: person.full_name, password: person.password });
      if (known?.password_hash) throw new AppError('CONFLICT', { field: 'email', detail: 'email_taken' });
      const id = row.member_id ?? known?.id ?? uuidv7();
      await parts.organizations.addMember(row.organization_id, { id, full_name: person.full_name, email: row.email, role: row.role, ...(person.language ? { language: person.language } : {}) });
      const accountId = await accounts.join({ id, email: row.email, full_name: person.full_name, password: person.password }, row.organization_id);
      db.run('UPDATE invitations SET used_at = ? WHERE id = ?', now, row.id);
      parts.securityLog({ type: 'invitation_accepted', user_id: accountId, organization_id: row.organization_id, address: null });
      return { accountId, organizationId: row.organization_id };
    },
  };
}
