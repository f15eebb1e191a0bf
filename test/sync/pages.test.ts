import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPages } from '../../src-main/sync/pages.ts';
import type { HubLog } from '../../src-main/sync/types.ts';
import type { LogEntry } from '../../src-shared/sync/wire.ts';

const entryAt = (position: number, actor: string | null): LogEntry => ({ device: 'd', seq: position, actor, schema: 1, stamp: [position, 0], origin: 'window', import_id: null, undoes: null, ops: '[]', prev_hash: 'a', hash: String(position), position, effective: [position, 0] });

/** A log in memory that counts what is read of it. */
function memoryLog() {
  const entries: LogEntry[] = [];
  let read = 0;
  const log: Pick<HubLog, 'read'> = {
    read: (since, limit) => {
      read++;
      return entries.slice(since, since + limit);
    },
  };
  return { entries, log: log as HubLog, reads: () => read };
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('pushed' as const), count: fc.integer({ min: 1, max: 700 }), numbered: fc.boolean() }),
  fc.record({ kind: fc.constant('own' as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('read' as const), since: fc.nat(3_000), limit: fc.integer({ min: 1, max: 1_000 }) }),
  fc.record({ kind: fc.constant('forget' as const) }),
);

describe('pages of the log', () => {
  it('are the same whether what came in was kept or is read again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { entries, log } = memoryLog();
        const [keeping, reading] = [createPages(log), createPages(log)];
        const add = (count: number, actor: string | null): LogEntry[] => {
          const added = Array.from({ length: count }, (_, index) => entryAt(entries.length + 1 + index, actor));
          entries.push(...added);
          return added;
        };
        for (const one of steps) {
          if (one.kind === 'pushed') keeping.keep([...add(one.count, 'anna'), ...(one.numbered ? add(1, null) : [])]);
          else if (one.kind === 'own') add(one.count, 'hub');
          else if (one.kind === 'forget') keeping.forget();
          else expect(keeping.read('life', one.since, one.limit, entries.length)).toEqual(reading.read('life', one.since, one.limit, entries.length));
        }
      }),
    );
  });

  it('are not read again while they are kept, and the kept part is bounded', () => {
    const { entries, log, reads } = memoryLog();
    const pages = createPages(log);
    for (let batch = 0; batch < 12; batch++) {
      const added = Array.from({ length: 500 }, (_, index) => entryAt(entries.length + 1 + index, 'anna'));
      entries.push(...added);
      pages.keep(added);
    }
    expect(pages.read('life', 5_500, 500, 6_000).map(({ position }) => position)).toEqual(Array.from({ length: 500 }, (_, index) => 5_501 + index));
    expect(reads()).toBe(0);
    expect(pages.read('life', 0, 100, 6_000)).toHaveLength(100);
    expect(reads()).toBe(1);
  });

  it('keep little where single changes are large', () => {
    const { entries, log, reads } = memoryLog();
    const pages = createPages(log);
    const large = Array.from({ length: 12 }, (_, index) => ({ ...entryAt(index + 1, 'anna'), ops: ' '.repeat(1_000_000) }));
    entries.push(...large);
    pages.keep(large);
    expect(pages.read('life', 0, 2, 12)).toHaveLength(2);
    expect(reads()).toBe(1);
    expect(pages.read('life', 9, 3, 12).map(({ position }) => position)).toEqual([10, 11, 12]);
    expect(reads()).toBe(1);
  });
});
