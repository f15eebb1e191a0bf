import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src-main/core/config.ts';
import { connect, type Client } from '../../src-main/cli/connect.ts';
import { ensureBuilt } from '../support/built.ts';
import { startShell, type RunningShell } from '../support/shell.ts';
import { until } from '../sync/support/network.ts';
import { APPIMAGE, makeAppImage, makeKeys, publishAppImage, signAgain, type Keys } from '../updates/support/release.ts';

const ROOT = join(import.meta.dirname, '../..');
const { version: OLD } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const NEW = '9.0.1';
const OWNER = { ADMIN_EMAIL: 'owner@example.ru', ADMIN_PASSWORD: 'длинный пароль 12', ADMIN_NAME: 'Ольга Хозяйкина', ADMIN_ORGANIZATION: 'Север' };
const folder = mkdtempSync(join(tmpdir(), 'polevik-updating-'));
const at = (...names: string[]): string => join(folder, ...names);
/** What is run in place of the program says so. */
const head = `#!/bin/sh\n[ -n "$APPIMAGE_EXIT_AFTER_INSTALL" ] || echo started > '${at('started')}'\nexit 0\n`;
let keys: Keys;
let hub: ChildProcess;
let shell: RunningShell;
let client: Client;

const env = (): Record<string, string> => ({ PATH: process.env['PATH'] ?? '', POLEVIK_LANGUAGE: 'ru', POLEVIK_LAN_HOST: '127.0.0.1', POLEVIK_UPDATE_KEY: keys.publicKey });
function polevik(words: string[], more: Record<string, string> = {}): { child: ChildProcess; said(pattern: RegExp): Promise<string[]>; ended: Promise<string> } {
  const child = spawn(process.execPath, [join(ROOT, 'dist/main/polevik.mjs'), ...words, '--json'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...env(), ...more } });
  let out = '';
  child.stdout?.on('data', (piece: Buffer) => (out += piece.toString()));
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(out)));
  const said = async (pattern: RegExp): Promise<string[]> => {
    await until(`says ${pattern}`, async () => pattern.test(out));
    return pattern.exec(out) ?? [];
  };
  return { child, said, ended };
}

/** Starts the installed program in its window, and the command line's way to its core. */
async function startProgram(): Promise<void> {
  shell = await startShell({ args: ['--data-dir', at('device')], appData: at('system'), env: { ...env(), STAND_IN_PACKAGED: '1', STAND_IN_RESOURCES: at('resources'), APPIMAGE: at('programs', APPIMAGE(OLD)), XDG_CACHE_HOME: at('cache') } });
  await shell.page();
  await until('the core owns its folder', async () => existsSync(at('device', 'owner.json')));
  ({ client } = await connect(readConfig({ dataDir: at('device') }, {})));
  await until('the core answers', async () => client.updates.state().then(() => true, () => false));
}
const ready = (): Promise<void> => until('the new version waits', async () => (await client.updates.state()).stage === 'ready');

