import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../node.mjs';

const FOLDER = join(ROOT, 'node_modules', '.cache', 'polevik-packages');
const lock = () => JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;

/** npm as it stands beside whichever Node runs this; on Windows it is a script of the shell. */
function npm(words, cwd) {
  const windows = process.platform === 'win32';
  return execFileSync(windows ? 'npm.cmd' : 'npm', words, { cwd, encoding: 'utf8', shell: windows, stdio: ['ignore', 'pipe', 'inherit'] });
}

/**
 * The folder of a package out of the registry, also of one that is made for another system. What the lock names must have the lock's hash.
 * @throws Error when the registry cannot be reached or the hash is another one
 */
export function packageFolder(name, version) {
  const target = join(FOLDER, `${name.replace('/', '+')}@${version}`);
  if (existsSync(target)) return join(target, 'package');
  mkdirSync(FOLDER, { recursive: true });
  const work = mkdtempSync(join(FOLDER, 'new-'));
  try {
    const [packed] = JSON.parse(npm(['pack', `${name}@${version}`, '--json', '--ignore-scripts', '--loglevel=error'], work));
    const file = join(work, packed.filename.replace('@', '').replace('/', '-'));
    const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    const locked = lock()[`node_modules/${name}`];
    const wanted = locked?.version === version ? locked.integrity : packed.integrity;
    if (integrity !== wanted) throw new Error(`${name}@${version}: the file has another hash than ${locked ? 'package-lock.json' : 'the registry'} says`);
    // Bare names only: GNU tar takes a colon, as in C:, for another machine.
    execFileSync('tar', ['-xzf', file.slice(work.length + 1)], { cwd: work });
    rmSync(file);
    renameSync(work, target);
    return join(target, 'package');
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    throw error;
  }
}

/** The version of a package that the lock holds. @throws Error for one that it does not hold */
export function lockedVersion(name) {
  const version = lock()[`node_modules/${name}`]?.version;
  if (!version) throw new Error(`${name} is not in package-lock.json`);
  return version;
}
