import type { Organization } from '../../src-shared/organizations/model.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import type { Db } from '../store/sqlite.ts';
import type { OrganizationStore } from '../store/organization-store.ts';

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
export function myOrganizations(session: Session, house: House): Organization[] {
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
    tx.update('organization', before.id, { ...patch });
    return present(tx.db, session.actor.role);
  });
}

/** A new organisation in a file of its own; its creator owns it. */
export async function createOrganization(session: Session, house: House, input: OrganizationPatch & { name: string }): Promise<Organization> {
  checkSettings(input);
  const member = session.store.read.get<{ full_name: string; email: string }>('SELECT full_name, email FROM users WHERE id = ?', session.actor.user_id) as { full_name: string; email: string };
  const store: OrganizationStore = house.organizations.create({ name: input.name, language: input.language ?? session.language, time_zone: input.time_zone }, { id: session.actor.user_id, ...member });
  await house.auth.accounts.join({ id: session.actor.user_id, ...member }, store.id);
  const { name: _name, language: _language, time_zone: _zone, ...rest } = input;
  if (Object.keys(rest).length > 0) {
    store.mutate({ actor: { ...session.actor, organization_id: store.id, role: 'owner' }, origin: session.origin }, (tx) => tx.update('organization', store.id, rest));
  }
  return present(store.read, 'owner');
}

function checkSettings(settings: OrganizationPatch): void {
  if (settings.time_zone !== undefined && !knownZone(settings.time_zone)) throw invalid('time_zone', 'time_zone_unknown');
  if (settings.work_starts && settings.work_ends && settings.work_ends <= settings.work_starts) throw invalid('work_ends', 'end_before_start');
}

function knownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** IANA zone in which the organisation counts its days. */
export function timeZoneOf(db: Db): string {
  return db.get<{ time_zone: string }>('SELECT time_zone FROM organization LIMIT 1')?.time_zone ?? 'Europe/Moscow';
}
