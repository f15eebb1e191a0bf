import type { Organization } from '../../src-shared/organizations/model.ts';
import { isTimeZone } from '../../src-shared/kernel/dates.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import type { Auth } from '../auth/index.ts';
import type { Session } from '../core/session.ts';
import type { Db } from '../store/sqlite.ts';
import { DEFAULT_HOURS, type Organizations } from './organizations.ts';

/** Of the house, only what organisations need. */
export interface OrganizationsHouse {
  auth: { accounts: Pick<Auth['accounts'], 'join'> };
  organizations: Pick<Organizations, 'open' | 'list' | 'create'>;
}

interface Row {
  id: string;
  name: string;
  language: 'ru' | 'en';
  time_zone: string;
  work_starts: string;
  work_ends: string;
  support_levels: string;
  created_at: string;
  change: number;
}

/** The organisation's own row as the doors show it to one of its members. */
function present(db: Db, role: string): Organization {
  const row = db.get<Row>('SELECT id, name, language, time_zone, work_starts, work_ends, support_levels, created_at, change FROM organization LIMIT 1');
  if (!row) throw new AppError('NOT_FOUND', { params: { entity: 'organization' } });
  const members = db.get<{ n: number }>('SELECT count(*) AS n FROM users WHERE active = 1 AND deleted_at IS NULL')?.n ?? 0;
  const { change, support_levels, ...rest } = row;
  return { ...rest, support_levels: JSON.parse(support_levels) as string[], version: String(change), role, members };
}

export const currentOrganization = (session: Session): Organization => present(session.store.read, session.actor.role);

/** Organisations of this installation in which the caller is an active member. */
export function myOrganizations(session: Session, house: OrganizationsHouse): Organization[] {
  return house.organizations.list().flatMap(({ id }) => {
    const { read } = house.organizations.open(id);
    const member = read.get<{ role: string }>('SELECT role FROM users WHERE id = ? AND active = 1 AND deleted_at IS NULL', session.actor.user_id);
    return member ? [present(read, member.role)] : [];
  });
}

export interface OrganizationPatch {
  name?: string | undefined;
  language?: 'ru' | 'en' | undefined;
  time_zone?: string | undefined;
  work_starts?: string | undefined;
  work_ends?: string | undefined;
  support_levels?: string[] | undefined;
}

/** @throws AppError INVALID for an unknown time zone or hours that end before they begin. */
export function updateOrganization(session: Session, patch: OrganizationPatch): Organization {
  return session.mutate((tx) => {
    const before = tx.db.get<Row>('SELECT id, name, language, time_zone, work_starts, work_ends, support_levels, created_at, change FROM organization LIMIT 1') as Row;
    checkSettings({ ...patch, work_starts: patch.work_starts ?? before.work_starts, work_ends: patch.work_ends ?? before.work_ends });
    tx.update('organization', before.id, columns(patch));
    return present(tx.db, session.actor.role);
  });
}

/**
 * A new organisation in a file of its own, owned by its creator. An Idempotency-Key is kept in the organisation in use.
 * @throws AppError INVALID as for a change; CONFLICT `single_organization` where the program serves a single file.
 */
export async function createOrganization(session: Session, house: OrganizationsHouse, input: OrganizationPatch & { name: string }): Promise<Organization> {
  const { name, language = session.language, time_zone, ...settings } = input;
  checkSettings({ ...DEFAULT_HOURS, ...input });
  const { user_id: id } = session.actor;
  const member = session.store.read.get<{ full_name: string; email: string }>('SELECT full_name, email FROM users WHERE id = ?', id);
  if (!member) throw new AppError('NOT_FOUND', { params: { entity: 'users' } });
  const made = session.mutate(() => {
    const store = house.organizations.create({ name, language, time_zone }, { id, ...member });
    const owner: Actor = { ...session.actor, organization_id: store.id, role: 'owner', branch_id: null };
    store.mutate({ actor: owner, origin: session.origin }, (own) => own.update('organization', store.id, columns(settings)));
    return present(store.read, 'owner');
  });
  await house.auth.accounts.join({ id, ...member }, made.id);
  return made;
}

function columns({ support_levels, ...rest }: OrganizationPatch): Record<string, unknown> {
  return { ...rest, ...(support_levels ? { support_levels: [...new Set(support_levels)] } : {}) };
}

function checkSettings({ time_zone, work_starts, work_ends }: OrganizationPatch): void {
  if (time_zone !== undefined && !isTimeZone(time_zone)) throw invalid('time_zone', 'time_zone_unknown');
  if (work_starts && work_ends && work_ends <= work_starts) throw invalid('work_ends', 'end_before_start');
}
