import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Brings `dist/` up to date, for tests of the program as it is shipped; returns at once when it is. Parts as in `npm run build`. */
export function ensureBuilt(...parts: string[]): void {
  execFileSync(process.execPath, [join(ROOT, 'tools/build.mjs'), ...parts], { stdio: ['ignore', 'ignore', 'inherit'] });
}
