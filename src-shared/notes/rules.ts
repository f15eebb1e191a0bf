import { ALLOWED, refuse, type RowPolicy } from '../kernel/permissions.ts';

interface NoteRow {
  created_by: string | null;
  [column: string]: unknown;
}

/** Anybody adds a note; only its author changes or deletes it. Pinning is open to all. */
export const notePolicy: RowPolicy<NoteRow> = (actor, action, before, after) => {
  if (action === 'create' || !before || before.created_by === actor.user_id) return ALLOWED;
  if (action === 'update' && after && after['content'] === before['content']) return ALLOWED;
  if (action === 'purge' && (actor.role === 'owner' || actor.role === 'admin')) return ALLOWED;
  return refuse('note_not_yours');
};
