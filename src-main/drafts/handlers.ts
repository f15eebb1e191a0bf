import { os, sessionOf } from '../core/os.ts';

interface DraftRow {
  key: string;
  value: string;
  updated_at: string;
}
const asDraft = (row: DraftRow): { key: string; value: unknown; updated_at: string } => ({ ...row, value: JSON.parse(row.value) as unknown });

/** Drafts stay on this device: they are written to a local table, outside the log. */
export const draftsHandlers = {
  list: os.drafts.list.handler(({ context }) => {
    const { store, actor } = sessionOf(context);
    return { items: store.read.all<DraftRow>('SELECT key, value, updated_at FROM local_drafts WHERE user_id = ? ORDER BY updated_at DESC', actor.user_id).map(asDraft) };
  }),
  get: os.drafts.get.handler(({ input, context }) => {
    const { store, actor } = sessionOf(context);
    const row = store.read.get<DraftRow>('SELECT key, value, updated_at FROM local_drafts WHERE user_id = ? AND key = ?', actor.user_id, input.key);
    return { draft: row ? asDraft(row) : null };
  }),
  save: os.drafts.save.handler(({ input, context }) => {
    const session = sessionOf(context);
    const draft = { key: input.key, value: input.value ?? null, updated_at: session.now() };
    session.store.local.run('INSERT OR REPLACE INTO local_drafts (user_id, key, value, updated_at) VALUES (?, ?, ?, ?)', session.actor.user_id, draft.key, JSON.stringify(draft.value), draft.updated_at);
    return draft;
  }),
  remove: os.drafts.remove.handler(({ input, context }) => {
    const { store, actor } = sessionOf(context);
    return { removed: store.local.run('DELETE FROM local_drafts WHERE user_id = ? AND key = ?', actor.user_id, input.key).changes > 0 };
  }),
};
