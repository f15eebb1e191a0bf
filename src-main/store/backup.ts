import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { iso, type Clock } from '../../src-shared/kernel/clock.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { pendingMigrations } from './migrate.ts';
import { openDb } from './sqlite.ts';

export interface Backup {
  file: string;
  size: number;
  created_at: string;
  verified: boolean;
}

/** Copies kept per file; the oldest go first. */
const KEEP = 14;
/** A plain copy that is made before a migration, and not opened to prove it. */
const UNPROVED = '.before-migration.';
const stampOf = (clock: Clock): string => iso(clock.now()).replace(/[:.]/g, '-');

/**
 * Copies a live file while work goes on, then proves the copy: it opens, its pages are whole, its tables are there. A copy that fails
 * the proof is removed. @throws AppError STORE_UNAVAILABLE
 */
export async function backup(source: { file: string; copyTo(target: string): Promise<void> }, folder: string, clock: Clock): Promise<Backup> {
  mkdirSync(folder, { recursive: true });
  const name = `${basename(source.file, '.sqlite')}.${stampOf(clock)}.sqlite`;
  const target = join(folder, name);
  const partial = `${target}.part`;
  await source.copyTo(partial);
  try {
    verifyCopy(partial);
  } catch (error) {
    removeFiles(partial);
    throw error;
  }
  removeFiles(`${partial}-wal`, `${partial}-shm`);
  renameSync(partial, target);
  rotate(folder, basename(source.file, '.sqlite'));
  return { file: target, size: statSync(target).size, created_at: iso(clock.now()), verified: true };
}

/** Opens a copy and checks it. @throws AppError STORE_UNAVAILABLE `corrupt` */
export function verifyCopy(file: string): void {
  const db = openDb(file);
  try {
    const result = db.get<{ integrity_check: string }>('PRAGMA integrity_check(1)');
    if (result?.integrity_check !== 'ok') throw new AppError('STORE_UNAVAILABLE', { detail: 'corrupt', params: { file } });
    if (pendingMigrations(db).length > 0 && !db.get("SELECT 1 FROM sqlite_master WHERE name = 'organization'")) throw new AppError('STORE_UNAVAILABLE', { detail: 'corrupt', params: { file } });
    db.raw.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** The plain copy that is made, with nobody writing yet, before a migration touches the file. */
export function backupBeforeMigration(file: string, folder: string, clock: Clock): void {
  mkdirSync(folder, { recursive: true });
  const db = openDb(file);
  db.raw.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  copyFileSync(file, join(folder, `${basename(file, '.sqlite')}${UNPROVED}${stampOf(clock)}.sqlite`));
}

export function listBackups(folder: string): Backup[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sqlite'))
    .map((name) => {
      const file = join(folder, name);
      const info = statSync(file);
      return { file, size: info.size, created_at: info.mtime.toISOString(), verified: !name.includes(UNPROVED) };
    })
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
}

/**
 * Puts a checked backup in the place of a file that nobody has open; what stood there is kept beside it.
 * @returns where the former file is now, or null when there was none.
 */
export function restore(backupFile: string, target: string, clock: Clock): string | null {
  if (!existsSync(backupFile)) throw new AppError('STORE_UNAVAILABLE', { detail: 'cannot_open', params: { file: backupFile } });
  const staged = `${target}.restoring`;
  removeFiles(staged);
  copyFileSync(backupFile, staged);
  try {
    verifyCopy(staged);
  } catch (error) {
    removeFiles(staged);
    throw error;
  }
  const former = existsSync(target) ? `${target}.replaced-${stampOf(clock)}` : null;
  if (former) {
    for (const ending of ['', '-wal', '-shm']) if (existsSync(target + ending)) renameSync(target + ending, former + ending);
  }
  renameSync(staged, target);
  return former;
}

function rotate(folder: string, name: string): void {
  const own = readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`) && file.endsWith('.sqlite') && !file.includes(UNPROVED))
    .sort();
  removeFiles(...own.slice(0, Math.max(0, own.length - KEEP)).map((file) => join(folder, file)));
}

function removeFiles(...files: string[]): void {
  for (const file of files) rmSync(file, { force: true });
}
