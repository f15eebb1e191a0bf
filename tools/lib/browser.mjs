// The browser that the pages are tested in: Debian's Chromium, installed when it is missing and may be.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'];
const run = (command, words) => spawnSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status ?? 1;

/** Installs Chromium on a Debian machine that has none, for whoever may. @returns 0, for a machine without it has the one out of npm */
export async function ensureBrowser() {
  const present = process.env.POLEVIK_BROWSER || KNOWN.some((file) => existsSync(file));
  if (present || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return 0;
  console.log('Installing the Debian package chromium for the page tests…');
  if (run('apt-get', ['update', '-qq']) === 0) run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
  return 0;
}
