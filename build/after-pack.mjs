import { listPackage } from '@electron/asar';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED = ['dist/main/polevik.mjs', 'dist/main/core-process.mjs', 'dist/main/reader.mjs', 'dist/shell/main.mjs', 'dist/shell/preload.cjs', 'dist/ui/index.html', 'dist/ui-docs/index.html', 'resources/icon.png', 'package.json'];
const NATIVE = ['better-sqlite3', '@node-rs/argon2', '@napi-rs/keyring'];

function resourcesOf(context) {
  const { appOutDir, packager, electronPlatformName } = context;
  return electronPlatformName === 'darwin' ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources') : join(appOutDir, 'resources');
}

/** Refuses a package that could not run: a part missing, or not exactly one binary of each native package for the machine it is made for. */
export default async function afterPack(context) {
  const resources = resourcesOf(context);
  const packed = listPackage(join(resources, 'app.asar'), { isPack: false }).map((path) => path.replaceAll('\\', '/').slice(1));
  const unpacked = join(resources, 'app.asar.unpacked', 'node_modules');
  const found = existsSync(unpacked) ? readdirSync(unpacked, { recursive: true }).map((path) => String(path).replaceAll('\\', '/')) : [];
  const faults = NEEDED.filter((file) => !packed.includes(file)).map((file) => `${file} is missing`);
  for (const name of NATIVE) {
    const binaries = found.filter((path) => path.startsWith(name) && path.endsWith('.node'));
    if (binaries.length !== 1) faults.push(`${name} brings ${binaries.length} binaries (${binaries.join(', ')}); build on the system that the package is for`);
  }
  const strangers = packed.filter((path) => /^node_modules\/[^/]+$/.test(path) && !['better-sqlite3', '@node-rs', '@napi-rs'].includes(path.slice('node_modules/'.length)));
  faults.push(...strangers.map((path) => `${path} does not belong into the package`));
  if (faults.length > 0) throw new Error(faults.join('; '));
}
