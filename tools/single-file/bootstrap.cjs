'use strict';
// The script inside the single executable: puts the program's files into the person's cache folder, checked against their hashes, and starts it there.
const { createHash } = require('node:crypto');
const { chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { homedir } = require('node:os');
const { dirname, join } = require('node:path');
const sea = require('node:sea');

const DAY = 86_400_000;
const UNUSED_DAYS = 30;
const EXIT_UNAVAILABLE = 4;

const manifest = JSON.parse(sea.getAsset('manifest.json', 'utf8'));

function cacheFolder() {
  if (process.env.POLEVIK_CACHE) return process.env.POLEVIK_CACHE;
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'Polevik', 'cache');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'polevik');
}

function isWhole(file, hash) {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex') === hash;
  } catch {
    return false;
  }
}

/** Every file is looked at each time, since what lies in a cache folder may have been changed by others. */
function unpack(folder) {
  for (const [path, hash] of Object.entries(manifest.files)) {
    const file = join(folder, path);
    if (isWhole(file, hash)) continue;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, new Uint8Array(sea.getRawAsset(path)), { mode: 0o600 });
    try {
      renameSync(fresh, file);
    } catch (error) {
      rmSync(fresh, { force: true });
      // Windows keeps a loaded file; another start of the same program may have put it there meanwhile.
      if (!isWhole(file, hash)) throw error;
    }
  }
}

/** Other versions go when nobody has started them for a month: a running one may still read its files. */
function forgetUnused(parent, own) {
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name);
    try {
      if (name !== own && Date.now() - statSync(folder).mtimeMs > UNUSED_DAYS * DAY) rmSync(folder, { recursive: true, force: true });
    } catch {
      // It is somebody else's or in use: it stays.
    }
  }
}

function prepare() {
  const parent = join(cacheFolder(), 'program');
  const folder = join(parent, manifest.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== 'win32') chmodSync(folder, 0o700);
  unpack(folder);
  if (Date.now() - statSync(folder).mtimeMs > DAY) utimesSync(folder, new Date(), new Date());
  forgetUnused(parent, manifest.name);
  return folder;
}

let folder;
try {
  folder = prepare();
} catch (error) {
  const language = /^ru/i.test(process.env.LC_ALL || process.env.LANG || Intl.DateTimeFormat().resolvedOptions().locale) ? 'ru' : 'en';
  console.error(manifest.messages[language].replace('{{folder}}', cacheFolder()).replace('{{reason}}', error.message));
  process.exit(EXIT_UNAVAILABLE);
}
createRequire(join(folder, 'start.cjs'))('./start.cjs');
