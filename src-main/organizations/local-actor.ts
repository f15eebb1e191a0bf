import type { House } from '../core/house.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';

interface OwnerRow {
  id: string;
  full_name: string;
  branch_id: string | null;
  language: 'ru' | 'en' | null;
}

/**
 * Who acts on the command line: whoever may read the data folder acts as the organisation's first owner; the door `cli` stands in
 * the history. @returns undefined while there is no organisation. @throws AppError INVALID when there are several and none is named.
 */
export function localActor(house: House, organization?: string | undefined): Actor | undefined {
  const all = house.organizations.list();
  const wanted = organization ? all.find((one) => one.id === organization || one.name === organization) : all[0];
  if (organization && !wanted) throw new AppError('NOT_FOUND', { detail: 'organization_unknown' });
  if (!wanted) return undefined;
  const { read } = house.organizations.open(wanted.id);
  const owner = read.get<OwnerRow>("SELECT id, full_name, branch_id, language FROM users WHERE role = 'owner' AND active = 1 AND deleted_at IS NULL ORDER BY rid LIMIT 1");
  if (!owner) return undefined;
  return { user_id: owner.id, organization_id: wanted.id, role: 'owner', full_name: owner.full_name, branch_id: owner.branch_id, language: owner.language ?? 'ru' };
}
