import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { v7 as uuidv7 } from 'uuid';
import type { ImportInfo } from '../../src-shared/imports/contract.ts';
import { mapRow, planHeaders, type HeaderPlan } from '../../src-shared/imports/amo/index.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { isTimeZone } from '../../src-shared/kernel/dates.ts';
import { undoImport } from '../audit/index.ts';
import type { House } from '../core/house.ts';
import type { TaskControl } from '../core/long-tasks.ts';
import type { Session } from '../core/session.ts';
import { zoneOf } from '../core/calendar.ts';
import { storeError } from '../store/sqlite.ts';
import { emptyOverlay } from './match.ts';
import { openTable, type Table, type TableRow } from './read-table.ts';
import { matchResponsibles, responsibleFinder, type Responsible } from './responsibles.ts';
import { dropVerdicts, KEEP_VERDICT, keepVerdicts, readImport, saveImport, type PlacedVerdict } from './store.ts';
import { writeRow, type Target, type Verdict } from './write-row.ts';

export interface ImportOptions {
  time_zone?: string | undefined;
  responsibles?: Record<string, Ref> | undefined;
}

/** Rows of the file that one transaction takes. */
const CHUNK = 500;
const NO_COUNTS = { rows: 0, created: 0, joined: 0, updated: 0, skipped: 0, failed: 0 };
const BUSY = new Set(['checking', 'running', 'undoing']);

function planOf(table: Table): HeaderPlan {
  const verdict = planHeaders(table.headers);
  if (!verdict.ok) throw invalid('file', verdict.why);
  return verdict.plan;
}

/** Takes a file in and says what it holds; nothing of the base is touched. @throws AppError INVALID for a file that is no such export. */
export async function upload(session: Session, house: House, file: File): Promise<ImportInfo> {
  const id = uuidv7();
  const folder = join(house.config.dataDir, 'imports');
  mkdirSync(folder, { recursive: true });
  const storedAs = join(folder, `${id}.csv`);
  try {
    await pipeline(Readable.fromWeb(file.stream() as ReadableStream), createWriteStream(storedAs));
    const table = await openTable(storedAs);
    const plan = planOf(table);
    const responsibles = await matchResponsibles(session.store.read, table, plan);
    const info: ImportInfo = {
      id,
      file_name: basename(file.name || 'import.csv'),
      size: table.totalBytes,
      state: 'uploaded',
      encoding: table.encoding,
      delimiter: table.delimiter,
      columns: plan.columns.map((column) => ({ header: column.header, target: column.status === 'taken' ? `${column.owner}.${column.field}` : null })),
      responsibles,
      progress: 0,
      counts: NO_COUNTS,
      error: null,
      created_at: session.now(),
      created_by_name: session.actor.full_name,
    };
    return saveImport(session, info, storedAs);
  } catch (error) {
    rmSync(storedAs, { force: true });
    throw storeError(error, storedAs);
  }
}

interface Job {
  session: Session;
  info: ImportInfo;
  table: Table;
  plan: HeaderPlan;
  zone: string;
  responsibleOf: Target['responsibleOf'];
}

async function prepare(session: Session, id: string, options: ImportOptions, state: 'checking' | 'running'): Promise<Job> {
  const { info, storedAs } = readImport(session.store.read, id);
  if (BUSY.has(info.state)) throw new AppError('CONFLICT', { detail: 'import_busy' });
  if (options.time_zone !== undefined && !isTimeZone(options.time_zone)) throw invalid('time_zone', 'time_zone_unknown');
  const table = await openTable(storedAs);
  const responsibleOf = responsibleFinder(session, info.responsibles as Responsible[], options.responsibles ?? {});
  Object.assign(info, { state, progress: 0, counts: { ...NO_COUNTS }, error: null });
  saveImport(session, info);
  dropVerdicts(session, id);
  return { session, info, table, plan: planOf(table), zone: options.time_zone ?? zoneOf(session.store.read), responsibleOf };
}

/** Companies go first, since a contact's row knows its company by name only. */
const PASSES = ['companies', 'contacts'] as const;

/** Reads the whole file in chunks, companies first; `take` writes or judges a chunk and answers its verdicts. */
async function walk(job: Job, control: TaskControl, take: (rows: TableRow[], pass: (typeof PASSES)[number]) => PlacedVerdict[]): Promise<void> {
  const { info, table } = job;
  for (const [index, pass] of PASSES.entries()) {
    let chunk: TableRow[] = [];
    const flush = async (bytes: number): Promise<void> => {
      for (const { row } of take(chunk, pass)) count(info, row.verdict);
      chunk = [];
      info.progress = Math.min(0.999, (index + bytes / Math.max(1, table.totalBytes)) / PASSES.length);
      control.report(info.progress);
      await control.breathe();
    };
    let bytes = 0;
    for await (const row of table.rows()) {
      if (pass === 'companies') info.counts.rows++;
      bytes = row.bytesRead;
      chunk.push(row);
      if (chunk.length >= CHUNK) await flush(bytes);
    }
    await flush(bytes);
  }
}

function count(info: ImportInfo, verdict: Verdict['verdict']): void {
  const field = ({ create: 'created', join: 'joined', update: 'updated', skip: 'skipped', error: 'failed' } as const)[verdict];
  info.counts[field]++;
}

