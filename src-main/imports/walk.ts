import type { ImportInfo } from '../../src-shared/imports/contract.ts';
import { glancer, mapRow, type HeaderPlan } from '../../src-shared/imports/amo/index.ts';
import type { TaskControl } from '../core/long-tasks.ts';
import type { BadRow, Table } from './read-table.ts';
import type { PlacedVerdict } from './store.ts';
import type { MappedThing, Verdict } from './write-row.ts';

/** Rows of the file that one transaction takes. */
const CHUNK = 500;
/** Rows passed over before others get their turn. */
const PASSED = 5000;

/** A row of the file as it goes into the base, or why it cannot. */
export interface ReadRow {
  line: number;
  title: string;
  thing: MappedThing | null;
  fault: Pick<Verdict, 'verdict' | 'reason' | 'params'> | null;
}

/** Companies go first, since a contact's row knows its company by name only. */
const PASSES = ['company', 'contact'] as const;

const firstWords = (cells: readonly string[]): string => cells.find((cell) => cell.trim())?.slice(0, 100) ?? '';
const bad = (line: number, { why, params }: BadRow): ReadRow => ({ line, title: '', thing: null, fault: { verdict: 'error', reason: why, ...(params ? { params } : {}) } });

/**
 * Reads the whole file, companies first, and hands it over in chunks; `take` writes or judges a chunk and answers its verdicts. Keeps
 * the counts and the progress of `info`.
 */
export async function walk(source: { table: Table; plan: HeaderPlan; zone: string }, info: ImportInfo, control: TaskControl, take: (rows: ReadRow[]) => PlacedVerdict[]): Promise<void> {
  const { table, plan, zone } = source;
  const glance = glancer(plan);
  for (const [index, pass] of PASSES.entries()) {
    let chunk: ReadRow[] = [];
    let passed = 0;
    const flush = async (bytes: number): Promise<void> => {
      for (const { row } of take(chunk)) info.counts[COUNTS[row.verdict]]++;
      chunk = [];
      passed = 0;
      info.progress = Math.min(0.999, (index + bytes / Math.max(1, table.totalBytes)) / PASSES.length);
      control.report(info.progress);
      await control.breathe();
    };
    let bytes = 0;
    for await (const row of table.rows()) {
      bytes = row.bytesRead;
      if (index === 0) info.counts.rows++;
      const read = row.bad ? (index === 0 ? bad(row.line, row.bad) : null) : readRow(row, pass);
      if (read) chunk.push(read);
      if (chunk.length >= CHUNK || ++passed >= PASSED) await flush(bytes);
    }
    await flush(bytes);
  }

  function readRow({ line, cells }: { line: number; cells: string[] }, pass: (typeof PASSES)[number]): ReadRow | null {
    const side = glance(cells);
    if (side && side !== pass) return null;
    const mapped = mapRow(plan, cells, { zone });
    if (mapped.kind === 'none') return side || pass === 'company' ? { line, title: firstWords(cells), thing: null, fault: { verdict: 'skip', reason: mapped.why } } : null;
    return (mapped.kind === 'contact') === (pass === 'contact') ? { line, title: firstWords(cells), thing: mapped, fault: null } : null;
  }
}

const COUNTS = { create: 'created', join: 'joined', update: 'updated', skip: 'skipped', error: 'failed' } as const;
