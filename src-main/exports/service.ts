import { openAsBlob, rmSync } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { EXPORTABLE, ExportInfo } from '../../src-shared/exports/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { zoneOf } from '../core/calendar.ts';
import { REGISTRY } from '../core/entities.ts';
import type { House } from '../core/house.ts';
import type { TaskControl } from '../core/long-tasks.ts';
import type { Session } from '../core/session.ts';
import { createSelector } from '../store/select.ts';
import { storeError } from '../store/sqlite.ts';
import { csvWriter, exportedColumns } from './columns.ts';

type Entity = (typeof EXPORTABLE)[number];

export interface ExportInput {
  entity: Entity;
  format: 'csv' | 'json';
  q?: string | undefined;
}

interface Export {
  /** The file is for whoever asked for it, in the organisation in which he did. */
  owner: string;
  organization: string;
  info: ExportInfo;
  file: string;
}

/** Exports of this run of the program. */
const jobsOf = new WeakMap<House, Map<string, Export>>();

const PAGE = 500;
const BOM = '\uFEFF';
const FOLDER = 'exports';
/** Finished files kept; people's data do not pile up. */
const KEEP = 20;

/** Removes the files that an earlier run of the program left. */
export const removeOldExports = (dataDir: string): void => rmSync(join(dataDir, FOLDER), { recursive: true, force: true });

function jobs(house: House): Map<string, Export> {
  let known = jobsOf.get(house);
  if (!known) {
    known = new Map();
    jobsOf.set(house, known);
  }
  return known;
}

/** Starts writing all rows of an entity into a file; the attempt enters the security log, as a refused one does. */
export async function startExport(session: Session, house: House, input: ExportInput): Promise<ExportInfo> {
  const { actor, store } = session;
  store.logSecurity({ type: 'export', user_id: actor.user_id, address: session.address, details: { entity: input.entity, format: input.format, ...(input.q ? { q: input.q } : {}) } });
  const folder = join(house.config.dataDir, FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw storeError(error, folder);
  });
  const id = uuidv7();
  const name = `${input.entity}-${session.now().slice(0, 10)}.${input.format}`;
  const info: ExportInfo = { id, entity: input.entity, format: input.format, state: 'running', rows: 0, progress: 0, file_name: name, error: null, created_at: session.now() };
  const job: Export = { owner: actor.user_id, organization: store.id, info, file: join(folder, `${id}.${input.format}`) };
  jobs(house).set(id, job);
  await dropOldest(house);
  house.longTasks.start(actor.user_id, 'export', name, (control) => work(session, house, job, input.q, control), id);
  return session.mutate(() => ({ ...info }));
}

async function dropOldest(house: House): Promise<void> {
  const ended = [...jobs(house).values()].filter((job) => job.info.state !== 'running');
  for (const job of ended.slice(0, Math.max(0, ended.length - KEEP))) {
    jobs(house).delete(job.info.id);
    await rm(job.file, { force: true });
  }
}

async function work(session: Session, house: House, job: Export, q: string | undefined, control: TaskControl): Promise<void> {
  const { info } = job;
  try {
    const file = await open(job.file, 'w', 0o600);
    try {
      await writeRows(session, file, info, q, control);
    } finally {
      await file.close();
    }
    Object.assign(info, { state: 'done', progress: 1 });
  } catch (raw) {
    const error = storeError(raw, job.file);
    await rm(job.file, { force: true });
    if (control.signal.aborted) info.state = 'cancelled';
    else {
      house.log.error({ err: error, export: info.id }, 'export failed');
      Object.assign(info, { state: 'failed', error: error instanceof AppError ? translateError(session.language, error.code, error.data) : translateError(session.language, 'INTERNAL', { correlation_id: info.id }) });
    }
    throw error;
  }
}

async function writeRows(session: Session, file: FileHandle, info: ExportInfo, q: string | undefined, control: TaskControl): Promise<void> {
  const db = session.store.read;
  if (q) session.store.searchIndex.ready();
  const selector = createSelector(REGISTRY, info.entity);
  const counting = selector.countSql({ q });
  const [counted] = await session.readers.all<{ total: number }>(session.store.file, counting.sql, counting.params, { timeoutMs: 600_000, signal: control.signal });
  const total = Math.max(1, counted?.total ?? 1);
  let columns: string[] = [];
  let csv: ReturnType<typeof csvWriter> | null = null;
  await file.write(info.format === 'csv' ? BOM : '[');
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = selector.list(db, { sort: 'created_at', limit: PAGE, q, ...(cursor ? { cursor } : {}) });
    const first = page.items[0];
    if (first && columns.length === 0) {
      columns = exportedColumns(first);
      if (info.format === 'csv') {
        csv = csvWriter(columns, zoneOf(db), session.language);
        await file.write(csv.header);
      }
    }
    const lines = csv;
    const text = page.items.map((row, index) => (lines ? lines.line(row) : `${info.rows + index > 0 ? ',' : ''}\n${JSON.stringify(row, columns)}`)).join('');
    await file.write(text);
    info.rows += page.items.length;
    info.progress = Math.min(0.999, info.rows / total);
    cursor = page.next_cursor;
    control.report(info.progress);
    await control.breathe();
  }
  if (info.format === 'json') await file.write('\n]\n');
}

function own(session: Session, house: House, id: string): Export {
  const job = jobs(house).get(id);
  if (!job || job.owner !== session.actor.user_id || job.organization !== session.store.id) throw new AppError('NOT_FOUND', {});
  return job;
}

/** @throws AppError NOT_FOUND for what this person has not exported in this run of the program. */
export const exportInfo = (session: Session, house: House, id: string): ExportInfo => ({ ...own(session, house, id).info });

/** Exports of the caller, the newest first. */
export const listExports = (session: Session, house: House): ExportInfo[] =>
  [...jobs(house).values()]
    .filter((job) => job.owner === session.actor.user_id && job.organization === session.store.id)
    .map((job) => ({ ...job.info }))
    .reverse();

export function cancelExport(session: Session, house: House, id: string): ExportInfo {
  if (own(session, house, id).info.state === 'running') house.longTasks.cancel(session.actor.user_id, id);
  return exportInfo(session, house, id);
}

/** The finished file, read from the disk as it is sent. @throws AppError CONFLICT while it is being written, or once it is gone. */
export async function downloadExport(session: Session, house: House, id: string): Promise<File> {
  const { info, file } = own(session, house, id);
  if (info.state !== 'done') throw new AppError('CONFLICT', { detail: 'export_not_done' });
  const type = info.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json';
  const blob = await openAsBlob(file, { type }).catch(() => {
    throw new AppError('CONFLICT', { detail: 'export_file_gone' });
  });
  return new File([blob], info.file_name, { type });
}
