import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { clientOf } from '../sync/support/network.ts';
import { openOffice } from '../support/exchange.ts';
import { registerOwner } from '../support/house.ts';
import { content, fileOf } from './support.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/main/polevik.mjs');
const ROUNDS = 5;
const MIB = 1024 * 1024;
const LONG_AGO = new Date(0);

let dataDir: string;
beforeAll(() => {
  ensureBuilt('main');
  dataDir = mkdtempSync(join(tmpdir(), 'polevik-killed-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function start(): Promise<{ url: string; kill: () => Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, 'serve', '--json', '--port', '0', '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((part) => part.startsWith('{') && part.endsWith('}'));
      if (line) resolve((JSON.parse(line) as { url: string }).url);
    });
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}: ${text}`)));
  });
  return {
    url,
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}

it('a program that is killed at any moment has a whole file or none, and every file that it has said to be saved', async () => {
  const saved = new Map<string, string>();
  let begun = 0;
  let token = '';
  for (let round = 0; round < ROUNDS; round++) {
    const program = await start();
    if (round === 0) {
      ({ token } = await registerOwner(program.url));
      const client = clientOf(program.url, token);
      await client.clients.create({ name: 'ООО «Ромашка»' });
      await client.tickets.create({ client_id: 1, subject: 'Щиток' });
    }
    const files = clientOf(program.url, token).attachments;
    const tell = async (sha256: string, call: Promise<{ id: string }>): Promise<void> => void saved.set((await call).id, sha256);
    const streamed = async (): Promise<void> => {
      for (;;) {
        const { bytes, sha256 } = content(2 * MIB);
        begun += 1;
        const form = new FormData();
        form.set('file', fileOf(bytes, 'поток.bin'));
        const made = fetch(`${program.url}/api/attachments?entity=tickets&row_id=1`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form });
        await tell(sha256, made.then((response) => response.json() as Promise<{ id: string }>));
      }
    };
    const pieces = async (): Promise<void> => {
      for (;;) {
        const { bytes, sha256 } = content(3 * MIB);
        begun += 1;
        const { id } = await files.begin({ entity: 'tickets', row_id: 1, file_name: 'части.bin', size: bytes.length });
        for (let offset = 0; offset < bytes.length; offset += MIB) await files.part({ id, offset, part: fileOf(bytes.subarray(offset, offset + MIB), 'part') });
        await tell(sha256, files.finish({ id, sha256 }));
      }
    };
    const cut = Promise.allSettled([streamed(), pieces()]);
    const before = saved.size;
    // The first file makes sure that the round is in its middle; then it is any moment.
    const end = Date.now() + 30_000;
    while (saved.size === before && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
    await program.kill();
    await cut;
  }

  const office = await openOffice(dataDir);
  try {
    const contents = office.core.house.attachments.of(office.owner.organization_id);
    const rows = (await office.client.attachments.list({ entity: 'tickets', row_id: 1, limit: 200 })).items;
    expect(saved.size).toBeGreaterThanOrEqual(ROUNDS);
    expect(begun).toBeGreaterThan(saved.size);
    for (const row of rows) {
      const bytes = readFileSync(contents.pathOf(row.sha256));
      expect([row.place, bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual(['here', row.size, row.sha256]);
    }
    expect(rows.map((row) => row.id)).toEqual(expect.arrayContaining([...saved.keys()]));
    // Uploads that were cut go on from what is on the disk; nothing else is left of them.
    const known = new Set(office.store.read.all<{ sha256: string }>('SELECT sha256 FROM attachments UNION SELECT sha256 FROM local_uploads WHERE sha256 IS NOT NULL').map((row) => row.sha256));
    contents.sweep();
    const folder = join(dataDir, 'attachments', office.owner.organization_id);
    const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name));
    // What nothing names is left alone for a month: its row may be one that an older backup lacks.
    for (const name of files()) utimesSync(join(folder, name), LONG_AGO, LONG_AGO);
    contents.sweepUnnamed();
    const kept = files().map((name) => name.slice(-64));
    expect(kept.filter((sha256) => !known.has(sha256))).toEqual([]);
    expect(existsSync(join(folder, 'incoming'))).toBe(true);
  } finally {
    await office.core.close();
  }
});
