import { chromium, type Browser } from '@playwright/test';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** How to start a Chromium: a file with its environment, or a browser that the system has under a name known to Playwright. */
export interface BrowserChoice {
  executablePath?: string;
  channel?: string;
  args: string[];
  env?: Record<string, string>;
}

/**
 * The package's own settings name folders of the machine that it was made for; without a font Chromium dies on the first letter. The cache's
 * folder is named from the root: fontconfig takes any other for one below the present folder.
 */
const fontSettings = (folder: string): string =>
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir prefix="relative">fonts</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>`;

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'];
/** Root may not use Chromium's sandbox, and the packaged build has none. */
const UNBOXED = ['--no-sandbox', '--disable-dev-shm-usage'];

/**
 * `POLEVIK_BROWSER` first; then what the system has; on 64-bit Linux without one the Chromium out of npm, whose font code gives up on pages
 * whose letters no system font holds. @throws Error when there is none
 */
export async function chooseBrowser(): Promise<BrowserChoice> {
  const wanted = process.env['POLEVIK_BROWSER'];
  if (wanted) return { executablePath: wanted, args: UNBOXED };
  if (process.platform === 'win32') return { channel: 'msedge', args: [] };
  if (process.platform === 'darwin') return { channel: 'chrome', args: [] };
  const file = SYSTEM.find((candidate) => existsSync(candidate));
  if (!file && process.arch === 'x64') return packagedChromium();
  if (!file) throw new Error('No Chromium on this machine: install the package chromium, or name one in POLEVIK_BROWSER');
  return { executablePath: file, args: UNBOXED };
}

/** Unpacked once into `node_modules/.cache`, with the libraries and the font that a bare machine lacks. */
async function packagedChromium(): Promise<BrowserChoice> {
  const manifest = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const cache = join(ROOT, 'node_modules/.cache');
  const folder = join(cache, `polevik-chromium-${version}`);
  if (!existsSync(join(folder, 'chromium'))) {
    mkdirSync(cache, { recursive: true });
    const fresh = mkdtempSync(join(cache, 'chromium-unpacking-'));
    // The package adds its libraries (libnss3 and the like) only where it takes the machine for the bare one it was made for.
    await run(process.execPath, [join(import.meta.dirname, 'unpack-chromium.mjs')], { env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' } });
    writeFileSync(join(fresh, 'fonts/fonts.conf'), fontSettings(folder));
    try {
      renameSync(fresh, folder);
    } catch {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  const env = { ...(process.env as Record<string, string>), LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
  return { executablePath: join(folder, 'chromium'), args: [...UNBOXED, '--no-zygote', '--use-angle=swiftshader'], env };
}

/** A real Chromium without a window; close it when done. */
export async function launchBrowser(more: { args?: string[] } = {}): Promise<Browser> {
  const { args, ...choice } = await chooseBrowser();
  return chromium.launch({ ...choice, args: [...args, ...(more.args ?? [])] });
}
