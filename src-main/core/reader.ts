import { parentPort } from 'node:worker_threads';
import { openDb, type Db, type SqlValue } from '../store/sqlite.ts';

const open = new Map<string, Db>();

parentPort?.on('message', (job: { id: number; file: string; sql: string; params: SqlValue[] }) => {
  try {
    let db = open.get(job.file);
    if (!db) {
      db = openDb(job.file, { readonly: true, cacheKib: 8_192 });
      open.set(job.file, db);
    }
    parentPort?.postMessage({ id: job.id, rows: db.all(job.sql, ...job.params) });
  } catch (error) {
    parentPort?.postMessage({ id: job.id, error: error instanceof Error ? error.message : String(error) });
  }
});
