import { ALLOWED, refuse, type Actor, type Permission, type Verdict } from '../kernel/permissions.ts';
import type { Entity } from './model.ts';

/** What one must be allowed to do in order to take back changes of an entity's rows. */
export const WRITE_PERMISSION: Record<Entity, Permission> = {
  companies: 'base.write',
  clients: 'base.write',
  contacts: 'base.write',
  assets: 'base.write',
  contracts: 'base.write',
  notes: 'notes.write',
  tickets: 'work.write',
  tasks: 'work.write',
  appointments: 'work.write',
  branches: 'organization.manage',
  users: 'self',
  organization: 'organization.manage',
  engineers: 'schedule.write',
  remote_addresses: 'base.write',
  remote_sessions: 'work.write',
  remote_requests: 'base.write',
  articles: 'base.write',
  // The policy of a file asks for what its row wants.
  attachments: 'self',
};

/** A change is taken back by whoever made it, by an admin, or by an owner. */
export function mayUndo(actor: Actor, change: { actor_id: string | null }): Verdict {
  return change.actor_id === actor.user_id || actor.role === 'admin' || actor.role === 'owner' ? ALLOWED : refuse('undo_not_yours');
}