// Linux alone replaces a single file; what Windows does is shown by its workflow.
describe.runIf(process.platform === 'linux')('the installed program under Linux, updated by a hub of its own process over TLS', () => {
  let bytes: Buffer;
  beforeAll(async () => {
    ensureBuilt();
    keys = makeKeys(folder);
    for (const name of ['programs', 'resources']) mkdirSync(at(name));
    writeFileSync(at('resources', 'app-update.yml'), 'provider: generic\nurl: https://polevik.invalid/\nupdaterCacheDirName: polevik-updater\n');
    await makeAppImage(at('programs', APPIMAGE(OLD)), '9.0.0', head);
    bytes = await publishAppImage(at('updates'), NEW, head, { keys, percent: 0 });
    await polevik(['init-db', '--data-dir', at('hub')], OWNER).ended;
    const serving = polevik(['hub', '--data-dir', at('hub'), '--port', '0', '--lan-port', '0', '--updates', at('updates')]);
    hub = serving.child;
    const [, port] = await serving.said(/"urls":\["https:\/\/[^"]+?:(\d+)"/);
    await serving.said(/"versions":\["9\.0\.1"\],"problems":\[\]/);
    const { code } = JSON.parse(await polevik(['pair', '--data-dir', at('hub'), '--for', OWNER.ADMIN_EMAIL]).ended) as { code: string };
    await polevik(['pair', '--data-dir', at('device'), '--code', code, '--hub', `127.0.0.1:${port}`], { POLEVIK_PASSWORD: 'другой пароль 34' }).ended;
    await startProgram();
  }, 240_000);

  afterAll(async () => {
    await shell?.stop();
    hub?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  it('waits for its turn', async () => {
    expect(await client.updates.check()).toMatchObject({ version: OLD, unable: null, stage: 'idle', last_check: { outcome: 'staged', version: NEW } });
  });

  it('fetches the differences in the background once it is its turn', async () => {
    await signAgain(at('updates'), { keys, percent: 100 });
    await until('the hub has seen it', async () => (await client.updates.check()).last_check?.outcome === 'offer');
    await ready();
    const { found, at_quit } = await client.updates.state();
    expect([found?.version, at_quit]).toEqual([NEW, true]);
    expect(found?.received).toBeLessThan(bytes.length / 4);
    expect(readFileSync(at('cache', 'polevik-updater', 'pending', APPIMAGE(NEW))).equals(bytes)).toBe(true);
  });

  it('does not touch itself at its end while a form is unsaved', async () => {
    await client.drafts.save({ key: 'tickets/new', value: { subject: 'Не печатает при' } });
    await expect(client.updates.install({ when: 'now' })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('1 несохранённая форма') as string });
    expect(await shell.stop()).toBe(0);
    expect(readdirSync(at('programs'))).toEqual([APPIMAGE(OLD)]);
    expect(existsSync(at('started'))).toBe(false);
  });

  it('finds on its next start what was fetched, and brings nothing again', async () => {
    await startProgram();
    await client.drafts.remove({ key: 'tickets/new' });
    await client.updates.check();
    await ready();
    expect((await client.updates.state()).found?.received).toBe(0);
  });

  it('goes on as it was where the new version cannot be put in place', async () => {
    // Somebody has taken the program's own file away: it cannot be kept, and so it is not replaced.
    const installed = readFileSync(at('programs', APPIMAGE(OLD)));
    rmSync(at('programs', APPIMAGE(OLD)));
    const owner = readFileSync(at('device', 'owner.json'), 'utf8');
    expect((await client.updates.install({ when: 'now' })).stage).toBe('installing');
    await until('the core owns its folder again', async () => existsSync(at('device', 'owner.json')) && readFileSync(at('device', 'owner.json'), 'utf8') !== owner);
    ({ client } = await connect(readConfig({ dataDir: at('device') }, {})));
    await until('it tells what has happened', async () => client.updates.state().then((state) => state.last_install?.installed === false, () => false));
    expect((await client.updates.state()).last_install?.message).toContain(`продолжает работать в версии ${OLD}`);
    expect(shell.process.exitCode).toBeNull();
    writeFileSync(at('programs', APPIMAGE(OLD)), installed, { mode: 0o755 });
    await client.updates.check();
    await ready();
  });

  it('backs up, replaces itself, and comes back, when the person says so', async () => {
    const before = readdirSync(at('device', 'backups'), { recursive: true }).length;
    const over = new Promise<number | null>((resolve) => shell.process.once('exit', resolve));
    await client.updates.install({ when: 'now' });
    expect(await over).toBe(0);
    await until('the new version was started', async () => existsSync(at('started')));
    expect(readdirSync(at('programs'))).toEqual([APPIMAGE(NEW)]);
    expect(readFileSync(at('programs', APPIMAGE(NEW))).equals(bytes)).toBe(true);
    expect(readdirSync(at('device', 'backups'), { recursive: true }).length).toBeGreaterThan(before);
    expect(JSON.parse(readFileSync(at('device', 'updates.json'), 'utf8'))).toMatchObject({ attempt: { from: OLD, to: NEW } });
    const [profile] = readdirSync(at('system', 'Polevik'));
    expect(readdirSync(at('system', 'Polevik', profile ?? '', 'previous'))).toEqual([`polevik-${OLD}.AppImage`]);
  });
});
