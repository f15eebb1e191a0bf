import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { compile, probe, putNode, windowsPath, type ProbeResult, type ProbeStep } from '../support/windows-probe.ts';
import { OWNER, registerOwner, startHouse } from '../support/house.ts';
import { runProgram } from '../support/windows.ts';
import { clientOf } from '../sync/support/network.ts';

// AnyDesk as Windows sees it: a real registry, real folders, real processes. The program itself is a stand-in that behaves as the recorded
// facts say. Wine's PowerShell does nothing, so that another stand-in answers its question about processes there.
const winePrefix = inject('winePrefix');
const base = mkdtempSync(join(tmpdir(), 'polevik-anydesk-win-'));
const folder = join(base, 'Удалённый доступ');
const STAND_IN = 'AnyDesk stand-in.exe';
const BUNDLE = windowsPath(join(import.meta.dirname, '../../dist/main/polevik.mjs'));
const FILES = 'C:\\Program Files';
const FILES_32 = 'C:\\Program Files (x86)';
const STANDARD = `${FILES_32}\\AnyDesk\\AnyDesk.exe`;
const OWN = `${FILES_32}\\AnyDesk-ad_1234abcd\\AnyDesk-ad_1234abcd.exe`;
const MSI = `${FILES}\\AnyDesk-mine_msi\\AnyDesk-mine_msi.exe`;
const PORTABLE = 'C:\\Инструменты и всё\\AnyDesk.exe';
const READ = { address: '912345678', alias: 'kassa@ad', online: 'online', version: null };

const installerFolder = (name: string, behaviour: string, sha?: string): string => {
  const place = join(folder, name);
  mkdirSync(place);
  copyFileSync(join(folder, STAND_IN), join(place, 'AnyDesk.exe'));
  writeFileSync(join(place, 'behaviour.txt'), behaviour);
  if (sha !== '') writeFileSync(join(place, 'AnyDesk.exe.sha256'), `${sha ?? createHash('sha256').update(readFileSync(join(folder, STAND_IN))).digest('hex')}  AnyDesk.exe\r\n`);
  return windowsPath(place);
};
const asked = (name: string, behaviour: string, more: Partial<ProbeStep> = {}): ProbeStep => ({ name, files: [STANDARD], behaviour, read: true, ...more });

let results: Map<string, ProbeResult>;
const resultOf = (name: string): Omit<ProbeResult, 'name'> => {
  const { name: _name, ...result } = results.get(name) ?? { name, error: 'not run' };
  return result;
};

