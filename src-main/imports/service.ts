import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { v7 as uuidv7 } from 'uuid';
import type { ImportInfo } from '../../src-shared/imports/contract.ts';
import { planHeaders, type HeaderPlan } from '../../src-shared/imports/amo/index.ts';
import type { Ref } from '../../src-shared/kernel/contract.ts';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { isTimeZone } from '../../src-shared/kernel/dates.ts';
import { zoneOf } from '../core/calendar.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { storeError } from '../store/sqlite.ts';
import { judgeRows, writeRows } from './chunks.ts';
import { openTable, type Table } from './read-table.ts';
import { matchResponsibles, withMapping } from './responsibles.ts';
import { addImport, dropOldFiles, dropVerdicts, readImport } from './store.ts';
import { isBusy, liveInfo, startTask, takeBack } from './task.ts';
import { emptyCounts, termsOf } from './terms.ts';
import { walk } from './walk.ts';

export interface ImportOptions {
  time_zone?: string | undefined;
  responsibles?: Record<string, Ref> | undefined;
}

function planOf(table: Table): HeaderPlan {
  const verdict = planHeaders(table.headers);
  if (!verdict.ok) throw invalid('file', verdict.why);
  return verdict.plan;
}

/** Takes a file in and says what it holds; nothing of the base is touched. @throws AppError INVALID for a file that is no such export. */
export async function upload(session: Session, house: House, file: File): Promise<ImportInfo> {
  const id = uuidv7();
  const folder = join(house.config.dataDir, 'imports');
  const storedAs = join(folder, `${id}.csv`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    dropOldFiles(session);
    await pipeline(Readable.fromWeb(file.stream() as ReadableStream), createWriteStream(storedAs, { mode: 0o600 }));
    const table = await openTable(storedAs);
    const plan = planOf(table);
    const info: ImportInfo = {
      id,
      file_name: basename(file.name || 'import.csv'),
      size: table.totalBytes,
      state: 'uploaded',
      encoding: table.encoding,
      delimiter: table.delimiter,
      columns: plan.columns.map((column) => ({ header: column.header, target: column.status === 'taken' ? `${column.owner}.${column.field}` : null })),
      responsibles: await matchResponsibles(session.store.read, table, plan),
      progress: 0,
      counts: emptyCounts(),
      error: null,
      created_at: session.now(),
      created_by_name: session.actor.full_name,
    };
    addImport(session, info, storedAs);
    return answered(session, info);
  } catch (error) {
    rmSync(storedAs, { force: true });
    throw storeError(error, storedAs);
  }
}

/** The answer of a call, kept under its Idempotency-Key; an import's rows are written under the import's own id. */
const answered = (session: Session, info: ImportInfo): ImportInfo => session.mutate(() => structuredClone(info));

interface Prepared {
  info: ImportInfo;
  source: { table: Table; plan: HeaderPlan; zone: string };
}

async function prepare(session: Session, id: string, options: ImportOptions): Promise<Prepared> {
  const { info, storedAs } = readImport(session.store.read, id);
  if (isBusy(info)) throw new AppError('CONFLICT', { detail: 'import_busy' });
  if (options.time_zone !== undefined && !isTimeZone(options.time_zone)) throw invalid('time_zone', 'time_zone_unknown');
  if (storedAs === '') throw new AppError('CONFLICT', { detail: 'import_file_gone' });
  info.responsibles = withMapping(session.store.read, info.responsibles, options.responsibles ?? {});
  const table = await openTable(storedAs);
  // Somebody else may have started it while the file was being looked at.
  if (isBusy(readImport(session.store.read, id).info)) throw new AppError('CONFLICT', { detail: 'import_busy' });
  return { info, source: { table, plan: planOf(table), zone: options.time_zone ?? zoneOf(session.store.read) } };
}

const hasWritten = (session: Session, id: string): boolean => session.store.read.get('SELECT 1 FROM changesets WHERE import_id = ?', id) !== undefined;

/** Dry run: the verdict on every row, without a change to the base. @throws AppError CONFLICT, INVALID, NOT_FOUND */
export async function check(session: Session, house: House, id: string, options: ImportOptions): Promise<ImportInfo> {
  const { info, source } = await prepare(session, id, options);
  // The state of a dry run would hide that there is something to take back.
  if (info.state === 'done' || (info.state === 'failed' && hasWritten(session, id))) throw new AppError('CONFLICT', { detail: 'import_written' });
  const terms = termsOf(session, info, true);
  startTask(session, house, info, { kind: 'import_check', during: 'checking', end: 'checked' }, async (control) => {
    await dropVerdicts(session.store, id, control.breathe);
    await walk(source, info, control, judgeRows(session, house, terms));
  });
  return answered(session, info);
}

/** Writes the file into the base, 500 rows a change, all under the import's id; stopped, it takes back what it wrote. @throws AppError CONFLICT, INVALID, NOT_FOUND */
export async function run(session: Session, house: House, id: string, options: ImportOptions): Promise<ImportInfo> {
  const { info, source } = await prepare(session, id, options);
  const terms = termsOf(session, info, false);
  session.store.logSecurity({ type: 'import', user_id: session.actor.user_id, address: session.address, details: { id, file: info.file_name } });
  startTask(session, house, info, { kind: 'import', during: 'running', end: 'done' }, async (control) => {
    await dropVerdicts(session.store, id, control.breathe);
    const writing = writeRows(session, house, terms);
    try {
      await session.store.room.within(() => walk(source, info, control, writing.take));
      await writing.written();
    } finally {
      writing.close();
    }
  });
  return answered(session, info);
}

/** Stops what is under way; a run takes back what it wrote. An import that has ended is answered as it is. */
export function cancel(session: Session, house: House, id: string): ImportInfo {
  const info = importInfo(session, id);
  if (isBusy(info)) house.longTasks.cancel(session.actor.user_id, id);
  return answered(session, info);
}

/** Takes the whole import back. @throws AppError CONFLICT when there is nothing to take back. */
export function undo(session: Session, house: House, id: string): ImportInfo {
  const { info } = readImport(session.store.read, id);
  if (!['done', 'failed', 'cancelled'].includes(info.state)) throw new AppError('CONFLICT', { detail: isBusy(info) ? 'import_busy' : 'import_not_done' });
  startTask(session, house, info, { kind: 'import_undo', during: 'undoing', end: 'undone' }, (control) => takeBack(session, info, control));
  return answered(session, info);
}

/** @throws AppError NOT_FOUND */
export const importInfo = (session: Session, id: string): ImportInfo => structuredClone(liveInfo(id) ?? readImport(session.store.read, id).info);
