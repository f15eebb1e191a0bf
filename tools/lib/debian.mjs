// What the tests need from Debian: installed when it is missing and may be.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'];
const WINE = ['/usr/bin/wine', '/usr/lib/wine/wine64'];
const COMPILER = '/usr/bin/x86_64-w64-mingw32-gcc';
const run = (command, words) => spawnSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status ?? 1;

/** Whether programs for 64-bit Windows can run here: on Windows itself, or under wine. */
export const runsWindowsPrograms = () => process.platform === 'win32' || WINE.every((file) => existsSync(file));
/** Whether programs for 64-bit Windows can be made here; on Windows its own compiler has to be on the path. */
export const makesWindowsPrograms = () => process.platform === 'win32' || existsSync(COMPILER);

/** Installs the browser of the page tests, wine and the compiler for Windows on a Debian machine that has none, for whoever may. The steps say what they miss. */
export function ensureDebianPackages() {
  const missing = [];
  if (!process.env.POLEVIK_BROWSER && !BROWSERS.some((file) => existsSync(file))) missing.push('chromium');
  if (process.arch === 'x64' && !runsWindowsPrograms()) missing.push('wine', 'wine64');
  if (process.arch === 'x64' && !makesWindowsPrograms()) missing.push('gcc-mingw-w64-x86-64');
  if (missing.length === 0 || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return 0;
  console.log(`Installing Debian packages for the tests: ${missing.join(', ')}…`);
  if (run('apt-get', ['update', '-qq']) === 0) run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  return 0;
}
