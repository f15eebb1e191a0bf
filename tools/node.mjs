import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the project. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const NEEDED_MAJOR = 22;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The Node that the program runs on: this one if it is new enough, else the one that npm brought along; null where there is neither. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  const name = process.platform === 'win32' ? 'win' : process.platform;
  const file = join(ROOT, 'node_modules', `node-${name}-${process.arch}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(file) ? file : null;
}

/** Path of the Node that the program runs on; ends this process with a sentence where there is none. */
export function nodeBinary() {
  const file = findNode();
  if (file) return file;
  console.error(`Polevik needs Node ${NEEDED_MAJOR} or newer; this is ${process.version}. Run npm ci with its optional dependencies, or install a newer Node.`);
  return process.exit(1);
}

/** The environment with the right Node first on the path, for tools that start others by name. */
export function toolEnv(node = nodeBinary()) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [path]: [dirname(node), join(ROOT, 'node_modules', '.bin'), process.env[path]].join(separator) };
}

/**
 * Runs a program and passes on the signals that this process gets, so that nothing stays behind.
 * @returns its exit code; 128 and the signal's number where a signal ended it
 */
export function runProgram(file, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { stdio: 'inherit', ...options });
    const passers = SIGNALS.map((signal) => [signal, () => void child.kill(signal)]);
    for (const [signal, pass] of passers) process.on(signal, pass);
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      for (const [name, pass] of passers) process.off(name, pass);
      done(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Runs a JavaScript file of the project under the right Node. @returns its exit code */
export function runTool(script, args = [], { env, ...options } = {}) {
  return runProgram(nodeBinary(), [join(ROOT, script), ...args], { cwd: ROOT, env: { ...toolEnv(), ...env }, ...options });
}

/** Goes on under the right Node: returns when this is it, never otherwise. */
export async function ensureNode() {
  const node = nodeBinary();
  if (node !== process.execPath) process.exit(await runProgram(node, process.argv.slice(1), { env: toolEnv(node) }));
}
