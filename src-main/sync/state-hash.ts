import { createHash } from 'node:crypto';
import { fromSql, type EntityMeta, type Registry, type Row } from '../store/entity.ts';
import type { Db } from '../store/sqlite.ts';
import { createAliases, type Aliases } from './aliases.ts';
import { createHeadStore, type HeadStore } from './heads.ts';

const MODULUS = 1n << 64n;
/** Columns of this copy alone. */
const OWN = new Set(['rid', 'change', 'sort_key', 'stamp_device']);

/**
 * Hash of all replicated rows as they are stored, with the heads of their groups; nothing of this copy alone enters it. Rows are added
 * up, so that their order does not matter.
 */
export function stateHash(db: Db, registry: Registry): string {
  const aliases = createAliases(db);
  const heads = createHeadStore(db, aliases);
  let sum = 0n;
  for (const meta of registry.values()) {
    for (const row of db.iterate<Record<string, unknown>>(`SELECT * FROM ${meta.tableName}`)) sum = (sum + rowHash(meta, fromSql(meta, row), aliases, heads)) % MODULUS;
  }
  for (const { entity, id } of db.all<{ entity: number; id: string }>('SELECT entity, id FROM purged_rows')) sum = (sum + digest(`purged ${entity} ${id}`)) % MODULUS;
  return sum.toString(16).padStart(16, '0');
}

/** What of a row every copy must agree on, as text; the tests compare it too. */
export function rowText(meta: EntityMeta, row: Row, aliases: Aliases, heads: HeadStore): string {
  const groups = heads
    .all(meta, row)
    .map(({ group, heads: list }) => [group, list.map((head) => [head.stamp, head.effective.time, head.effective.counter, head.actor_id, list.length > 1 ? sorted(head.values) : null, head.base, head.seen ?? null]).sort(byText)])
    .sort(byText);
  return JSON.stringify([meta.name, ...meta.columns.filter((column) => !OWN.has(column)).map((column) => row[column] ?? null), aliases.device(row.stamp_device), groups]);
}

const rowHash = (meta: EntityMeta, row: Row, aliases: Aliases, heads: HeadStore): bigint => digest(rowText(meta, row, aliases, heads));
const digest = (text: string): bigint => createHash('sha256').update(text).digest().readBigUInt64BE();
const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const sorted = (values: Record<string, unknown>): unknown => Object.entries(values).sort(byText);
