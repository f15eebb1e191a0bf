import { ALLOWED, may, refuse, type RowPolicy } from '../kernel/permissions.ts';

interface UserRow {
  id: string;
  [column: string]: unknown;
}

/** What a person may change of himself without the right to manage users. */
const OWN_FIELDS = new Set(['full_name', 'phone', 'theme', 'language', 'sort_key', 'updated_at', 'updated_by', 'change']);

/** Members are managed by admins; an owner only by an owner; nobody strips himself of the last rights by accident. */
export const userPolicy: RowPolicy<UserRow> = (actor, action, before, after) => {
  if (action === 'update' && before && after && before.id === actor.user_id) {
    const changed = Object.keys(after).filter((field) => after[field] !== before[field]);
    if (changed.every((field) => OWN_FIELDS.has(field))) return ALLOWED;
    if (after['role'] !== before['role'] || after['active'] !== before['active']) return refuse('own_role');
  }
  if (!may(actor, 'users.manage')) return refuse('users_manage');
  const touchesOwner = before?.['role'] === 'owner' || after?.['role'] === 'owner';
  return touchesOwner && actor.role !== 'owner' ? refuse('owner_only') : ALLOWED;
};
