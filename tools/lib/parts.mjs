import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, runTool } from '../node.mjs';
import { filesUnder } from './sources.mjs';

const DIST = join(ROOT, 'dist');
const STAMPS = join(DIST, '.stamps.json');
const LOCK = join(DIST, '.building');
const LOCK_WAIT_MS = 10 * 60_000;

// What is built is what ships, also where a test run asks for it and has named its own environment.
const vite = (config, mode) => runTool('node_modules/vite/bin/vite.js', ['build', '--config', config, '--mode', mode, '--logLevel', 'warn'], { env: { NODE_ENV: 'production' } });
const inTurn = async (...steps) => {
  for (const step of steps) {
    const code = await step();
    if (code !== 0) return code;
  }
  return 0;
};

/** Swagger UI out of its package, with a page of our own that names the local document; no script stands in the page itself. */
function makeDocsPage() {
  const target = join(DIST, 'ui-docs');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const source = join(ROOT, 'node_modules', 'swagger-ui-dist');
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']) cpSync(join(source, file), join(target, file));
  cpSync(join(ROOT, 'tools', 'docs-page'), target, { recursive: true });
  return 0;
}

const MAIN_CONFIG = 'vite.main.config.ts';
const SHELL = 'src-main/shell';
/** Built into the program where the publisher has put it there. */
const KEY = 'resources/update-key.pub';

/** What is built: from which files, by what, and a file that is there when it is done. */
const PARTS = {
  ui: { inputs: ['src-renderer', 'src-shared', 'vite.ui.config.ts'], output: 'ui/index.html', make: () => vite('vite.ui.config.ts', 'production') },
  main: { inputs: ['src-main', 'src-shared', 'migrations', KEY, MAIN_CONFIG, 'package.json'], except: SHELL, output: 'main/polevik.mjs', make: () => vite(MAIN_CONFIG, 'main') },
  docs: { inputs: ['tools/docs-page'], output: 'ui-docs/index.html', make: makeDocsPage },
  shell: {
    inputs: [SHELL, 'src-main/core/config.ts', 'src-main/core/update-line.ts', 'src-main/core/update-memory.ts', 'src-shared', KEY, MAIN_CONFIG, 'package.json'],
    output: 'shell/preload.cjs',
    make: () => inTurn(() => vite(MAIN_CONFIG, 'shell'), () => vite(MAIN_CONFIG, 'preload')),
  },
  bench: { inputs: ['test/bench', 'src-main', 'src-shared', 'migrations', MAIN_CONFIG, 'package.json'], except: SHELL, output: 'bench', make: () => vite(MAIN_CONFIG, 'bench') },
};

/** The parts that make the program; benchmarks are built on demand. */
export const PROGRAM = ['ui', 'main', 'docs', 'shell'];

function fingerprint({ inputs, except }) {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'tools/lib/parts.mjs', ...inputs].flatMap((input) => filesUnder(ROOT, input))) {
    if (except && file.startsWith(`${except}/`)) continue;
    hash.update(file).update('\0').update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex');
}

const readStamps = () => (existsSync(STAMPS) ? JSON.parse(readFileSync(STAMPS, 'utf8')) : {});
const writeStamp = (name, print) => writeFileSync(STAMPS, JSON.stringify({ ...readStamps(), [name]: print }));
const isFresh = (name, print) => readStamps()[name] === print && existsSync(join(DIST, PARTS[name].output));

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whether the process that holds the lock is gone. A lock just made may not name its owner yet. */
function isAbandoned() {
  try {
    const pid = Number(readFileSync(join(LOCK, 'pid'), 'utf8'));
    return !isAlive(pid);
  } catch {
    const made = existsSync(LOCK) ? statSync(LOCK).mtimeMs : Date.now();
    return Date.now() - made > 5000;
  }
}

/** Two builds at once would delete each other's files: tests and a start wait for each other here. */
async function withLock(work) {
  mkdirSync(DIST, { recursive: true });
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST' || Date.now() > deadline) throw error;
      if (isAbandoned()) rmSync(LOCK, { recursive: true, force: true });
      else await sleep(200);
    }
  }
  writeFileSync(join(LOCK, 'pid'), String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

/**
 * Builds parts of the program into `dist/`, each only where its inputs have changed.
 * @param names parts, see PROGRAM; `force` builds them in any case; `announce` is called once if there is anything to build
 * @returns 0, or the exit code of the build that failed
 */
export async function build(names = PROGRAM, { force = false, announce = () => {} } = {}) {
  const stale = () => names.map((name) => [name, fingerprint(PARTS[name])]).filter(([name, print]) => force || !isFresh(name, print));
  if (stale().length === 0) return 0;
  announce();
  return withLock(async () => {
    for (const [name, print] of stale()) {
      const started = Date.now();
      writeStamp(name, null);
      const code = await PARTS[name].make();
      if (code !== 0) return code;
      writeStamp(name, print);
      console.error(`built ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
    return 0;
  });
}

export const isPart = (name) => name in PARTS;
