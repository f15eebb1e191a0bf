import type { Entity } from '../audit/model.ts';
import { WRITE_PERMISSION } from '../audit/rules.ts';
import { ALLOWED, may, refuse, type Actor, type Permission, type RowAction, type Verdict } from '../kernel/permissions.ts';

/** What one must be allowed to do in order to delete, where that is more than writing. */
const DELETE_PERMISSION: Partial<Record<Entity, Permission>> = {
  companies: 'base.delete',
  clients: 'base.delete',
  contacts: 'base.delete',
  assets: 'base.delete',
  contracts: 'base.delete',
  articles: 'base.delete',
  tickets: 'work.delete',
  tasks: 'work.delete',
};

/** Facts of one op that the first gate looks at. */
interface Deed {
  entity: Entity;
  action: RowAction;
  /** The row was made by the actor himself: taking back what one has made is no more than writing. */
  own: boolean;
  /** The row goes to the trash with the one it hangs on. */
  withParent: boolean;
}

/** The first gate of a change that arrives from elsewhere, as the operations of the contract would have judged it. Row policies come after. */
export function mayWrite(actor: Actor, deed: Deed): Verdict {
  const write = WRITE_PERMISSION[deed.entity];
  const wanted: readonly Permission[] = wantedFor(deed, write);
  return wanted.length === 0 || wanted.some((permission) => may(actor, permission)) ? ALLOWED : refuse('permission');
}

function wantedFor({ entity, action, own, withParent }: Deed, write: Permission): readonly Permission[] {
  switch (action) {
    case 'create':
    case 'update':
      return [write];
    case 'delete':
      return withParent ? [] : own ? [write] : [DELETE_PERMISSION[entity] ?? write];
    case 'restore':
      return ['trash.restore', write];
    case 'purge':
      return ['trash.purge'];
  }
}
