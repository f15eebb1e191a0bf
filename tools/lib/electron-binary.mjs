import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeBinary, ROOT, toolEnv } from '../node.mjs';
import { filesUnder } from './sources.mjs';

const PACKAGE = join(ROOT, 'node_modules', 'electron');
/** A download that brings nothing for this long is given up. */
const STALL_MS = 20_000;
const LOOK_MS = 500;

/** Path of Electron's executable where it is here, else null; looks, never fetches. */
export function installedElectron(env = process.env) {
  const note = join(PACKAGE, 'path.txt');
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH || join(PACKAGE, 'dist');
  const name = existsSync(note) ? readFileSync(note, 'utf8') : env.ELECTRON_OVERRIDE_DIST_PATH ? 'electron' : null;
  const file = name && join(folder, name);
  return file && existsSync(file) ? file : null;
}

const sizeOf = (folder) => filesUnder(folder, '.').reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);

/** Lets Electron's own package fetch its executable, in silence. @returns its path, or null: not reachable, refused, or standing still */
export async function fetchElectron() {
  const temporary = mkdtempSync(join(tmpdir(), 'polevik-electron-'));
  const env = { ...toolEnv(), ELECTRON_GET_NO_PROGRESS: '1', TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const child = spawn(nodeBinary(), [join(PACKAGE, 'install.js')], { stdio: 'ignore', env });
  let seen = -1;
  let moved = Date.now();
  const watch = setInterval(() => {
    const size = sizeOf(temporary) + sizeOf(join(PACKAGE, 'dist'));
    if (size !== seen) [seen, moved] = [size, Date.now()];
    else if (Date.now() - moved > STALL_MS) child.kill('SIGKILL');
  }, LOOK_MS);
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  await new Promise((done) => child.on('exit', done).on('error', done));
  process.off('exit', stop);
  clearInterval(watch);
  rmSync(temporary, { recursive: true, force: true });
  return installedElectron();
}