/** Verdicts of one row in one pass; a row that cannot be used costs only itself. */
function judge(job: Job, target: Target, row: TableRow, pass: (typeof PASSES)[number]): Verdict[] {
  const fault = (reason: string, params?: Record<string, string | number>): Verdict[] => [{ verdict: 'error', entity: null, title: row.cells.find((cell) => cell.trim())?.slice(0, 100) ?? '', reason, params, matched_id: null }];
  if (row.bad) return pass === 'companies' ? fault(row.bad.why, row.bad.params) : [];
  const mapped = mapRow(job.plan, row.cells, { zone: job.zone });
  if (mapped.kind === 'none') return pass === 'companies' ? [{ verdict: 'skip', entity: null, title: row.cells.find((cell) => cell.trim())?.slice(0, 100) ?? '', reason: mapped.why, matched_id: null }] : [];
  if ((mapped.kind === 'company') !== (pass === 'companies')) return [];
  try {
    return writeRow(target, mapped);
  } catch (error) {
    if (error instanceof AppError && error.code !== 'STORE_UNAVAILABLE') return fault(error.data.detail ?? error.code, error.data.params);
    throw error;
  }
}

const placed = (line: number, verdicts: Verdict[]): PlacedVerdict[] => verdicts.map((row, part) => ({ line, part, row }));

/** Dry run: the verdict on every row, without a change to the base. */
export async function check(session: Session, house: House, id: string, options: ImportOptions): Promise<ImportInfo> {
  const job = await prepare(session, id, options, 'checking');
  const target: Target = { db: session.store.read, tx: null, overlay: emptyOverlay(), importId: id, responsibleOf: job.responsibleOf };
  startTask(session, house, job, 'import_check', 'checked', async (control) => {
    await walk(job, control, (rows, pass) => {
      const verdicts = rows.flatMap((row) => placed(row.line, judge(job, target, row, pass)));
      keepVerdicts(session, id, verdicts);
      return verdicts;
    });
  });
  return job.info;
}

/** Writes the file into the base, 500 rows a change, all under the import's id; stopped, it takes back what it wrote. */
export async function run(session: Session, house: House, id: string, options: ImportOptions): Promise<ImportInfo> {
  const job = await prepare(session, id, options, 'running');
  session.store.logSecurity({ type: 'import', user_id: session.actor.user_id, address: session.address, details: { id, file: job.info.file_name } });
  startTask(session, house, job, 'import', 'done', async (control) => {
    await walk(job, control, (rows, pass) =>
      session.mutate(
        (tx) => {
          const target: Target = { db: tx.db, tx, overlay: null, importId: id, responsibleOf: job.responsibleOf };
          const verdicts = rows.flatMap((row) => placed(row.line, judge(job, target, row, pass)));
          for (const { line, part, row } of verdicts) tx.db.run(KEEP_VERDICT, id, line, part, row.verdict, JSON.stringify(row));
          return verdicts;
        },
        { origin: 'import', importId: id },
      ),
    );
  });
  return job.info;
}

function startTask(session: Session, house: House, job: Job, kind: string, end: ImportInfo['state'], work: (control: TaskControl) => Promise<void>): void {
  const { info } = job;
  const finish = (state: ImportInfo['state'], error: string | null): void => {
    Object.assign(info, { state, error, progress: state === end ? 1 : info.progress });
    saveImport(session, info);
  };
  running.set(info.id, info);
  house.longTasks.start(
    session.actor.user_id,
    kind,
    info.file_name,
    async (control) => {
      try {
        await work(control);
        finish(end, null);
      } catch (error) {
        const stopped = control.signal.aborted;
        if (stopped && kind === 'import') await takeBack(session, info);
        finish(stopped ? 'cancelled' : 'failed', stopped ? null : error instanceof Error ? error.message : String(error));
        throw error;
      } finally {
        running.delete(info.id);
      }
    },
    info.id,
  );
}

/** Imports of this process that are under way, with their live figures. */
const running = new Map<string, ImportInfo>();

export const importInfo = (session: Session, id: string): ImportInfo => running.get(id) ?? readImport(session.store.read, id).info;

/** Marks what a crash interrupted; it can be undone or run again. */
export function markInterrupted(session: Session): void {
  for (const row of session.store.read.all<{ info: string }>("SELECT info FROM local_imports WHERE state IN ('checking', 'running', 'undoing')")) {
    const info = JSON.parse(row.info) as ImportInfo;
    if (!running.has(info.id)) saveImport(session, { ...info, state: 'failed', error: 'interrupted' });
  }
}

const never: TaskControl = { signal: new AbortController().signal, report: () => {}, breathe: () => new Promise((resolve) => setImmediate(resolve)) };

async function takeBack(session: Session, info: ImportInfo, control: TaskControl = never): Promise<void> {
  await undoImport(session, info.id, control);
  session.store.local.run('DELETE FROM local_imported_sources WHERE import_id = ?', info.id);
}

/** Takes the whole import back. @throws AppError CONFLICT when there is nothing to take back. */
export function undo(session: Session, house: House, id: string): ImportInfo {
  markInterrupted(session);
  const { info } = readImport(session.store.read, id);
  if (!['done', 'failed', 'cancelled'].includes(info.state)) throw new AppError('CONFLICT', { detail: 'import_not_done' });
  Object.assign(info, { state: 'undoing', progress: 0 });
  saveImport(session, info);
  const job = { session, info } as Job;
  startTask(session, house, job, 'import_undo', 'undone', (control) =>
    takeBack(session, info, {
      ...control,
      report: (progress) => {
        info.progress = progress ?? info.progress;
        control.report(progress);
      },
    }),
  );
  return info;
}
