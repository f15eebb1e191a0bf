import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets the engine keep what it has compiled for the next start, in a folder of this user alone; `POLEVIK_CODE_CACHE=off` forgoes it.
 * Call it before anything large is imported. What cannot be kept is compiled again.
 */
export function keepCompiledCode(env: NodeJS.ProcessEnv = process.env): void {
  if (env['POLEVIK_CODE_CACHE'] === 'off') return;
  const home = process.platform === 'win32' ? join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Polevik') : join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'polevik');
  nodeModule.enableCompileCache?.(join(home, 'code'));
}
