import { execa } from 'execa';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeOutput, readRegistry, readRegistryFile } from './decode.ts';

/** What a program that ran to its end, or was stopped, has said. */
export interface Ran {
  output: string;
  code: number | null;
  timedOut: boolean;
  /** It could not be started. */
  failed: boolean;
  /** The system wants an administrator's rights before it starts it. */
  elevation?: boolean;
}

/** The machine, as far as remote tools concern it: a seam, so that what Windows does can be told elsewhere. */
export interface System {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  exists(file: string): boolean;
  isFile(file: string): boolean;
  list(folder: string): string[];
  /** A whole file of at most a megabyte; null where it cannot be read. */
  read(file: string): Uint8Array | null;
  /** The last bytes of a file, which may be of any size; null where it cannot be read. */
  tail(file: string, bytes: number): Uint8Array | null;
  modified(file: string): number;
  /** Runs a program to its end: no shell, nothing to read from, a limit of time and of output (of a program that prints more, nothing is taken). */
  run(file: string, args: readonly string[], timeoutMs: number, options?: RunOptions): Promise<Ran>;
  /** Starts a program that goes on by itself; it can read the secret and nothing else. @returns its process, whose end is told; null where it could not be started */
  start(file: string, args: readonly string[], secret?: string | null): Promise<Started | null>;
  /** Keys below one of the registry with their values, of one view; nothing elsewhere. */
  registry(key: string, view: 32 | 64): Promise<Map<string, Map<string, string>>>;
  /** Paths of running programs whose file name begins so. */
  processes(prefix: string): Promise<string[]>;
  /** What tells a running process from another one that gets its number later; null where none runs. */
  birth(pid: number): Promise<string | null>;
}

export interface RunOptions {
  /** On top of the own environment. */
  env?: Readonly<Record<string, string>>;
  /** Bytes; 64 KB where nothing is said. */
  maxOutput?: number;
}

export interface Started {
  pid: number;
  ended: Promise<void>;
}

/** A tool that prints more than this is not asked further, bytes. */
const MAX_OUTPUT = 64 * 1024;
/** All installed programs of a machine, as `reg query` prints them, bytes. */
const MAX_REGISTRY = 16 * 1024 * 1024;
const MAX_FILE = 1024 * 1024;
const ASK_MS = 15_000;
const GRACE_MS = 1_000;

/** A program of Windows' own, by its whole path: a bare name would be looked for in the current folder first, which anybody may have filled. */
export const windowsProgram = ({ env }: Pick<System, 'env'>, name: string): string => win32.join(env['SystemRoot'] ?? env['windir'] ?? 'C:\\Windows', 'System32', name);
export const POWERSHELL = 'WindowsPowerShell\\v1.0\\powershell.exe';
const ELEVATION_NEEDED = new Set(['EACCES', 'EPERM']);

/** Asks PowerShell; what is asked is ours alone, and values come to it in its environment. */
async function askPowerShell(question: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const ran = await realSystem.run(windowsProgram(realSystem, POWERSHELL), ['-NoProfile', '-NonInteractive', '-Command', question], ASK_MS, { env });
  return ran.output.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
}

/** Keys with their values by way of a file of one's own; null where it could not be written. */
async function exported(key: string, view: 32 | 64): Promise<Map<string, Map<string, string>> | null> {
  const folder = mkdtempSync(join(tmpdir(), 'polevik-reg-'));
  try {
    const file = join(folder, 'keys.reg');
    const ran = await realSystem.run(windowsProgram(realSystem, 'reg.exe'), ['export', key, file, '/y', `/reg:${view}`], ASK_MS);
    return ran.code === 0 ? readRegistryFile(decodeOutput(readFileSync(file))) : null;
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Running programs of Linux: their numbers and files. */
function* processesOfLinux(): Generator<{ pid: string; file: string }> {
  for (const pid of realSystem.list('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      yield { pid, file: readlinkSync(`/proc/${pid}/exe`) };
    } catch {
      // Another person's, or gone meanwhile.
    }
  }
}

export const realSystem: System = {
  platform: process.platform,
  env: process.env,
  exists: existsSync,
  isFile: (file) => !file.includes('\0') && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false),
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
  tail: (file, bytes) => {
    try {
      const opened = openSync(file, 'r');
      try {
        const { size } = statSync(file);
        const part = Buffer.alloc(Math.min(size, bytes));
        return part.subarray(0, readSync(opened, part, 0, part.length, size - part.length));
      } finally {
        closeSync(opened);
      }
    } catch {
      return null;
    }
  },
  modified: (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  run: async (file, args, timeoutMs, { env = {}, maxOutput = MAX_OUTPUT } = {}) => {
    const child = execa(file, args, { stdin: 'ignore', all: true, encoding: 'buffer', timeout: timeoutMs, maxBuffer: maxOutput, reject: false, windowsHide: true, forceKillAfterDelay: 500, stripFinalNewline: false, env });
    // What the tool has started may hold its output open long after the tool itself is gone.
    const done = await Promise.race([child, sleep(timeoutMs + GRACE_MS, null, { ref: false })]);
    if (!done) {
      child.kill('SIGKILL');
      child.all?.destroy();
      return { output: '', code: null, timedOut: true, failed: false };
    }
    const bytes = done.all ?? new Uint8Array();
    const elevation = done.code !== undefined && ELEVATION_NEEDED.has(done.code);
    return { output: done.isMaxBuffer ? '' : decodeOutput(bytes), code: done.exitCode ?? null, timedOut: done.timedOut, failed: done.exitCode === undefined && !done.timedOut && !done.isMaxBuffer, elevation };
  },
  start: async (file, args, secret = null) => {
    // The password goes in by itself and the pipe is closed behind it; it stands in no argument and in no environment.
    const child = execa(file, args, { ...(secret === null ? { stdin: 'ignore' as const } : { input: `${secret}\n` }), stdout: 'ignore', stderr: 'ignore', reject: false, detached: true, cleanup: false, windowsHide: false });
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
    const ran = await realSystem.run(windowsProgram(realSystem, 'reg.exe'), ['query', key, '/s', `/reg:${view}`], ASK_MS, { maxOutput: MAX_REGISTRY });
    // A letter that the console's code page does not have is printed as a question mark; a file is written in UTF-16.
    return (ran.output.includes('?') ? await exported(key, view) : null) ?? readRegistry(ran.output);
  },
  processes: async (prefix) => {
    if (process.platform === 'linux') return [...processesOfLinux()].map(({ file }) => file).filter((file) => posix.basename(file).toLowerCase().startsWith(prefix.toLowerCase()));
    if (process.platform !== 'win32') return [];
    return askPowerShell("Get-Process -Name ($env:POLEVIK_ASKED + '*') -ErrorAction SilentlyContinue | ForEach-Object { $_.Path }", { POLEVIK_ASKED: prefix });
  },
  birth: async (pid) => {
    if (process.platform === 'win32') return (await askPowerShell('(Get-Process -Id $env:POLEVIK_ASKED -ErrorAction SilentlyContinue).StartTime.ToFileTimeUtc()', { POLEVIK_ASKED: String(pid) }))[0] ?? null;
    if (process.platform === 'linux') {
      try {
        // The name in brackets may hold anything: fields are counted behind it. The 22nd is the start, the third the state.
        const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, '').trim().split(' ');
        return fields[0] === 'Z' ? null : `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${fields[19]}`;
      } catch {
        return null;
      }
    }
    const told = await realSystem.run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], ASK_MS);
    return told.output.trim() || null;
  },
};
