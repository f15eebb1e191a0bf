import { openAsBlob } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { EXPORTABLE, ExportInfo } from '../../src-shared/exports/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { REGISTRY } from '../core/entities.ts';
import type { House } from '../core/house.ts';
import type { Session } from '../core/session.ts';
import { createSelector } from '../store/select.ts';
import { csvLine, exportedColumns } from './columns.ts';

type Entity = (typeof EXPORTABLE)[number];

interface Export {
  owner: string;
  info: ExportInfo;
  file: string;
}

/** Exports of this run of the program; their files are removed at the next start. */
const jobs = new Map<string, Export>();

const PAGE = 500;
const BOM = '\uFEFF';

const folderOf = (house: House): string => join(house.config.dataDir, 'exports');

/** Removes files that an earlier run of the program left. */
export async function removeOldExports(house: House): Promise<void> {
  const folder = folderOf(house);
  const names = await readdir(folder).catch(() => []);
  const known = new Set([...jobs.values()].map((one) => one.file));
  await Promise.all(names.map((name) => join(folder, name)).filter((file) => !known.has(file)).map((file) => rm(file, { force: true })));
}

/** Starts writing all rows of an entity into a file; the attempt enters the security log. */
export async function startExport(session: Session, house: House, input: { entity: Entity; format: 'csv' | 'json'; q?: string | undefined }): Promise<ExportInfo> {
  session.store.logSecurity({ type: 'export', user_id: session.actor.user_id, address: session.address, details: { entity: input.entity, format: input.format, ...(input.q ? { q: input.q } : {}) } });
  await removeOldExports(house);
  await mkdir(folderOf(house), { recursive: true });
  const id = uuidv7();
  const name = `${input.entity}-${session.now().slice(0, 10)}.${input.format}`;
  const info: ExportInfo = { id, entity: input.entity, format: input.format, state: 'running', rows: 0, progress: 0, file_name: name, error: null, created_at: session.now() };
  const job: Export = { owner: session.actor.user_id, info, file: join(folderOf(house), `${id}.${input.format}`) };
  jobs.set(id, job);
  house.longTasks.start(
    session.actor.user_id,
    'export',
    name,
    async (control) => {
      try {
        await writeFile(session, job, input.q, async () => {
          control.report(info.progress);
          await control.breathe();
        });
        Object.assign(info, { state: 'done', progress: 1 });
      } catch (error) {
        await rm(job.file, { force: true });
        Object.assign(info, { state: control.signal.aborted ? 'cancelled' : 'failed', error: control.signal.aborted ? null : error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
    id,
  );
  return { ...info };
}

async function writeFile(session: Session, job: Export, q: string | undefined, breathe: () => Promise<void>): Promise<void> {
  const { info } = job;
  const db = session.store.read;
  const selector = createSelector(REGISTRY, info.entity);
  const total = db.get<{ total: number }>(selector.countSql({ q }).sql, ...selector.countSql({ q }).params)?.total ?? 0;
  const file = await open(job.file, 'w', 0o600);
  try {
    let columns: string[] | null = null;
    let cursor: string | null = '';
    if (info.format === 'csv') await file.write(BOM);
    else await file.write('[');
    while (cursor !== null) {
      const page = selector.list(db, { sort: 'created_at', limit: PAGE, q, ...(cursor ? { cursor } : {}) });
      const first = page.items[0];
      if (first && !columns) {
        columns = exportedColumns(first);
        if (info.format === 'csv') await file.write(`${columns.join(';')}\r\n`);
      }
      const text = page.items.map((row, index) => (info.format === 'csv' ? csvLine(row, columns ?? []) : `${info.rows + index > 0 ? ',' : ''}\n${JSON.stringify(Object.fromEntries((columns ?? []).map((column) => [column, row[column]])))}`)).join('');
      await file.write(text);
      info.rows += page.items.length;
      info.progress = total === 0 ? 1 : Math.min(0.999, info.rows / total);
      cursor = page.next_cursor;
      await breathe();
    }
    if (info.format === 'json') await file.write('\n]\n');
  } finally {
    await file.close();
  }
}

function own(session: Session, id: string): Export {
  const job = jobs.get(id);
  if (!job || job.owner !== session.actor.user_id) throw new AppError('NOT_FOUND', {});
  return job;
}

export const exportInfo = (session: Session, id: string): ExportInfo => ({ ...own(session, id).info });
export const listExports = (session: Session): ExportInfo[] => [...jobs.values()].filter((job) => job.owner === session.actor.user_id).map((job) => ({ ...job.info }));

export function cancelExport(session: Session, house: House, id: string): ExportInfo {
  own(session, id);
  house.longTasks.cancel(session.actor.user_id, id);
  return exportInfo(session, id);
}

/** The finished file, read from the disk as it is sent. @throws AppError CONFLICT while it is being written. */
export async function downloadExport(session: Session, id: string): Promise<File> {
  const job = own(session, id);
  if (job.info.state !== 'done') throw new AppError('CONFLICT', { detail: 'export_not_done' });
  const type = job.info.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json';
  return new File([await openAsBlob(job.file, { type })], job.info.file_name, { type });
}
