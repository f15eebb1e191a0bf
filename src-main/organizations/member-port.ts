import type { Ref } from '../../src-shared/kernel/contract.ts';
import type { Role } from '../../src-shared/kernel/permissions.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { REGISTRY } from '../core/entities.ts';
import { resolveRef } from '../store/resolve.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import type { Organizations } from './organizations.ts';

/** A member as authentication needs him. */
export interface Member {
  user_id: string;
  no: number | null;
  full_name: string;
  email: string;
  role: Role;
  branch_id: string | null;
  language: 'ru' | 'en';
  theme: 'light' | 'dark' | 'system' | null;
  active: boolean;
}

interface MemberRow extends Omit<Member, 'active' | 'language'> {
  active: number;
  language: 'ru' | 'en' | null;
}

const SELECT = 'SELECT id AS user_id, no, full_name, email, role, branch_id, language, theme, active FROM users WHERE deleted_at IS NULL';

/** Members that were asked for, until anything about any user changes: every call asks who calls. */
const remembered = new WeakMap<OrganizationStore, Map<string, Member>>();

function membersOf(store: OrganizationStore): Map<string, Member> {
  let members = remembered.get(store);
  if (!members) {
    const known = new Map<string, Member>();
    store.onCommit((change) => {
      if (change.entities.includes('users')) known.clear();
    });
    remembered.set(store, known);
    members = known;
  }
  return members;
}

function readMember(store: OrganizationStore, userId: string): Member | null {
  const members = membersOf(store);
  const known = members.get(userId);
  if (known) return known;
  const row = store.read.get<MemberRow>(`${SELECT} AND id = ?`, userId);
  if (!row) return null;
  const member: Member = { ...row, active: row.active === 1, language: row.language ?? 'ru' };
  members.set(userId, member);
  return member;
}

/** What authentication sees of the organisations: who is a member, with which role. */
export function memberPort(organizations: Organizations) {
  return {
    createOrganization: async (input: { id: string; name: string; language: 'ru' | 'en'; owner: { id: string; full_name: string; email: string } }): Promise<void> => {
      organizations.create({ id: input.id, name: input.name, language: input.language }, input.owner);
    },
    member: (organizationId: string, userId: string): Member | null => {
      const store = known(organizations, organizationId);
      return store ? readMember(store, userId) : null;
    },
    findMember: (organizationId: string, ref: Ref): Member => {
      const store = organizations.open(organizationId);
      const member = readMember(store, resolveRef(store.read, REGISTRY, 'users', ref, { field: 'user_id' }));
      if (!member) throw new AppError('NOT_FOUND', { params: { entity: 'users' } });
      return member;
    },
    addMember: async (organizationId: string, member: { id: string; full_name: string; email: string; role: Role; language?: 'ru' | 'en'; branch_id?: string | null }): Promise<void> => {
      const { id, ...values } = member;
      organizations.open(organizationId).mutate({ actor: null, origin: 'system' }, (tx) => {
        if (!tx.get('users', id)) tx.insert('users', { ...values, email: values.email.toLowerCase(), active: true }, { id });
      });
    },
    /** Active owners of an organisation, the first one first. */
    owners: (organizationId: string): string[] =>
      organizations
        .open(organizationId)
        .read.all<{ id: string }>("SELECT id FROM users WHERE role = 'owner' AND active = 1 AND deleted_at IS NULL ORDER BY rid")
        .map((row) => row.id),
    list: (): { id: string; name: string }[] => organizations.list(),
  };
}

function known(organizations: Organizations, id: string): OrganizationStore | null {
  try {
    return organizations.open(id);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

export type MemberPort = ReturnType<typeof memberPort>;
