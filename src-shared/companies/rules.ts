import { ALLOWED, refuse, type RowPolicy } from '../kernel/permissions.ts';

interface CompanyRow {
  created_by: string | null;
  [column: string]: unknown;
}

/** The whole organisation sees the base; a company is changed by its author, its responsible, the director of its branch, an admin or the owner. */
export const companyPolicy: RowPolicy<CompanyRow> = (actor, action, before, _after, context) => {
  if (action === 'create' || !before) return ALLOWED;
  if (actor.role === 'owner' || actor.role === 'admin') return ALLOWED;
  if (before.created_by === actor.user_id || before['responsible_id'] === actor.user_id) return ALLOWED;
  if (typeof before['branch_id'] === 'string' && context?.directed_branches.includes(before['branch_id'])) return ALLOWED;
  return refuse('company_not_yours');
};
