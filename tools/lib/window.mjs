import { constants } from 'node:os';
import { spawn } from 'node:child_process';
import { ROOT } from '../node.mjs';

/** A window that ends with a fault this soon has never opened: a missing library, no rights on the display. */
const EARLY_MS = 10_000;

/**
 * Runs the window until it is closed.
 * @returns `opened` with its exit code, or not opened with the reason in the system's words
 */
export function openWindow(electron, words) {
  return new Promise((done) => {
    let said = '';
    const child = spawn(electron, [ROOT, ...words], { stdio: ['ignore', 'inherit', 'pipe'], cwd: process.cwd() });
    child.stderr.setEncoding('utf8');
    let early = true;
    const settled = setTimeout(() => {
      early = false;
      process.stderr.write(said);
    }, EARLY_MS);
    child.stderr.on('data', (text) => {
      if (early) said += text;
      else process.stderr.write(text);
    });
    const stop = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
    child.on('error', (error) => {
      clearTimeout(settled);
      done({ opened: false, reason: error.code ?? error.message });
    });
    child.on('close', (code, signal) => {
      clearTimeout(settled);
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, stop);
      const failed = code !== 0 && (code !== null || signal === 'SIGSEGV' || signal === 'SIGTRAP' || signal === 'SIGABRT');
      if (failed && early) done({ opened: false, reason: reasonIn(said) || signal || `exit ${code}` });
      else done({ opened: true, code: code ?? 128 + (constants.signals[signal] ?? 0) });
    });
  });
}

/** The first line that says something, without Chromium's own prefix of process and source line. */
function reasonIn(text) {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line.replace(/^\[[^\]]*\]\s*/, '').trim().slice(0, 160);
}
