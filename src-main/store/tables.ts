import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Devices by a small number that rows and stamps carry on this copy; 1 is this device. */
export const devices = sqliteTable('devices', { alias: integer().primaryKey(), id: text().notNull().unique(), name: text() });

/**
 * The log: one row per local transaction. `ops` is what would travel and is covered by the hash; `before` is this copy's own
 * memory of the values that were replaced, for history and undo.
 */
export const changesets = sqliteTable(
  'changesets',
  {
    id: integer().primaryKey(),
    device: integer().notNull(),
    seq: integer().notNull(),
    stamp_time: integer().notNull(),
    stamp_counter: integer().notNull(),
    actor_id: text(),
    schema: integer().notNull(),
    origin: text().notNull(),
    import_id: text(),
    undoes: integer(),
    ops: text().notNull(),
    before: text().notNull(),
    prev_hash: blob({ mode: 'buffer' }).notNull(),
    hash: blob({ mode: 'buffer' }).notNull(),
    /** Place in the common log of the hub; null while the hub has not accepted it. */
    position: integer(),
    /** Where the hub put the stamp in time; null where that is the stamp itself. */
    eff_time: integer(),
    eff_counter: integer(),
    /** What became of it instead of a position: see `STATES` of the sync engine. */
    state: integer(),
  },
  (t) => [
    uniqueIndex('changesets_by_seq').on(t.device, t.seq),
    uniqueIndex('changesets_by_position').on(t.position).where(sql`position IS NOT NULL`),
    index('changesets_by_state').on(t.state).where(sql`state IS NOT NULL`),
    index('changesets_by_actor').on(t.actor_id, t.id),
    // Hardly any write has either: the others leave these indexes alone.
    index('changesets_by_import').on(t.import_id, t.id).where(sql`import_id IS NOT NULL`),
    index('changesets_by_undoes').on(t.undoes).where(sql`undoes IS NOT NULL`),
  ],
);

/** Which rows a changeset touched: history of a row, and of a client with everything below it. */
export const changeRows = sqliteTable(
  'change_rows',
  { entity: integer().notNull(), row: integer().notNull(), changeset: integer().notNull(), op: integer().notNull(), client: integer() },
  (t) => [primaryKey({ columns: [t.entity, t.row, t.changeset, t.op] }), index('change_rows_by_client').on(t.client, t.changeset)],
);

/** Values of column groups written after the row was created: the register's heads. One head: no question; several: a conflict. */
export const groupHeads = sqliteTable(
  'group_heads',
  {
    entity: integer().notNull(),
    row: integer().notNull(),
    group: text().notNull(),
    stamp_time: integer().notNull(),
    stamp_counter: integer().notNull(),
    stamp_device: integer().notNull(),
    /** JSON of the group's values; null while it is the only head and stands in the row itself. */
    value: text(),
    eff_time: integer(),
    eff_counter: integer(),
    actor_id: text(),
    /** Of a long text: what it was before, so that two edits of it can be merged. */
    base: text(),
    /** Of a deletion: JSON of the heads of other groups that its author knew. */
    seen: text(),
  },
  (t) => [
    primaryKey({ columns: [t.entity, t.row, t.group, t.stamp_time, t.stamp_counter, t.stamp_device] }),
    index('group_heads_several').on(t.entity, t.row, t.group).where(sql`value IS NOT NULL`),
  ],
);

/** Rows deleted for good: a change of one that arrives later finds nothing, instead of making it anew. */
export const purgedRows = sqliteTable('purged_rows', { entity: integer().notNull(), id: text().notNull() }, (t) => [primaryKey({ columns: [t.entity, t.id] })]);

/** The next number of each table, kept where the authority is. */
export const counters = sqliteTable('counters', { entity: text().primaryKey(), last: integer().notNull() });

/** Answers of commands that came with an Idempotency-Key. */
export const idempotencyKeys = sqliteTable(
  'local_idempotency_keys',
  { actor_id: text().notNull(), key: text().notNull(), operation: text().notNull(), request_hash: text().notNull(), response: text().notNull(), created_at: text().notNull() },
  (t) => [primaryKey({ columns: [t.actor_id, t.key] }), index('idempotency_by_age').on(t.created_at)],
);

/** Log-ins, exports, refused attempts, rights. */
export const securityEvents = sqliteTable(
  'security_events',
  { id: integer().primaryKey(), at: text().notNull(), type: text().notNull(), user_id: text(), address: text(), details: text().notNull() },
  (t) => [index('security_events_by_type').on(t.type, t.id)],
);

export const drafts = sqliteTable(
  'local_drafts',
  { user_id: text().notNull(), key: text().notNull(), value: text().notNull(), updated_at: text().notNull() },
  (t) => [primaryKey({ columns: [t.user_id, t.key] })],
);

/** Imports on this device: file, options, verdicts. */
export const imports = sqliteTable('local_imports', {
  id: text().primaryKey(),
  file_name: text().notNull(),
  stored_as: text().notNull(),
  state: text().notNull(),
  info: text().notNull(),
  created_at: text().notNull(),
  created_by: text().notNull(),
});

export const importRows = sqliteTable(
  'local_import_rows',
  { import_id: text().notNull(), line: integer().notNull(), part: integer().notNull(), verdict: text().notNull(), row: text().notNull() },
  (t) => [primaryKey({ columns: [t.import_id, t.line, t.part] }), index('import_rows_by_verdict').on(t.import_id, t.verdict, t.line)],
);

/** Keys under which a company can be recognised again (INN, folded name, address, phone …). */
export const companyKeys = sqliteTable('local_company_keys', { key: text().notNull(), row: integer().notNull() }, (t) => [
  primaryKey({ columns: [t.key, t.row] }),
  index('company_keys_by_row').on(t.row),
]);

/** Rows that the search index still has to be brought in step with, in the order in which they were written. */
export const indexWaiting = sqliteTable('local_index_waiting', { id: integer().primaryKey(), entity: integer().notNull(), rids: text().notNull(), rows: integer().notNull() });

/** Where an imported row came from: source system, kind and its id there → the row here. */
export const importedSources = sqliteTable(
  'local_imported_sources',
  { source: text().primaryKey(), entity: text().notNull(), row_id: text().notNull(), import_id: text().notNull(), last_values: text().notNull() },
  (t) => [index('imported_sources_by_import').on(t.import_id)],
);

/** Facts about this copy: device id, name of the copy, schema. */
export const copyFacts = sqliteTable('local_facts', { key: text().primaryKey(), value: text().notNull() });
