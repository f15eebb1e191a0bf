import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A console program of Windows' that was started; what it prints goes into a file, since wine's console pipes break. */
export interface StartedProgram {
  output(): string;
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** Arguments for `cmd`: letters, digits and harmless signs only, so that nothing has to be escaped. */
const HARMLESS = /^[\p{L}\p{N} ._:\\/=@-]*$/u;

/**
 * Starts a Windows program from a command file in its own folder, as a person at a console does. Under wine the words must be Latin
 * letters; folders may have any name.
 */
export function startProgram(folder: string, program: string, words: string[], options: { winePrefix: string; env?: Record<string, string> }): StartedProgram {
  const wrong = words.find((word) => !HARMLESS.test(word));
  if (wrong !== undefined) throw new Error(`cannot pass ${wrong} through cmd`);
  const work = mkdtempSync(join(tmpdir(), 'polevik-cmd-'));
  const log = join(work, 'output.txt');
  const script = join(folder, `${basename(work)}.cmd`);
  writeFileSync(script, ['@echo off', `"%~dp0${program}" ${words.map((word) => `"${word}"`).join(' ')} > "%~dp0${basename(work)}.txt" 2>&1`, 'exit /b %ERRORLEVEL%', ''].join('\r\n'));
  const printed = join(folder, `${basename(work)}.txt`);
  const [file, first] = process.platform === 'win32' ? ['cmd', []] : ['wine', ['cmd']];
  const own = openSync(log, 'w');
  const child: ChildProcess = spawn(file, [...first, '/c', basename(script)], { cwd: folder, env: { ...process.env, WINEPREFIX: options.winePrefix, WINEDEBUG: '-all', ...options.env }, stdio: ['ignore', own, own], detached: process.platform !== 'win32' });
  closeSync(own);
  const ended = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
  const clear = (): void => {
    for (const path of [script, printed, work]) rmSync(path, { recursive: true, force: true });
  };
  return {
    output: () => (existsSync(printed) ? readFileSync(printed, 'utf8') : '') + readFileSync(log, 'utf8'),
    ended,
    stop: async () => {
      if (child.exitCode === null && child.pid) {
        if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
        else process.kill(-child.pid, 'SIGKILL');
        await ended;
      }
      clear();
    },
  };
}

/** Runs a Windows program to its end. */
export async function runProgram(folder: string, program: string, words: string[], options: { winePrefix: string; env?: Record<string, string> }): Promise<{ code: number | null; output: string }> {
  const started = startProgram(folder, program, words, options);
  const code = await started.ended;
  const output = started.output();
  await started.stop();
  return { code, output };
}
