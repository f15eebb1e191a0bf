import { execa } from 'execa';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeOutput, readRegistry } from './decode.ts';

/** What a program that ran to its end, or was stopped, has said. */
export interface Ran {
  output: string;
  code: number | null;
  timedOut: boolean;
  /** It could not be started. */
  failed: boolean;
}

/** The machine, as far as remote tools concern it: a seam, so that what Windows does can be told elsewhere. */
export interface System {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  exists(file: string): boolean;
  isFile(file: string): boolean;
  list(folder: string): string[];
  /** At most the first bytes of a file; null where it cannot be read. */
  read(file: string): Uint8Array | null;
  modified(file: string): number;
  /** Runs a program to its end: no shell, nothing to read from, a limit of time and of output. */
  run(file: string, args: readonly string[], timeoutMs: number): Promise<Ran>;
  /** Starts a program that goes on by itself. @returns its process, whose end is told; null where it could not be started */
  start(file: string, args: readonly string[]): Promise<Started | null>;
  /** Keys below one of the registry with their values, of one view; nothing elsewhere. */
  registry(key: string, view: 32 | 64): Promise<Map<string, Map<string, string>>>;
  /** Paths of running programs whose file name begins so. */
  processes(prefix: string): Promise<string[]>;
}

export interface Started {
  pid: number;
  ended: Promise<void>;
}

/** A tool that prints more than this is not asked further, bytes. */
const MAX_OUTPUT = 64 * 1024;
const MAX_FILE = 1024 * 1024;
const ASK_MS = 15_000;
const GRACE_MS = 1_000;

export const realSystem: System = {
  platform: process.platform,
  env: process.env,
  exists: existsSync,
  isFile: (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
  list: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  read: (file) => {
    try {
      return statSync(file).size > MAX_FILE ? null : readFileSync(file);
    } catch {
      return null;
    }
  },
  modified: (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  run: async (file, args, timeoutMs) => {
    const child = execa(file, args, { stdin: 'ignore', all: true, encoding: 'buffer', timeout: timeoutMs, maxBuffer: MAX_OUTPUT, reject: false, windowsHide: true, forceKillAfterDelay: 500, stripFinalNewline: false });
    // What the tool has started may hold its output open long after the tool itself is gone.
    const done = await Promise.race([child, sleep(timeoutMs + GRACE_MS, null, { ref: false })]);
    if (!done) {
      child.kill('SIGKILL');
      child.all?.destroy();
      return { output: '', code: null, timedOut: true, failed: false };
    }
    const bytes = done.all ?? new Uint8Array();
    return { output: done.isMaxBuffer ? '' : decodeOutput(bytes), code: done.exitCode ?? null, timedOut: done.timedOut, failed: done.exitCode === undefined && !done.timedOut && !done.isMaxBuffer };
  },
  start: async (file, args) => {
    const child = execa(file, args, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', reject: false, detached: true, cleanup: false, windowsHide: false });
    const begun = await new Promise<boolean>((resolve) => {
      child.once('spawn', () => resolve(true));
      child.once('error', () => resolve(false));
    });
    if (!begun || child.pid === undefined) return null;
    child.unref();
    return { pid: child.pid, ended: child.then(() => undefined) };
  },
  registry: async (key, view) => {
    if (process.platform !== 'win32') return new Map();
    const ran = await realSystem.run('reg.exe', ['query', key, '/s', `/reg:${view}`], ASK_MS);
    return readRegistry(ran.output);
  },
  processes: async (prefix) => {
    if (process.platform !== 'win32') return [];
    const ran = await realSystem.run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', `Get-Process -Name '${prefix.replace(/[^A-Za-z0-9]/g, '')}*' -ErrorAction SilentlyContinue | ForEach-Object { $_.Path }`], ASK_MS);
    return ran.output.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  },
};
