import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder that wine keeps its Windows in; empty on Windows itself. */
    winePrefix: string;
  }
}

/** A fresh Windows 10 of wine's for one run of the tests. */
export default function setup({ provide }: TestProject): (() => void) | undefined {
  if (process.platform === 'win32') {
    provide('winePrefix', '');
    return undefined;
  }
  const prefix = mkdtempSync(join(tmpdir(), 'polevik-wine-'));
  const env = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=' };
  execFileSync('wine', ['winecfg', '-v', 'win10'], { env, stdio: 'ignore', timeout: 120_000 });
  provide('winePrefix', prefix);
  return () => {
    spawnSync('wineserver', ['-k'], { env, stdio: 'ignore' });
    rmSync(prefix, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
}
