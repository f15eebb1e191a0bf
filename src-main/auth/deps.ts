import type { Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import type { DoorContext } from '../core/session.ts';
import type { MemberPort } from '../organizations/index.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Directory } from './directory.ts';
import type { Lockout } from './lockout.ts';

/** A happening around access; `details` hold no secrets. */
export interface SecurityEvent {
  type: string;
  user_id: string | null;
  organization_id: string | null;
  address: string | null;
  details?: Record<string, unknown>;
}

export interface AuthDeps {
  directory: Directory;
  clock: Clock;
  organizations: MemberPort;
  demo: boolean;
  version: string;
  securityLog(event: SecurityEvent): void;
}

/** What the parts of authentication share. */
export interface AuthParts extends AuthDeps {
  access: AccessTokens;
  lockout: Lockout;
}

/** A call, as far as authentication looks at it. */
export interface AuthCall extends DoorContext {
  actor?: Actor | null;
}

export interface Account {
  id: string;
  email: string;
  password_hash: string | null;
  demo: number;
  totp_secret: string | null;
  totp_pending: string | null;
  totp_last_step: number | null;
}

const COLUMNS = 'id, email, password_hash, demo, totp_secret, totp_pending, totp_last_step';

export const accountByEmail = ({ directory }: AuthDeps, email: string): Account | undefined => directory.db.get<Account>(`SELECT ${COLUMNS} FROM accounts WHERE email = ?`, email.trim().toLowerCase());
export const accountById = ({ directory }: AuthDeps, id: string): Account | undefined => directory.db.get<Account>(`SELECT ${COLUMNS} FROM accounts WHERE id = ?`, id);

/** The token of a call, whichever way its scheme is spelled; empty without one. */
export const bearerOf = (headers: Record<string, string | undefined>): string => headers['authorization']?.replace(/^bearer /i, '') ?? '';

/** The account of somebody who is signed in. @throws AppError UNAUTHENTICATED */
export function requireAccount(parts: AuthDeps, actor: Actor | null | undefined): Account {
  const account = actor && accountById(parts, actor.user_id);
  if (!account) throw new AppError('UNAUTHENTICATED', {});
  return account;
}

/** Organisations in which the account is an active member. */
export function organizationsOf(parts: AuthDeps, accountId: string): { id: string; name: string }[] {
  const mine = new Set(parts.directory.db.all<{ organization_id: string }>('SELECT organization_id FROM memberships WHERE account_id = ?', accountId).map((row) => row.organization_id));
  return parts.organizations.list().filter((organization) => mine.has(organization.id) && parts.organizations.member(organization.id, accountId)?.active);
}
