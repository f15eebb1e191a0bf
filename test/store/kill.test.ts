import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { registerOwner } from '../support/house.ts';

/** Seconds of killing; `POLEVIK_KILL_SECONDS` makes it any length. */
const SECONDS = Number(process.env['POLEVIK_KILL_SECONDS'] ?? 60);
const BUNDLE = join(import.meta.dirname, '../../dist/main/polevik.mjs');
const WRITERS = 4;

let dataDir: string;
let running: ChildProcess | null = null;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'polevik-kill-'));
});
afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the shipped program and waits for its address. */
async function start(): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [BUNDLE, 'serve', '--json', '--port', '0', '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  running = child;
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((part) => part.includes('"url"'));
      if (line) resolve((JSON.parse(line) as { url: string }).url);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
  return { process: child, url };
}

it(
  `loses nothing acknowledged and leaves no half write when it is killed at random moments (${SECONDS} s)`,
  async () => {
    expect(existsSync(BUNDLE), 'npm run build comes first').toBe(true);
    const acknowledged = new Map<string, string>();
    const sent = new Set<string>();
    const end = Date.now() + SECONDS * 1000;
    let token: string | null = null;
    let kills = 0;
    do {
      const { process: child, url } = await start();
      token ??= (await registerOwner(url)).token;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const writers = Array.from({ length: WRITERS }, async () => {
        for (;;) {
          const name = `Клиент ${sent.size + 1}`;
          sent.add(name);
          try {
            const response = await fetch(`${url}/api/clients`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ name }) });
            if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
            acknowledged.set(((await response.json()) as { id: string }).id, name);
          } catch (error) {
            if (child.exitCode === null && child.signalCode === null && !(error instanceof TypeError)) throw error;
            return;
          }
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1800));
      child.kill('SIGKILL');
      kills++;
      await gone;
      await Promise.all(writers);
    } while (Date.now() < end || kills <= SECONDS / 5);

    expect(kills).toBeGreaterThan(SECONDS / 5);
    const doctor = JSON.parse(execFileSync(process.execPath, [BUNDLE, 'doctor', '--json', '--data-dir', dataDir], { encoding: 'utf8' })) as { ok: boolean; checks: unknown };
    expect(doctor, JSON.stringify(doctor)).toMatchObject({ ok: true });
    const { process: child, url } = await start();
    const found = new Map<string, string>();
    let cursor: string | null = '';
    while (cursor !== null) {
      const response = await fetch(`${url}/api/clients?limit=200&sort=created_at${cursor ? `&cursor=${cursor}` : ''}`, { headers: { authorization: `Bearer ${token}` } });
      const page = (await response.json()) as { items: { id: string; name: string }[]; next_cursor: string | null };
      for (const row of page.items) found.set(row.id, row.name);
      cursor = page.next_cursor;
    }
    child.kill('SIGTERM');
    const lost = [...acknowledged].filter(([id, name]) => found.get(id) !== name);
    expect(lost).toEqual([]);
    expect([...found.values()].filter((name) => !sent.has(name))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(kills);
  },
  (SECONDS + 120) * 1000,
);
