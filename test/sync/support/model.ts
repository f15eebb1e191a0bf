import type { LogEntry } from '../../../src-shared/sync/wire.ts';
import { mergeText } from '../../../src-shared/sync/text-merge.ts';
import type { Op } from '../../../src-main/store/change-log.ts';
import { REGISTRY } from '../../../src-main/core/entities.ts';
import type { EntityMeta } from '../../../src-main/store/entity.ts';
import type { Copy } from './copies.ts';

interface ModelHead {
  id: string;
  order: [time: number, counter: number, stampTime: number, stampCounter: number, device: string];
  values: Record<string, unknown>;
  base: string | null;
}

interface ModelRow {
  entity: string;
  values: Record<string, unknown>;
  groups: Map<string, ModelHead[]>;
}

/** A plain reading of the log: rows with registers, in memory, without SQL, without anything of the engine but the merge of texts. */
export function readModel(log: readonly LogEntry[]): { rows: Map<string, ModelRow>; purged: Set<string> } {
  const rows = new Map<string, ModelRow>();
  const purged = new Set<string>();
  for (const entry of log) {
    const id = [...entry.stamp, entry.device].join(' ');
    for (const op of JSON.parse(entry.ops) as Op[]) {
      const key = `${op.t}/${op.i}`;
      const row = rows.get(key);
      if (op.k === 'p') {
        rows.delete(key);
        purged.add(key);
      } else if (op.k === 'c' && !row && !purged.has(key)) {
        const order: ModelHead['order'] = [...entry.stamp, ...entry.stamp, entry.device];
        rows.set(key, { entity: op.t, values: { no: null, deleted_at: null, ...op.v }, groups: new Map([['', [{ id, order, values: {}, base: null }]]]) });
      } else if (row) {
        for (const [group, write] of Object.entries(op.g ?? {})) {
          const seen = new Set(write.s.map((stamp) => stamp.join(' ')));
          const creation = row.groups.get('') as ModelHead[];
          const current = row.groups.get(group) ?? (group === 'no' && row.values['no'] === null ? [] : creation).map((head) => ({ ...head, values: Object.fromEntries(Object.keys(write.v).map((column) => [column, row.values[column] ?? null])) }));
          const left = current.filter((head) => !seen.has(head.id) && head.id !== id);
          const heads = [...left, { id, order: [...entry.effective, ...entry.stamp, entry.device] as ModelHead['order'], values: write.v, base: write.b ?? null }];
          row.groups.set(group, heads);
          Object.assign(row.values, shown(heads, group === 'no'));
        }
      }
    }
  }
  return { rows, purged };
}

function shown(heads: ModelHead[], first: boolean): Record<string, unknown> {
  const ordered = [...heads].sort(byOrder);
  const base = ordered[0]?.base ?? null;
  if (heads.length > 1 && base !== null && ordered.every((head) => head.base === base && typeof Object.values(head.values)[0] === 'string')) {
    const [column] = Object.keys(ordered[0]?.values ?? {});
    const merged = ordered.slice(1).reduce<string | null>((text, head) => (text === null ? null : mergeText(base, text, Object.values(head.values)[0] as string)), Object.values(ordered[0]?.values ?? {})[0] as string);
    if (merged !== null && column) return { [column]: merged };
  }
  return (first ? ordered[0] : ordered.at(-1))?.values ?? {};
}

function byOrder(a: ModelHead, b: ModelHead): number {
  for (const [index, value] of a.order.entries()) {
    const other = b.order[index] as number | string;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** Where a copy's rows are not what the model says. */
export function differences(copy: Copy, log: readonly LogEntry[]): string[] {
  const { rows } = readModel(log);
  const faults: string[] = [];
  for (const meta of REGISTRY.values()) faults.push(...tableDifferences(copy, meta, rows));
  return faults;
}

function tableDifferences(copy: Copy, meta: EntityMeta, rows: Map<string, ModelRow>): string[] {
  const faults: string[] = [];
  const stored = copy.store.read.all<Record<string, unknown>>(`SELECT * FROM ${meta.tableName}`);
  const expected = [...rows].filter(([, row]) => row.entity === meta.name);
  if (stored.length !== expected.length) faults.push(`${copy.name}: ${meta.name} has ${stored.length} rows, the log says ${expected.length}`);
  for (const row of stored) {
    const model = rows.get(`${meta.name}/${String(row['id'])}`);
    if (!model) {
      faults.push(`${copy.name}: ${meta.name}/${String(row['id'])} is not in the log`);
      continue;
    }
    for (const column of [...meta.dataColumns, 'no', 'deleted_at']) {
      const value = meta.codecs[column] === 'json' ? JSON.parse(String(row[column])) : meta.codecs[column] === 'bool' ? row[column] === 1 : row[column];
      const wanted = model.values[column] ?? (meta.codecs[column] === 'json' ? [] : meta.codecs[column] === 'bool' ? false : null);
      if (JSON.stringify(value) !== JSON.stringify(wanted)) faults.push(`${copy.name}: ${meta.name}/${String(row['id'])}.${column} is ${JSON.stringify(value)}, the log says ${JSON.stringify(wanted)}`);
    }
  }
  return faults;
}
