import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureNode, ROOT, runTool } from './node.mjs';

ensureNode();

const VITE = 'node_modules/vite/bin/vite.js';
const STAMPS = join(ROOT, 'dist', '.stamps.json');
const ALWAYS = ['package-lock.json', 'tools/build.mjs'];

const PARTS = [
  { name: 'ui', output: 'dist/ui/index.html', inputs: ['src-renderer', 'src-shared', 'vite.ui.config.ts'], make: () => runTool(VITE, ['build', '--config', 'vite.ui.config.ts', '--logLevel', 'warn']) },
  { name: 'main', output: 'dist/main/polevik.mjs', inputs: ['src-main', 'src-shared', 'migrations', 'vite.main.config.ts', 'package.json'], make: () => runTool(VITE, ['build', '--config', 'vite.main.config.ts', '--logLevel', 'warn']) },
  { name: 'shell', output: 'dist/shell/main.mjs', inputs: ['src-main/shell', 'src-shared', 'vite.shell.config.ts', 'package.json'], make: () => runTool(VITE, ['build', '--config', 'vite.shell.config.ts', '--logLevel', 'warn']) },
  { name: 'docs', output: 'dist/ui-docs/index.html', inputs: ['tools/docs-page'], make: makeDocsPage },
];

/** Swagger UI out of its package, with a page of our own that names the local document; no script stands in the page itself. */
function makeDocsPage() {
  const target = join(ROOT, 'dist', 'ui-docs');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const source = join(ROOT, 'node_modules', 'swagger-ui-dist');
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']) cpSync(join(source, file), join(target, file));
  cpSync(join(ROOT, 'tools', 'docs-page'), target, { recursive: true });
  return 0;
}

function files(path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full).sort().flatMap((name) => files(`${path}/${name}`));
}

function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const file of [...ALWAYS, ...inputs].flatMap(files)) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

const force = process.argv.includes('--force');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const stamps = existsSync(STAMPS) ? JSON.parse(readFileSync(STAMPS, 'utf8')) : {};
for (const part of PARTS) {
  if (wanted.length > 0 && !wanted.includes(part.name)) continue;
  const config = part.inputs.find((input) => input.endsWith('.config.ts'));
  if (config && !existsSync(join(ROOT, config))) continue;
  const print = fingerprint(part.inputs);
  if (!force && stamps[part.name] === print && existsSync(join(ROOT, part.output))) continue;
  const started = Date.now();
  const code = await part.make();
  if (code !== 0) process.exit(code);
  stamps[part.name] = print;
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(STAMPS, JSON.stringify(stamps));
  console.error(`built ${part.name} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
