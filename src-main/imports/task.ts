import type { ImportInfo } from '../../src-shared/imports/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import { undoImport } from '../audit/index.ts';
import type { House } from '../core/house.ts';
import { CLOSING, type TaskControl } from '../core/long-tasks.ts';
import type { Session } from '../core/session.ts';
import type { OrganizationStore } from '../store/organization-store.ts';
import { forgetEntries } from './sources.ts';
import { saveImport } from './store.ts';
import { emptyCounts } from './terms.ts';

type State = ImportInfo['state'];

/** Imports of this process that are under way, with their live figures. */
const moving = new Map<string, ImportInfo>();
const BUSY: readonly State[] = ['checking', 'running', 'undoing'];

export const liveInfo = (id: string): ImportInfo | undefined => moving.get(id);
export const isBusy = (info: ImportInfo): boolean => BUSY.includes(info.state);

const looked = new WeakSet<OrganizationStore>();

/** At the first look into a file: imports that were under way when the program ended are failed; they can be undone or run again. */
export function markInterrupted(store: OrganizationStore): void {
  if (looked.has(store)) return;
  looked.add(store);
  for (const row of store.read.all<{ info: string }>(`SELECT info FROM local_imports WHERE state IN (${BUSY.map(() => '?').join(', ')})`, ...BUSY)) {
    const info = JSON.parse(row.info) as ImportInfo;
    if (!moving.has(info.id)) saveImport(store, { ...info, state: 'failed', error: 'interrupted' });
  }
}

/** Takes back what the import wrote, the newest change first. */
export async function takeBack(session: Session, info: ImportInfo, control: TaskControl): Promise<void> {
  await undoImport(session, info.id, {
    ...control,
    report: (progress) => {
      info.progress = progress ?? info.progress;
      control.report(progress);
    },
  });
  await forgetEntries(session, info.id, control.breathe);
}

/** Work that nobody can stop any more. */
const unstoppable = (control: TaskControl): TaskControl => ({ signal: new AbortController().signal, report: control.report, breathe: () => new Promise((resolve) => setImmediate(resolve)) });

interface TaskKind {
  kind: 'import_check' | 'import' | 'import_undo';
  during: State;
  end: State;
}

/** Runs the work as a long task and keeps the import's state with it, however it ends. */
export function startTask(session: Session, house: House, info: ImportInfo, { kind, during, end }: TaskKind, work: (control: TaskControl) => Promise<void>): void {
  const { store, language } = session;
  const keep = (state: State, error: string | null = null): void => {
    Object.assign(info, { state, error });
    saveImport(store, info);
  };
  const stop = async (control: TaskControl): Promise<void> => {
    // A program that is closed does not wait for a way back; it is offered at the next start.
    if (control.signal.reason === CLOSING) keep('failed', 'interrupted');
    else if (kind === 'import_check') keep('cancelled');
    else if (kind === 'import_undo') keep('failed', 'interrupted');
    else {
      keep('undoing');
      await takeBack(session, info, unstoppable(control));
      keep('cancelled');
    }
  };
  const sentence = (error: unknown): string => {
    if (error instanceof AppError) return translateError(language, error.code, error.data);
    house.log.error({ err: error, import: info.id }, 'import failed');
    return translateError(language, 'INTERNAL', { correlation_id: info.id });
  };
  Object.assign(info, { progress: 0, ...(kind === 'import_undo' ? {} : { counts: emptyCounts() }) });
  keep(during);
  moving.set(info.id, info);
  house.longTasks.start(
    session.actor.user_id,
    kind,
    info.file_name,
    async (control) => {
      try {
        await work(control);
        info.progress = 1;
        keep(end);
      } catch (error) {
        if (control.signal.aborted) await stop(control);
        else keep('failed', sentence(error));
        throw error;
      } finally {
        moving.delete(info.id);
      }
    },
    info.id,
  );
}
