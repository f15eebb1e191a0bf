import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { storeError } from '../store/sqlite.ts';
import { pipeOf, refuseUnsafeFolder } from './config.ts';

/** How the command line reaches the owner of a data folder. Readable by the same user of the machine only. */
export interface OwnerNote {
  pid: number;
  pipe: string;
  /** Proves on the local pipe that the caller may read this folder. */
  secret: string;
}

export interface OwnerLock {
  note: OwnerNote;
  release(): void;
}

const NOTE = 'owner.json';
const LOCK = 'owner.lock';

/**
 * Takes the data folder for this process. The lock is an exclusive transaction on a file of its own, which the system frees when the
 * process dies, however it dies. @throws AppError CONFLICT `already_running`; STORE_UNAVAILABLE when the folder cannot be written.
 */
export function takeOwnership(dataDir: string): OwnerLock {
  refuseUnsafeFolder(dataDir);
  const lockFile = join(dataDir, LOCK);
  let db: Database.Database;
  try {
    mkdirSync(dataDir, { recursive: true });
    db = new Database(lockFile, { timeout: 0 });
  } catch (error) {
    throw folderError(error, dataDir);
  }
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) {
      throw new AppError('CONFLICT', { detail: 'already_running', params: { pid: readOwner(dataDir)?.pid ?? 0 } });
    }
    throw storeError(error, lockFile);
  }
  const note: OwnerNote = { pid: process.pid, pipe: pipeOf(dataDir), secret: randomBytes(32).toString('base64url') };
  const noteFile = join(dataDir, NOTE);
  writeFileSync(noteFile, JSON.stringify(note), { mode: 0o600 });
  chmodSync(noteFile, 0o600);
  return {
    note,
    release: () => {
      rmSync(noteFile, { force: true });
      db.exec('ROLLBACK');
      db.close();
    },
  };
}

function folderError(error: unknown, dataDir: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(EACCES|EPERM|EROFS)$/.test(code)) return new AppError('STORE_UNAVAILABLE', { detail: 'read_only', params: { file: dataDir } });
  if (code === 'ENOSPC') return new AppError('STORE_UNAVAILABLE', { detail: 'disk_full', params: { file: dataDir } });
  return storeError(error, dataDir);
}

/** The note of whoever owns the folder, if there is one; its writer may have died since. */
export function readOwner(dataDir: string): OwnerNote | null {
  const file = join(dataDir, NOTE);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as OwnerNote;
  } catch {
    return null;
  }
}