beforeAll(async () => {
  mkdirSync(folder);
  compile('anydesk', join(folder, STAND_IN));
  if (winePrefix) compile('processes', join(winePrefix, 'drive_c/windows/system32/WindowsPowerShell/v1.0/powershell.exe'));
  putNode(folder);
  const steps: ProbeStep[] = [
    { name: 'nothing' },
    { name: 'standard', files: [STANDARD], keys: [{ hive: 'HKLM', view: 32, name: 'AnyDesk', values: { DisplayName: 'AnyDesk', DisplayIcon: `"${STANDARD}",0` } }] },
    { name: 'own build', files: [OWN], keys: [{ hive: 'HKLM', view: 64, name: 'AnyDesk-ad_1234abcd', values: { DisplayName: 'AnyDesk-ad_1234abcd', UninstallString: `"${OWN}" --uninstall` } }] },
    { name: 'msi', files: [MSI], keys: [{ hive: 'HKCU', view: 64, name: '{6F1D5B2C-0000-4242-9999-ABCDEF012345}', values: { DisplayName: 'AnyDesk mine', UninstallString: 'MsiExec.exe /X{6F1D5B2C-0000-4242-9999-ABCDEF012345}', InstallLocation: `${FILES}\\AnyDesk-mine_msi` } }] },
    { name: 'cyrillic', files: [PORTABLE], keys: [{ hive: 'HKCU', view: 32, name: 'AnyDesk', values: { DisplayName: 'AnyDesk', InstallLocation: 'C:\\Инструменты и всё' } }] },
    { name: 'gone', keys: [{ hive: 'HKLM', view: 32, name: 'AnyDesk', values: { DisplayName: 'AnyDesk', InstallLocation: 'C:\\gone' } }] },
    { name: 'another program', files: [`${FILES}\\Other\\AnyDesk.exe`], keys: [{ hive: 'HKLM', view: 64, name: 'Other', values: { DisplayName: 'Not AnyDesk', InstallLocation: `${FILES}\\Other` } }] },
    { name: 'folder', files: [OWN] },
    { name: 'process', files: [PORTABLE], behaviour: 'session 60', running: PORTABLE },
    { name: 'configured', files: [PORTABLE, STANDARD], configured: PORTABLE },
    asked('ready', 'ready'),
    asked('slow', 'slow 2', { patienceMs: 60_000 }),
    asked('zero', 'zero 2', { patienceMs: 60_000 }),
    asked('silent', 'silent'),
    asked('hangs', 'hang', { askMs: 1_500 }),
    asked('words in cp866', 'cp866'),
    asked('megabytes', 'flood'),
    asked('configuration file', 'silent', { texts: { 'C:\\ProgramData\\AnyDesk\\ad_1234abcd\\system.conf': 'ad.anynet.id=987654321\r\nad.anynet.alias=\r\nad.anynet.pwd_hash=0123\r\n' } }),
    { name: 'installs', installer: installerFolder('Установка', 'ready') },
    { name: 'is found after', read: true, patienceMs: 60_000 },
    { name: 'is taken away', installer: installerFolder('Обрыв', 'break') },
    { name: 'nothing is left' },
    { name: 'refused rights', installer: installerFolder('Отказ', 'refuse') },
    { name: 'claims', installer: installerFolder('Пустота', 'vanish') },
    { name: 'wrong hash', installer: installerFolder('Подмена', 'ready', '0'.repeat(64)) },
    { name: 'no hash', installer: installerFolder('Без суммы', 'ready', '') },
  ];
  // What was installed is taken away by its own remover before the next attempt.
  const at = steps.findIndex(({ name }) => name === 'is taken away');
  steps.splice(at, 0, { name: 'removes', remove: `${windowsPath(join(folder, 'Установка'))}\\AnyDesk.exe` });
  results = new Map((await probe(folder, steps, { winePrefix })).map((result) => [result.name, result]));
}, 900_000);
afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

describe('detection', () => {
  it.each<[string, ProbeResult['found']]>([
    ['nothing', null],
    ['standard', { file: STANDARD, build: 'standard', foundBy: 'registry' }],
    ['own build', { file: OWN, build: 'AnyDesk-ad_1234abcd', foundBy: 'registry' }],
    ['msi', { file: MSI, build: 'AnyDesk-mine_msi', foundBy: 'registry' }],
    ['cyrillic', { file: PORTABLE, build: 'portable', foundBy: 'registry' }],
    ['gone', null],
    ['another program', null],
    ['folder', { file: OWN, build: 'AnyDesk-ad_1234abcd', foundBy: 'folder' }],
    ['process', { file: PORTABLE, build: 'portable', foundBy: 'process' }],
    ['configured', { file: PORTABLE, build: 'portable', foundBy: 'configured' }],
  ])('%s', (name, found) => {
    expect(resultOf(name)).toEqual({ found });
  });
});

describe('the address', () => {
  it.each<[string, unknown]>([
    ['ready', READ],
    ['slow', READ],
    ['zero', READ],
    ['silent', null],
    ['hangs', null],
    ['words in cp866', null],
    ['megabytes', null],
    ['configuration file', { address: '987654321', alias: null, online: 'unknown', version: null }],
  ])('of a tool that is %s', (name, read) => {
    expect(resultOf(name)).toMatchObject({ found: { file: STANDARD }, read });
  });
});

