import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { z } from 'zod';
import type { absence, DAY_ENDS, part, workShift } from '../../src-shared/schedule/model.ts';
import { jsonList, replicated, stringList, trashIndex } from '../store/columns.ts';

/** When and from where an engineer works, and what he can do. */
export const engineers = sqliteTable(
  'engineers',
  {
    ...replicated(),
    user_id: text().notNull(),
    /** The person's, so that the row can be called by it. */
    name: text(),
    address: text(),
    latitude: real(),
    longitude: real(),
    day_ends: text().$type<(typeof DAY_ENDS)[number]>(),
    shifts: jsonList<z.infer<typeof workShift>>(),
    overtime_minutes: integer(),
    lunch_from: text(),
    lunch_to: text(),
    lunch_minutes: integer(),
    absences: jsonList<z.infer<typeof absence>>(),
    skills: stringList(),
    stock: jsonList<z.infer<typeof part>>(),
    travel_percent: integer(),
    cost_percent: integer(),
  },
  (t) => [index('engineers_by_user').on(t.user_id), index('engineers_by_created').on(t.created_at), index('engineers_by_no').on(t.no), trashIndex('engineers', t.deleted_at)],
);

/** Travel between places that this installation knows better than by the straight line. */
export const localTravel = sqliteTable(
  'local_travel',
  { from_place: text().notNull(), to_place: text().notNull(), seconds: integer().notNull(), metres: integer().notNull(), source: text().notNull(), at: text().notNull() },
  (t) => [primaryKey({ columns: [t.from_place, t.to_place] })],
);
