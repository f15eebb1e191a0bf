import type { Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { runShell, startShell, type RunningShell } from '../support/shell.ts';

// The built shell, the built core, the real preload script and the real page in a real Chromium; only Electron itself is stood in for.
const ROOT = join(import.meta.dirname, '../..');
const PERSON = { email: 'anna@example.com', password: 'Ключ-от-серверной-7' };
const folder = mkdtempSync(join(tmpdir(), 'polevik-window-'));
const dataDir = join(folder, 'data');
const appData = join(folder, 'system');
let shell: RunningShell;
let page: Page;

const field = (name: string) => page.locator(`[data-field="${name}"] input, [data-field="${name}"] textarea`).first();

beforeAll(async () => {
  ensureBuilt();
  const admin = { ADMIN_EMAIL: PERSON.email, ADMIN_PASSWORD: PERSON.password, ADMIN_NAME: 'Анна Волкова', ADMIN_ORGANIZATION: 'Сервис-Юг', CREATE_ADMIN_ON_STARTUP: 'true' };
  execFileSync(process.execPath, [join(ROOT, 'dist/main/polevik.mjs'), 'init-db', '--data-dir', dataDir], { env: { ...process.env, ...admin } });
  shell = await startShell({ args: ['--data-dir', dataDir], appData });
  page = await shell.page();
}, 240_000);

afterAll(async () => {
  await shell?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('locks the window as the checklist of Electron asks', async () => {
  const [window] = await shell.recorded('BrowserWindow');
  expect(window?.['webPreferences']).toMatchObject({
    preload: join(ROOT, 'dist/shell/preload.cjs'),
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    spellcheck: false,
  });
  expect(window?.['webPreferences']).not.toHaveProperty('enableBlinkFeatures');
  expect(await shell.recorded('app.enableSandbox')).toEqual([expect.objectContaining({ ready: false })]);
  expect(await shell.recorded('session.setSpellCheckerEnabled')).toEqual([expect.objectContaining({ enabled: false })]);
});

it('registers its own scheme before the program is ready, and only its own', async () => {
  expect(await shell.recorded('protocol.registerSchemesAsPrivileged')).toEqual([expect.objectContaining({ ready: false, list: [{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }] })]);
  expect(await shell.recorded('protocol.handle')).toEqual([expect.objectContaining({ scheme: 'app' })]);
  expect((await shell.recorded('app.setPath')).every((entry) => entry['ready'] === false)).toBe(true);
});

it('listens to three messages and no more', async () => {
  const listening = [...(await shell.recorded('ipcMain.on')), ...(await shell.recorded('ipcMain.handle'))].map((entry) => entry['channel']);
  expect(listening.sort()).toEqual(['polevik:secret-get', 'polevik:secret-set', 'polevik:want-port']);
});

it('shows the page nothing of Node, of Electron or of the preload script', async () => {
  const seen = await page.evaluate(() => {
    const world = window as unknown as Record<string, unknown>;
    const bridge = world['polevik'] as { secrets: object };
    return { names: ['require', 'process', 'module', 'ipcRenderer', 'electron', 'Buffer', 'global'].filter((name) => name in world), bridge: Object.keys(bridge), secrets: Object.keys(bridge.secrets) };
  });
  expect(seen).toEqual({ names: [], bridge: ['platform', 'version', 'secrets'], secrets: ['get', 'set'] });
});

it('serves every file with a strict policy, and the page works under it', async () => {
  await expect.poll(async () => (await shell.recorded('served')).length, { timeout: 60_000 }).toBeGreaterThan(2);
  const served = await shell.recorded('served');
  for (const { headers } of served) expect((headers as Record<string, string>)['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
  expect(await page.evaluate(() => new Promise((resolve) => {
    const script = Object.assign(document.createElement('script'), { textContent: 'window.intruder = true' });
    document.body.append(script);
    setTimeout(() => resolve('intruder' in window), 50);
  }))).toBe(false);
});

it('refuses permissions, devices and every request that leaves the machine', async () => {
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem', 'hid', 'usb', 'unknown']) {
    expect(await shell.ask({ ask: 'permission', permission, url: 'app://polevik/desk' }), permission).toEqual({ request: false, check: false, device: false });
  }
  expect(await shell.ask({ ask: 'permission', permission: 'clipboard-sanitized-write', url: 'app://polevik/desk' })).toEqual({ request: true, check: true, device: false });
  expect(await shell.ask({ ask: 'permission', permission: 'clipboard-sanitized-write', url: 'https://example.com/' })).toMatchObject({ request: false, check: false });
  for (const url of ['https://example.com/', 'http://127.0.0.1:7411/', 'ws://localhost/', 'file:///etc/passwd', 'ftp://host/']) expect(await shell.ask({ ask: 'refused', url }), url).toBe(true);
  for (const url of ['app://polevik/desk', 'blob:app://polevik/1', 'data:image/png;base64,']) expect(await shell.ask({ ask: 'refused', url }), url).toBe(false);
});

it('stays on its own pages; the web, mail and telephones go to the system', async () => {
  for (const url of ['https://example.com/help', 'mailto:anna@example.com', 'tel:+79991234567', 'file:///etc/passwd', 'javascript:alert(1)', 'http://example.com/', 'app://elsewhere/']) expect(await shell.ask({ ask: 'navigate', url }), url).toBe(true);
  expect((await shell.recorded('shell.openExternal')).map((entry) => entry['url'])).toEqual(['https://example.com/help', 'mailto:anna@example.com', 'tel:+79991234567']);
  expect(await shell.ask({ ask: 'navigate', url: 'app://polevik/shell/quit' })).toBe(true);
  expect(shell.process.exitCode).toBeNull();
});

it('signs in, makes a client and a ticket for it', async () => {
  await page.locator('input[name="email"]').fill(PERSON.email);
  await page.locator('input[name="password"]').fill(PERSON.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/desk/);
  await page.locator('nav').first().waitFor();

  await page.keyboard.press('n');
  await page.keyboard.press('c');
  await field('name').fill('ООО «Ромашка»');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/clients\/1$/);

  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('n');
  await page.keyboard.press('t');
  await field('client_id').fill('ромаш');
  await page.getByRole('option', { name: /Ромашка/ }).first().click();
  await field('subject').fill('Не печатает принтер на складе');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/tickets\/1$/);
  await page.getByText('Не печатает принтер на складе').first().waitFor();
});

it('keeps the session sealed by the system, never in the open', () => {
  const [profile] = readdirSync(join(appData, 'Polevik'));
  const kept = readFileSync(join(appData, 'Polevik', profile ?? '', 'secrets.json'), 'utf8');
  const sealed = (JSON.parse(kept) as { refresh: string }).refresh;
  expect(Buffer.from(sealed, 'base64').toString()).toMatch(/^sealed:/);
});

it('comes back by itself when the core dies, says so, and has lost nothing', async () => {
  await shell.ask({ ask: 'crash-core' });
  await expect.poll(async () => (await shell.recorded('dialog.showMessageBox')).length, { timeout: 20_000 }).toBe(1);
  expect(await shell.recorded('dialog.showMessageBox')).toEqual([expect.objectContaining({ options: expect.objectContaining({ title: 'Полевик запущен снова' }) as unknown })]);
  await page.getByText('Не печатает принтер на складе').first().waitFor();
  expect(await shell.recorded('utilityProcess.fork')).toHaveLength(2);
});

it('opens a card in a window of its own, with the same narrow rights', async () => {
  await page.evaluate(() => window.open('/tickets/1', '_blank', 'noopener'));
  await expect.poll(async () => (await shell.recorded('BrowserWindow')).length).toBe(2);
  const [first, second] = await shell.recorded('BrowserWindow');
  expect(second?.['webPreferences']).toEqual(first?.['webPreferences']);
  await expect.poll(() => shell.pages().filter((other) => other.url().endsWith('/tickets/1')).length).toBe(2);
  await page.evaluate(() => window.open('https://example.com/new', '_blank', 'noopener'));
  await expect.poll(async () => (await shell.recorded('shell.openExternal')).map((entry) => entry['url'])).toContain('https://example.com/new');
  expect(await shell.recorded('BrowserWindow')).toHaveLength(2);
});

it('brings the first window up when it is started again, at the link that was followed', async () => {
  const again = await runShell({ args: ['--data-dir', dataDir, 'polevik://clients/1'], appData, env: { STAND_IN_SECOND: '1' } });
  expect(again.code).toBe(0);
  await expect.poll(() => shell.pages().some((other) => other.url().endsWith('/clients/1'))).toBe(true);
  await runShell({ args: ['--data-dir', dataDir, 'polevik://shell/quit'], appData, env: { STAND_IN_SECOND: '1' } });
  expect(shell.process.exitCode).toBeNull();
});

it('ends in order: the core gives the data folder back', async () => {
  expect(await shell.stop()).toBe(0);
  const doctor = execFileSync(process.execPath, [join(ROOT, 'dist/main/polevik.mjs'), 'doctor', '--data-dir', dataDir, '--json'], { encoding: 'utf8' });
  expect(JSON.parse(doctor)).toMatchObject({ ok: true });
});
