import { readFileSync } from 'node:fs';
import { AppError, invalid } from '../../src-shared/kernel/errors.ts';
import { readHubAddress } from '../../src-shared/sync/pairing.ts';
import { readKey, type LogOptions } from '../sync/index.ts';

export interface LogFlags {
  log?: string;
  newLog?: boolean;
  from?: string;
}

function fromFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new AppError('NOT_FOUND', { field: 'file', detail: 'file_unreadable', params: { file } });
  }
}

/**
 * The common log in PostgreSQL that a hub process is told of: by `--log`, or out of the sight of others by `POLEVIK_LOG_URL` or the file
 * in `POLEVIK_LOG_URL_FILE`. Its key is in the data folder unless `POLEVIK_LOG_KEY` or `POLEVIK_LOG_KEY_FILE` says otherwise.
 * @returns null for a hub that keeps the log itself. @throws AppError INVALID `sync_log_url`, `sync_log_key`; NOT_FOUND for a file
 */
export function readLogOptions(flags: LogFlags, env: NodeJS.ProcessEnv = process.env): LogOptions | null {
  const url = flags.log ?? env['POLEVIK_LOG_URL'] ?? (env['POLEVIK_LOG_URL_FILE'] ? fromFile(env['POLEVIK_LOG_URL_FILE']) : undefined);
  if (!url) return null;
  // The address itself is never repeated: there may be a password in it.
  if (!/^postgres(ql)?:\/\/./.test(url) || !URL.canParse(url)) throw invalid('log', 'sync_log_url');
  const key = env['POLEVIK_LOG_KEY'] ?? (env['POLEVIK_LOG_KEY_FILE'] ? fromFile(env['POLEVIK_LOG_KEY_FILE']) : undefined);
  const from = flags.from ? readHubAddress(flags.from) : null;
  if (flags.from && !from) throw invalid('from', 'sync_address_malformed');
  return { url, key: key ? readKey(key) : null, anew: flags.newLog ?? false, from };
}
