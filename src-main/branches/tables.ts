import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { named, trashIndex } from '../store/columns.ts';

export const branches = sqliteTable('branches', { ...named(), name: text().notNull(), director_id: text(), address: text() }, (t) => [
  index('branches_by_name').on(t.sort_key),
  index('branches_by_no').on(t.no),
  trashIndex('branches', t.deleted_at),
]);
