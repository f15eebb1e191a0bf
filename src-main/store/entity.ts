import { getTableColumns, getTableName } from 'drizzle-orm';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Entity } from '../../src-shared/audit/model.ts';
import type { RowPolicy } from '../../src-shared/kernel/permissions.ts';
import type { Db, SqlValue } from './sqlite.ts';
import { SYSTEM_COLUMNS } from './columns.ts';

/** Numbers under which entities stand in `change_rows` and `group_heads`; never reused. */
export const ENTITY_CODES: Record<Entity, number> = { companies: 1, clients: 2, contacts: 3, notes: 4, assets: 5, contracts: 6, tickets: 7, tasks: 8, appointments: 9, branches: 10, users: 11, organization: 12, engineers: 13, remote_addresses: 20, remote_sessions: 21, remote_requests: 22, attachments: 23, articles: 24 };

/** A row as the code sees it: JSON columns parsed, booleans true or false. */
export type Row = Record<string, unknown> & RowHead;
export interface RowHead {
  rid: number;
  id: string;
  no: number | null;
  created_at: string;
  updated_at: string;
  created_by: string | null;
  updated_by: string | null;
  deleted_at: string | null;
  stamp_time: number;
  stamp_counter: number;
  stamp_device: number;
  change: number;
}

export interface EntityDefinition {
  name: Entity;
  table: SQLiteTable;
  /** Columns that mean something only together and merge as one; every other column is a group of its own. */
  groups?: Record<string, readonly string[]>;
  /** Columns of long text, each a group of its own: edits at different places are merged. */
  texts?: readonly string[];
  /** Columns that only one living row should have; another one's are found after a merge, and a person decides. */
  once?: readonly (readonly string[])[];
  /** Column → the entity it points at. */
  refs?: Record<string, Entity>;
  /** Column with a list of ids → the entity they point at. */
  listRefs?: Record<string, Entity>;
  /** The column by which a person would call the row. */
  label: string;
  /** Texts under which the row can be found; empty for rows that search leaves out. */
  search?: (row: Row, names: (entity: Entity, id: unknown) => string | null) => (string | null | undefined)[];
  /** What `sort_key` is made of, out of the label alone; only for tables that have the column. */
  sortBy?: (row: Row) => string;
  /** Column → the column by which rows that are equal in it are ordered further, where an index holds both. */
  ties?: Record<string, string>;
  policy: RowPolicy<Row>;
  /** Rows whose search texts hold this row's label: the entity, and its column that points here. */
  namedIn?: readonly { entity: Entity; column: string }[];
  /** Rows that go to the trash together with this one: the entity, and its column that points here. */
  children?: readonly { entity: Entity; column: string }[];
  /** The client under whose history the row's changes are read; `find` reads another row on the way, in the trash or not. */
  clientOf?: (row: Row, find: (entity: Entity, id: string) => Row | undefined) => string | null;
  /**
   * Fields of the answer that are not simply the column of their name: their SQL over `t`, or null for a field that is not answered.
   * `nameOf` gives the SQL of the name that stands behind a reference.
   */
  shown?: (nameOf: (column: string) => string) => Record<string, string | null>;
  /** Keeps tables derived from the row (keys for duplicates and the like) inside the same transaction. */
  derive?: (db: Db, row: Row) => void;
}

type Codec = 'plain' | 'json' | 'bool';

/** An entity with all that the store derives from its table. */
export interface EntityMeta extends EntityDefinition {
  code: number;
  tableName: string;
  columns: string[];
  /** Columns that hold the thing itself. */
  dataColumns: string[];
  codecs: Record<string, Codec>;
  /** A row in which nothing is written, to be copied. */
  empty: Readonly<Row>;
  /** Which of `columns` SQLite keeps as they are. */
  plainAt: readonly boolean[];
  groupOf: Record<string, string>;
  groupColumns: Record<string, readonly string[]>;
  hasSortKey: boolean;
  /** Columns that always have a value. */
  notNull: ReadonlySet<string>;
  /** Plain columns that hold numbers; all others hold text. */
  numeric: ReadonlySet<string>;
  /** Columns of each index, in order. */
  indexes: readonly (readonly string[])[];
  insertSql: string;
  /** The rid of a row by its id. */
  ridSql: string;
  /** Gives a row that has no number its first one, written by a change; tells its rid and whether it is in the trash. */
  numberSql: string;
}

/** The list of a row in which nothing is written; shared by all of them. */
const NOTHING: readonly never[] = Object.freeze([]);
const system = new Set<string>(SYSTEM_COLUMNS);

