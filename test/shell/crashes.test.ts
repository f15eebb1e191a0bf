import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ app: {}, crashReporter: {} }));
const { pruneDumps, recordDeath } = await import('../../src-main/shell/crashes.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'полевик падения '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps the newest dumps and everything that is no dump', () => {
  mkdirSync(join(folder, 'reports'));
  for (let day = 1; day <= 5; day++) {
    const file = join(folder, 'reports', `${day}.dmp`);
    writeFileSync(file, 'memory');
    utimesSync(file, new Date(2026, 0, day), new Date(2026, 0, day));
  }
  writeFileSync(join(folder, 'settings.dat'), '');
  pruneDumps(folder, 2);
  expect(readdirSync(join(folder, 'reports')).sort()).toEqual(['4.dmp', '5.dmp']);
  expect(readdirSync(folder)).toContain('settings.dat');
  expect(() => pruneDumps(join(folder, 'nothing'))).not.toThrow();
});

it('lists what died and why, and nothing else', () => {
  recordDeath(folder, { type: 'page', reason: 'crashed', exitCode: 11 }, new Date('2026-03-01T10:00:00.000Z'), '1.2.3');
  recordDeath(folder, { type: 'GPU', reason: 'oom', exitCode: 5 }, new Date('2026-03-01T10:00:01.000Z'), '1.2.3');
  const lines = readFileSync(join(folder, 'deaths.jsonl'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { at: '2026-03-01T10:00:00.000Z', version: '1.2.3', type: 'page', reason: 'crashed', exit_code: 11 },
    { at: '2026-03-01T10:00:01.000Z', version: '1.2.3', type: 'GPU', reason: 'oom', exit_code: 5 },
  ]);
});

it('never stops the program where the list cannot be written', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => recordDeath(join(folder, 'file', 'below'), { type: 'page', reason: 'crashed', exitCode: 1 }, new Date(), '1')).not.toThrow();
});