describe('installation', () => {
  it('uses the silent flags, looks for the program afterwards and can read it', () => {
    const { outcome, calls } = resultOf('installs');
    expect(outcome).toMatchObject({ done: true, installed: { file: STANDARD, foundBy: 'registry' }, signature: 'unchecked' });
    expect(calls).toEqual([`--install|${FILES_32}\\AnyDesk|--start-with-win|--create-shortcuts|--silent`]);
    expect(resultOf('is found after')).toMatchObject({ found: { file: STANDARD }, read: READ });
  });

  it('takes back what an installer left half done', () => {
    const { outcome, calls } = resultOf('is taken away');
    expect(outcome).toEqual({ done: false, why: 'failed', detail: '1', rolled_back: true });
    expect(calls?.at(-1)).toBe('--remove|--silent');
    expect(resultOf('nothing is left')).toEqual({ found: null });
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['refused rights', { done: false, why: 'elevation' }, 1],
    ['claims', { done: false, why: 'not_found_after', rolled_back: true }, 2],
    ['wrong hash', { done: false, why: 'hash_differs' }, 0],
    ['no hash', { done: false, why: 'hash_missing' }, 0],
  ])('%s: says why, and runs nothing that it should not', (name, outcome, runs) => {
    expect(resultOf(name).outcome).toMatchObject(outcome);
    expect(resultOf(name).calls).toHaveLength(runs);
  });
});

describe('polevik.cmd sync-anydesk-id', () => {
  const data = join(folder, 'data folder');
  const place = winePrefix ? join(winePrefix, 'drive_c/Program Files (x86)/AnyDesk') : `${FILES_32}\\AnyDesk`;
  const sync = (...words: string[]) => runProgram(folder, 'polevik.cmd', [BUNDLE, ...words, '--data-dir', 'data folder', '--json', '--patience', '30'], { winePrefix });

  beforeAll(async () => {
    copyFileSync(join(import.meta.dirname, '../../build/polevik.cmd'), join(folder, 'polevik.cmd'));
    putNode(folder, 'Polevik.exe');
    const house = await startHouse({ dataDir: data });
    await clientOf(house.url, (await registerOwner(house.url)).token).clients.create({ name: 'Аптека на углу' });
    await house.close();
  });
  afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

  it('is what the script for a group policy calls; its code is that of the outcome', async () => {
    const drive = winePrefix ? join(winePrefix, 'drive_c') : 'C:\\';
    const places = [join(drive, 'Program Files/Polevik'), join(drive, 'ProgramData/Polevik')] as const;
    for (const one of places) mkdirSync(one);
    try {
      writeFileSync(join(places[0], 'polevik.cmd'), '@echo called with %*\r\n@exit /b 24\r\n');
      copyFileSync(join(import.meta.dirname, '../../resources/tasks/sync-anydesk-id.cmd'), join(folder, 'policy.cmd'));
      const { code } = await runProgram(folder, 'policy.cmd', [], { winePrefix });
      // wine's cmd ends with 1 after whatever batch file was called: there only the words are shown.
      expect(code).toBe(winePrefix ? 1 : 24);
      expect(readFileSync(join(places[1], 'sync-anydesk-id.log'), 'utf8')).toContain('called with sync-anydesk-id 1 --install --hub "https://hub.example:7412" --token-file "C:\\ProgramData\\Polevik\\token"');
    } finally {
      for (const one of places) rmSync(one, { recursive: true, force: true });
    }
  });

  it('writes the address into a real base, and ends with the code of its outcome', async () => {
    rmSync(place, { recursive: true, force: true });
    const missing = await sync('--sync-anydesk-id', '1');
    expect([missing.code, JSON.parse(missing.output)]).toMatchObject([20, { outcome: 'not_installed' }]);
    mkdirSync(place);
    copyFileSync(join(folder, STAND_IN), join(place, 'AnyDesk.exe'));
    writeFileSync(join(place, 'behaviour.txt'), 'zero 1');
    const done = await sync('sync-anydesk-id', '1');
    expect([done.code, JSON.parse(done.output)]).toMatchObject([0, { outcome: 'done', address: '912345678' }]);
    const house = await startHouse({ dataDir: data });
    try {
      const { access_token } = await clientOf(house.url).auth.login({ email: OWNER.email, password: OWNER.password });
      const access = await clientOf(house.url, access_token).remoteAccess.ofClient({ id: 1 });
      expect(access).toMatchObject({ remote_id: '912345678', alias: 'kassa@ad', online: 'online', this_machine: true });
    } finally {
      await house.close();
    }
  });
});
