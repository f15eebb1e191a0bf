import { REGISTRY } from '../../../src-main/core/entities.ts';
import type { EntityMeta, Registry } from '../../../src-main/store/entity.ts';

/** A version of the program that does not know contracts yet. */
export const WITHOUT_CONTRACTS: Registry = new Map([...REGISTRY].filter(([name]) => name !== 'contracts'));

/** One that knows assets, but not yet until when they are under warranty. */
export const WITHOUT_WARRANTY: Registry = new Map([...REGISTRY].map(([name, meta]) => [name, name === 'assets' ? without(meta, 'warranty_until') : meta]));

function without(meta: EntityMeta, column: string): EntityMeta {
  const { [column]: _group, ...groupColumns } = meta.groupColumns;
  return { ...meta, dataColumns: meta.dataColumns.filter((name) => name !== column), groupColumns };
}
