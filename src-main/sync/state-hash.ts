import { hash } from 'node:crypto';
import { fromSql, type EntityMeta, type Registry, type Row } from '../store/entity.ts';
import type { Committed } from '../store/mutate.ts';
import type { Db } from '../store/sqlite.ts';
import { createAliases, type Aliases } from './aliases.ts';
import { createHeadStore, type GroupHeads, type HeadStore } from './heads.ts';

const MODULUS = 1n << 64n;
/** Columns of this copy alone. */
const OWN = new Set(['rid', 'change', 'sort_key', 'stamp_device']);
/** Rows that are summed up together; what is read again when one of them has changed. */
const BUCKET = 512;
/** Buckets of one step: some 20 ms, after which others may work. */
const STEP = 4;
/** As many as an answer may wait for: a few thousand rows. */
const AT_ONCE = 24;

/**
 * The hash of all replicated rows as they are stored, with the heads of their groups; nothing of this copy alone enters it. Rows are
 * added up, so that their order does not matter, and in buckets, so that a change costs its own neighbours and not the whole base.
 */
export interface StateHash {
  /** The hash, or null while there is more to read than an answer may wait for. */
  ready(): string | null;
  /** Reads on. @returns whether something is left */
  step(): boolean;
  changed(change: Pick<Committed, 'rids'>): void;
  /** Has everything read again. */
  forget(): void;
}

interface Table {
  meta: EntityMeta;
  sums: Map<number, bigint>;
  dirty: Set<number>;
  /** Whether there may be buckets that nobody has looked at. */
  unknown: boolean;
  /** Columns that every copy must agree on. */
  columns: readonly string[];
}

export function createStateHash(db: Db, registry: Registry): StateHash {
  const aliases = createAliases(db);
  const heads = createHeadStore(db, aliases);
  const tables = new Map<string, Table>();
  for (const meta of registry.values()) tables.set(meta.name, { meta, sums: new Map(), dirty: new Set(), unknown: true, columns: sharedColumns(meta) });

  const survey = (table: Table): void => {
    if (!table.unknown) return;
    table.sums.clear();
    const last = db.get<{ rid: number | null }>(`SELECT max(rid) AS rid FROM ${table.meta.tableName}`)?.rid ?? -1;
    for (let bucket = 0; bucket * BUCKET <= last; bucket++) table.dirty.add(bucket);
    table.unknown = false;
  };
  const read = ({ meta, columns, sums, dirty }: Table, bucket: number): void => {
    const [from, to] = [bucket * BUCKET, bucket * BUCKET + BUCKET - 1];
    const rows = db.all<Record<string, unknown>>(`SELECT * FROM ${meta.tableName} WHERE rid BETWEEN ? AND ?`, from, to).map((row) => fromSql(meta, row));
    const headsOf = heads.between(meta, rows, from, to);
    sums.set(
      bucket,
      rows.reduce((sum, row) => (sum + digest(textOf(meta, columns, row, aliases, headsOf(row)))) % MODULUS, 0n),
    );
    dirty.delete(bucket);
  };
  const step = (most = STEP): boolean => {
    let left = most;
    for (const table of tables.values()) {
      survey(table);
      for (const bucket of table.dirty) {
        if (left-- === 0) return true;
        read(table, bucket);
      }
    }
    return false;
  };

  return {
    step: () => step(),
    ready: () => {
      if (step(AT_ONCE)) return null;
      let sum = 0n;
      for (const { sums } of tables.values()) for (const part of sums.values()) sum = (sum + part) % MODULUS;
      for (const { entity, id } of db.all<{ entity: number; id: string }>('SELECT entity, id FROM purged_rows')) sum = (sum + digest(`purged ${entity} ${id}`)) % MODULUS;
      return sum.toString(16).padStart(16, '0');
    },
    changed: ({ rids }) => {
      for (const [entity, of] of rids) {
        const table = tables.get(entity);
        if (table) for (const rid of of) table.dirty.add(Math.floor(rid / BUCKET));
      }
    },
    forget: () => {
      for (const table of tables.values()) table.unknown = true;
    },
  };
}

/** The hash read from the rows at once, in one go. */
export function stateHash(db: Db, registry: Registry): string {
  const whole = createStateHash(db, registry);
  while (whole.step());
  return whole.ready() as string;
}

/** What of a row every copy must agree on, as text; the tests compare it too. */
export const rowText = (meta: EntityMeta, row: Row, aliases: Aliases, heads: HeadStore): string => textOf(meta, sharedColumns(meta), row, aliases, heads.all(meta, row));

const sharedColumns = (meta: EntityMeta): readonly string[] => meta.columns.filter((column) => !OWN.has(column));

function textOf(meta: EntityMeta, columns: readonly string[], row: Row, aliases: Aliases, all: GroupHeads[]): string {
  const groups = all
    .map(({ group, heads: list }) => [group, list.map((head) => [head.stamp, head.effective.time, head.effective.counter, head.actor_id, list.length > 1 ? sorted(head.values) : null, head.base, head.seen ?? null]).sort(byText)])
    .sort(byText);
  return JSON.stringify([meta.name, ...columns.map((column) => row[column] ?? null), aliases.device(row.stamp_device), groups]);
}

const digest = (text: string): bigint => hash('sha256', text, 'buffer').readBigUInt64BE();
const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const sorted = (values: Record<string, unknown>): unknown => Object.entries(values).sort(byText);
