import { extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runShell } from '../support/shell.ts';

const ROOT = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const folder = mkdtempSync(join(tmpdir(), 'polevik-package-'));
const packed = join(folder, 'out', 'linux-unpacked');
const archive = join(packed, 'resources', 'app.asar');
const app = join(folder, 'app');

/** A folder that packs like Electron's own: an executable with a place for the fuses, all of them set the wrong way round. */
function standInElectron(): string {
  const electron = join(folder, 'electron');
  mkdirSync(electron);
  const { version: electronVersion } = JSON.parse(readFileSync(join(ROOT, 'node_modules/electron/package.json'), 'utf8')) as { version: string };
  writeFileSync(join(electron, 'version'), electronVersion);
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
  writeFileSync(join(electron, 'electron'), Buffer.concat([Buffer.from(`#!/bin/sh\nexit 0\n${sentinel}`), Buffer.from([1, 9]), Buffer.from('111100111')]));
  chmodSync(join(electron, 'electron'), 0o755);
  return electron;
}

// A package is made on the system that it is for; Windows' own is made, installed and walked by its workflow.
describe.runIf(process.platform === 'linux')('the package for Linux', () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'tools/dist.mjs'), '--linux', '--dir', '--output', join(folder, 'out')], { cwd: ROOT, env: { ...process.env, ELECTRON_DIST: standInElectron() }, stdio: ['ignore', 'pipe', 'pipe'] });
    extractAll(archive, app);
  }, 240_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('packs what runs and nothing else', () => {
    const files = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'));
    expect(files).toEqual(expect.arrayContaining(['/dist/main/polevik.mjs', '/dist/shell/main.mjs', '/dist/shell/preload.cjs', '/dist/ui/index.html', '/dist/ui-docs/index.html']));
    expect(files.filter((file) => /\.(ts|tsx|map|cc?|cpp|h|gyp)$|^\/(src-|test|tools|docs)|node-addon-api|\/bin\/node$/.test(file))).toEqual([]);
    const modules = readdirSync(join(app, 'node_modules'));
    expect(modules.sort()).toEqual(['@napi-rs', '@node-rs', 'better-sqlite3']);
  });

  it('keeps one binary of each native package outside the archive, and only binaries', () => {
    const unpacked = readdirSync(`${archive}.unpacked`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(unpacked.map((entry) => entry.name).sort()).toEqual([expect.stringMatching(/^argon2\..*\.node$/), expect.stringMatching(/^keyring\..*\.node$/), expect.stringMatching(/^linux-(x64|arm64)\.node$/)]);
  });

  const [OFF, ON] = ['0', '1'].map((state) => state.charCodeAt(0));

  it('sets every fuse', async () => {
    const wire = await getCurrentFuseWire(join(packed, 'polevik'));
    const off = [FuseV1Options.RunAsNode, FuseV1Options.EnableCookieEncryption, FuseV1Options.EnableNodeOptionsEnvironmentVariable, FuseV1Options.EnableNodeCliInspectArguments, FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, FuseV1Options.GrantFileProtocolExtraPrivileges];
    for (const fuse of off) expect(wire[fuse], FuseV1Options[fuse]).toBe(OFF);
    for (const fuse of [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseV1Options.OnlyLoadAppFromAsar]) expect(wire[fuse], FuseV1Options[fuse]).toBe(ON);
  });

  it('ships the sample files beside the program', () => {
    expect(readdirSync(join(packed, 'resources', 'samples'))).toContain('amocrm-export.csv');
  });

  it('answers on the command line out of the unpacked archive, through the shell and past it', async () => {
    const through = await runShell({ app, args: ['--version'], env: { STAND_IN_PACKAGED: '1' } });
    expect([through.code, through.output.trim()]).toEqual([0, version]);
    const past = spawnSync(process.execPath, [join(app, 'dist/main/polevik.mjs'), '--version'], { encoding: 'utf8' });
    expect([past.status, past.stdout.trim()]).toEqual([0, version]);
  });

  it('founds an organisation and checks it from the unpacked archive, with its own binaries', async () => {
    const env = { STAND_IN_PACKAGED: '1', ADMIN_EMAIL: 'anna@example.com', ADMIN_PASSWORD: 'Ключ-от-серверной-7', ADMIN_NAME: 'Анна Волкова', ADMIN_ORGANIZATION: 'Сервис-Юг', CREATE_ADMIN_ON_STARTUP: 'true' };
    const words = ['--data-dir', join(folder, 'data'), '--json'];
    const made = await runShell({ app, args: ['init-db', ...words], env });
    expect(made.code, made.output).toBe(0);
    const doctor = await runShell({ app, args: ['doctor', ...words], env });
    expect(doctor.code, doctor.output).toBe(0);
    expect(JSON.parse(doctor.output)).toMatchObject({ ok: true });
  });
});
