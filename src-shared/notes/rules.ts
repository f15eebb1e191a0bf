import { ALLOWED, refuse, type RowPolicy } from '../kernel/permissions.ts';

interface NoteRow {
  created_by: string | null;
  [column: string]: unknown;
}

/**
 * Anybody adds a note; only its author changes or deletes it. Pinning is open to all, and so is bringing it back: whoever may delete
 * what the note hangs on takes the note along, and must be able to undo that.
 */
export const notePolicy: RowPolicy<NoteRow> = (actor, action, before, after, context) => {
  if (action === 'create' || !before || before.created_by === actor.user_id) return ALLOWED;
  if (action === 'restore' || (action === 'delete' && context?.with_parent)) return ALLOWED;
  if (action === 'update' && after && after['content'] === before['content']) return ALLOWED;
  if (action === 'purge' && (actor.role === 'owner' || actor.role === 'admin')) return ALLOWED;
  return refuse('note_not_yours');
};
