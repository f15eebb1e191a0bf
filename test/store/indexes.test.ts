import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REGISTRY } from '../../src-main/core/entities.ts';
import { metaOf } from '../../src-main/store/entity.ts';
import { openTestHouse, type TestHouse } from '../support/session.ts';

let house: TestHouse;
beforeEach(() => {
  house = openTestHouse();
});
afterEach(() => house.close());

/** How SQLite would answer, step by step. */
const plan = (sql: string): string[] => house.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).map((step) => step.detail);

describe.each([...REGISTRY.values()].map((meta) => [meta.name, meta] as const))('%s', (_name, meta) => {
  it('reads its trash along an index, what was deleted last first', () => {
    const steps = plan(`SELECT rid FROM ${meta.tableName} WHERE deleted_at IS NOT NULL AND deleted_at <= 'z' ORDER BY deleted_at DESC, rid DESC LIMIT 10`);
    expect(steps.join('\n')).toContain(`${meta.tableName}_by_deleted`);
    expect(steps.join('\n')).not.toContain('TEMP B-TREE');
  });

  it('finds what hangs on a row without looking through a table', () => {
    for (const child of meta.children ?? []) {
      const table = metaOf(REGISTRY, child.entity).tableName;
      expect(plan(`SELECT id FROM ${table} WHERE ${child.column} = 'x' AND deleted_at IS NULL`).join('\n')).toMatch(/^SEARCH .* USING INDEX/);
      expect(plan(`SELECT id, deleted_at FROM ${table} WHERE ${child.column} = 'x'`).join('\n')).toMatch(/^SEARCH .* USING INDEX/);
    }
  });

  it('keeps an index of beginnings for those who look while they type', () => {
    if (!meta.search) return;
    const { sql } = house.store.read.get<{ sql: string }>('SELECT sql FROM sqlite_master WHERE name = ?', `${meta.tableName}_fts`) as { sql: string };
    expect(sql).toContain("prefix='2 3'");
  });
});