/** Reads from the drizzle table what the store needs to write rows without naming columns anywhere else. */
export function describeEntity(definition: EntityDefinition): EntityMeta {
  const tableColumns = getTableColumns(definition.table);
  const columns = Object.keys(tableColumns);
  const dataColumns = columns.filter((column) => !system.has(column));
  const codecs: Record<string, Codec> = {};
  for (const [name, column] of Object.entries(tableColumns)) {
    codecs[name] = column.columnType === 'SQLiteTextJson' ? 'json' : column.columnType === 'SQLiteBoolean' ? 'bool' : 'plain';
  }
  const groupOf: Record<string, string> = {};
  const groupColumns: Record<string, readonly string[]> = {};
  for (const column of dataColumns) groupOf[column] = column;
  for (const [group, members] of Object.entries(definition.groups ?? {})) {
    for (const member of members) groupOf[member] = group;
  }
  for (const column of dataColumns) {
    const group = groupOf[column] as string;
    groupColumns[group] = [...(groupColumns[group] ?? []), column];
  }
  const tableName = getTableName(definition.table);
  return {
    ...definition,
    code: ENTITY_CODES[definition.name],
    tableName,
    columns,
    dataColumns,
    codecs,
    empty: Object.fromEntries(columns.map((column) => [column, codecs[column] === 'json' ? NOTHING : codecs[column] === 'bool' ? false : null])) as unknown as Row,
    plainAt: columns.map((column) => codecs[column] === 'plain'),
    groupOf,
    groupColumns,
    hasSortKey: columns.includes('sort_key'),
    notNull: new Set(columns.filter((name) => tableColumns[name]?.notNull)),
    numeric: new Set(columns.filter((name) => codecs[name] === 'plain' && /^SQLite(Integer|Real)$/.test(tableColumns[name]?.columnType ?? ''))),
    indexes: getTableConfig(definition.table).indexes.map((index) => index.config.columns.map((column) => ('name' in column ? column.name : ''))),
    insertSql: `INSERT INTO ${tableName} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ridSql: `SELECT rid FROM ${tableName} WHERE id = ?`,
    numberSql: `UPDATE ${tableName} SET no = ?, change = ? WHERE id = ? AND no IS NULL RETURNING rid, deleted_at`,
  };
}

/** SQL of the word that stands for a number counted from 0. */
export const wordOf = (sql: string, words: readonly string[]): string => `CASE ${sql} ${words.map((word, number) => `WHEN ${number} THEN '${word}'`).join(' ')} END`;

/** Value of a column as SQLite keeps it. */
export function toSql(meta: EntityMeta, column: string, value: unknown): SqlValue {
  if (value === undefined || value === null) return meta.codecs[column] === 'json' ? '[]' : null;
  switch (meta.codecs[column]) {
    case 'json':
      return JSON.stringify(value);
    case 'bool':
      return value ? 1 : 0;
    default:
      return value as SqlValue;
  }
}

/** A row's columns, in their order, as SQLite keeps them. @param rid its rid; null where SQLite gives one */
export function sqlValues(meta: EntityMeta, row: Row, rid: number | null): SqlValue[] {
  return meta.columns.map((column, index) => {
    if (column === 'rid') return rid;
    const value = row[column];
    return meta.plainAt[index] ? ((value ?? null) as SqlValue) : toSql(meta, column, value);
  });
}

/** Turns a row of SQLite into a row of the code, in place. */
export function fromSql(meta: EntityMeta, row: Record<string, unknown>): Row {
  for (const column of meta.dataColumns) {
    const codec = meta.codecs[column];
    if (codec === 'json') row[column] = JSON.parse(row[column] as string);
    else if (codec === 'bool') row[column] = row[column] === 1;
  }
  return row as Row;
}

export type Registry = ReadonlyMap<Entity, EntityMeta>;

export function createRegistry(definitions: readonly EntityDefinition[]): Registry {
  return new Map(definitions.map((definition) => [definition.name, describeEntity(definition)]));
}

/** The meta of an entity; every entity of the contract has one. */
export function metaOf(registry: Registry, entity: Entity): EntityMeta {
  const meta = registry.get(entity);
  if (!meta) throw new Error(`entity ${entity} is not in the registry`);
  return meta;
}

/** Longest label in an answer; a note's is its first words. */
const MAX_LABEL = 200;

/** What a person would call the row. */
export function titleOf(meta: EntityMeta, row: Record<string, unknown>): string {
  return String(row[meta.label] ?? '').slice(0, MAX_LABEL);
}
