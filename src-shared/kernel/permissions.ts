/** Roles of a member, from the widest to the narrowest. */
export const ROLES = ['owner', 'admin', 'coordinator', 'operator', 'engineer', 'client'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What an operation may ask for. `public` is open to everybody who reaches the door, `self` to whoever is signed in; all others
 * are granted by `ROLE_PERMISSIONS`.
 */
export const PERMISSIONS = [
  'public',
  'self',
  'base.read',
  'base.write',
  'base.delete',
  'work.read',
  'work.write',
  'work.delete',
  'schedule.write',
  'notes.write',
  'export.run',
  'import.run',
  'audit.read',
  'trash.read',
  'trash.restore',
  'trash.purge',
  'users.read',
  'users.manage',
  'organization.manage',
  'organization.own',
  'system.manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const EVERYBODY: Permission[] = ['public', 'self'];
const ENGINEER: Permission[] = [...EVERYBODY, 'base.read', 'base.write', 'work.read', 'work.write', 'notes.write', 'users.read', 'trash.read', 'trash.restore'];
const OPERATOR: Permission[] = [...ENGINEER, 'base.delete', 'work.delete', 'schedule.write', 'audit.read'];
const COORDINATOR: Permission[] = [...OPERATOR, 'import.run'];
const ADMIN: Permission[] = [...COORDINATOR, 'export.run', 'trash.purge', 'users.manage', 'organization.manage', 'system.manage'];

/** The one table of role → permission. Row policies (`rules.ts` of each feature) narrow it further. */
export const ROLE_PERMISSIONS: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set<Permission>([...ADMIN, 'organization.own']),
  admin: new Set(ADMIN),
  coordinator: new Set(COORDINATOR),
  operator: new Set(OPERATOR),
  engineer: new Set(ENGINEER),
  client: new Set(EVERYBODY),
};

/** Who acts: a member of an organisation through some door. */
export interface Actor {
  user_id: string;
  organization_id: string;
  role: Role;
  full_name: string;
  branch_id: string | null;
  language: 'ru' | 'en';
  /** Permissions that the token in use is narrowed to; absent means all of the role's. */
  scope?: readonly Permission[] | undefined;
}

/** Whether the actor's role, narrowed by the token's scope, grants the permission. */
export function may(actor: Actor | null, permission: Permission): boolean {
  if (permission === 'public') return true;
  if (!actor) return false;
  if (!ROLE_PERMISSIONS[actor.role].has(permission)) return false;
  return permission === 'self' || !actor.scope || actor.scope.includes(permission);
}

/**
 * Why a row policy says no. Each has a sentence for whoever is refused on the spot (`errors.` of a feature's messages) and one for the
 * reader of a returned change, which another may have written (`sync:why.`).
 */
export const REFUSALS = [
  'permission',
  'company_not_yours',
  'note_not_yours',
  'own_role',
  'users_manage',
  'owner_only',
  'organization_manage',
  'undo_not_yours',
  'trash_purge',
  'attachment_malformed',
  'attachment_fixed',
  'attachment_not_yours',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The answer of a row policy: yes, or no with the reason. */
export type Verdict = { allowed: true } | { allowed: false; why: Refusal };
export const ALLOWED: Verdict = { allowed: true };
export const refuse = (why: Refusal): Verdict => ({ allowed: false, why });

/** What is being done to a row. */
export type RowAction = 'create' | 'update' | 'delete' | 'restore' | 'purge';

/** A row policy decides on one row, before and after; pure, so that a hub judges a pushed change exactly as a local write. */
export type RowPolicy<Row> = (actor: Actor, action: RowAction, before: Row | null, after: Row | null, context?: PolicyContext) => Verdict;

/** Facts beside the row that a policy may need, gathered by the caller. */
export interface PolicyContext {
  /** Branches that the actor directs. */
  directed_branches: readonly string[];
  /** The row goes to the trash with the row that it hangs on, in the same change. */
  with_parent?: boolean;
}
