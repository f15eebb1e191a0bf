import type { JobRun } from '../../src-shared/jobs/contract.ts';
import { ERROR_STATUS, AppError, type ErrorCode, type ErrorData } from '../../src-shared/kernel/errors.ts';
import { translateError } from '../../src-shared/kernel/translate.ts';
import type { Db } from '../store/sqlite.ts';
import type { OrganizationStore } from '../store/organization-store.ts';

const KEPT_RUNS = 50;
const MAX_ERROR = 1_000;

interface RunRow extends JobRun {
  error_code: string | null;
}

const SELECT = `SELECT r.id, r.name, r.started_at, r.ended_at, r.outcome, r.error_code, r.error, r.started_by, u.full_name AS started_by_name
  FROM local_job_runs r LEFT JOIN users u ON u.id = r.started_by`;

/** The reason of a failure has a sentence where the program refused; what the system said stands as it was. */
function asRun({ error_code, ...run }: RunRow, language: 'ru' | 'en'): JobRun {
  if (error_code === null || !(error_code in ERROR_STATUS)) return run;
  return { ...run, error: translateError(language, error_code as ErrorCode, reasonIn(run.error)) };
}

/** What a refusal said of itself, as it was written down; earlier versions wrote its detail alone. */
function reasonIn(text: string | null): ErrorData {
  if (!text) return {};
  return text.startsWith('{') ? (JSON.parse(text) as ErrorData) : { detail: text };
}

/** The last runs of a job, newest first. */
export function lastRuns(db: Db, name: string, language: 'ru' | 'en', limit = KEPT_RUNS): JobRun[] {
  return db.all<RunRow>(`${SELECT} WHERE r.name = ? ORDER BY r.id DESC LIMIT ?`, name, limit).map((row) => asRun(row, language));
}

/** When the job last ended well, as a UTC ISO moment of its start; null when it never has. */
export function lastGood(db: Db, name: string): string | null {
  return db.get<{ at: string }>("SELECT started_at AS at FROM local_job_runs WHERE name = ? AND outcome = 'done' ORDER BY id DESC LIMIT 1", name)?.at ?? null;
}

export function isEnabled(db: Db, name: string): boolean {
  return db.get<{ enabled: number }>('SELECT enabled FROM local_job_switches WHERE name = ?', name)?.enabled !== 0;
}

export function setEnabled(store: OrganizationStore, name: string, enabled: boolean): void {
  store.local.run('INSERT OR REPLACE INTO local_job_switches (name, enabled) VALUES (?, ?)', name, enabled ? 1 : 0);
}

/** Writes down that a job begins, and forgets its oldest runs; answers the run's id. */
export function beginRun(store: OrganizationStore, name: string, at: string, by: string | null): number {
  store.local.run("INSERT INTO local_job_runs (name, started_at, outcome, started_by) VALUES (?, ?, 'running', ?)", name, at, by);
  store.local.run('DELETE FROM local_job_runs WHERE name = ? AND id NOT IN (SELECT id FROM local_job_runs WHERE name = ? ORDER BY id DESC LIMIT ?)', name, name, KEPT_RUNS);
  return store.read.get<{ id: number }>('SELECT max(id) AS id FROM local_job_runs')?.id ?? 0;
}

/** Writes down how a run ended; `error` is what it was ended by. */
export function endRun(store: OrganizationStore, id: number, at: string, error?: unknown): void {
  const code = error instanceof AppError ? error.code : null;
  const reason = error instanceof AppError ? JSON.stringify({ detail: error.data.detail, field: error.data.field, params: error.data.params }) : error === undefined ? null : String(error instanceof Error ? error.message : error).slice(0, MAX_ERROR);
  store.local.run('UPDATE local_job_runs SET ended_at = ?, outcome = ?, error_code = ?, error = ? WHERE id = ?', at, error === undefined ? 'done' : 'failed', code, reason, id);
}

/** What was running when the program ended did not end by itself. */
export function closeInterrupted(store: OrganizationStore): void {
  store.local.run("UPDATE local_job_runs SET outcome = 'interrupted' WHERE outcome = 'running'");
}
