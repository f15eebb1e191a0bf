import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Makes the single executable for a system. @returns what the tool printed */
export function makeSingleFile(words: string[]): string {
  return execFileSync(process.execPath, [join(ROOT, 'tools/dist-cli.mjs'), ...words], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A port that nobody has now. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Answers of a served program, once it is there. @throws Error when it does not come up within two minutes, with what it printed */
export async function answersOf(url: string, output: () => string): Promise<{ page: string; documentation: string; health: unknown; signedIn: number }> {
  const text = async (path: string): Promise<string> => (await fetch(url + path)).text();
  const end = Date.now() + 120_000;
  while (!(await fetch(`${url}/health`).then((answer) => answer.ok, () => false))) {
    if (Date.now() > end) throw new Error(`not up: ${output()}`);
    await new Promise((done) => setTimeout(done, 200));
  }
  const login = await fetch(`${url}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'admin@example.com', password: 'adminpass' }) });
  return { page: await text('/tickets'), documentation: await text('/docs/'), health: JSON.parse(await text('/health')), signedIn: login.status };
}
