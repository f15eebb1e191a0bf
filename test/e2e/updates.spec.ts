import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeys, publishNsis } from '../updates/support/release.ts';
import { expect, signIn, test } from './fixtures.ts';

test('says in a browser that only the installed program updates itself', async ({ desk }) => {
  await desk.getByRole('link', { name: 'Настройки' }).click();
  await desk.getByRole('link', { name: 'Обновления' }).click();
  await expect(desk.getByRole('heading', { name: 'Обновления', level: 1 })).toBeVisible();
  await expect(desk.getByText('не знает ключа издателя, поэтому не обновляется сама')).toBeVisible();
  await expect(desk.getByRole('button', { name: 'Проверить сейчас' })).toHaveCount(0);
});

test('takes a folder of updates, shows what is handed out and why something is not', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'polevik-updates-'));
  const keys = makeKeys(folder);
  const good = join(folder, 'good');
  const strange = join(folder, 'strange');
  await publishNsis(good, '9.0.1', { keys, percent: 25 });
  await publishNsis(strange, '9.0.1', { keys: makeKeys(folder, 'stranger') });
  const bundle = join(import.meta.dirname, '../../dist/main/polevik.mjs');
  const child: ChildProcess = spawn(process.execPath, [bundle, 'serve', '--json', '--demo', '--port', '0', '--data-dir', join(folder, 'data')], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, POLEVIK_UPDATE_KEY: keys.publicKey } });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (piece: Buffer) => resolve((JSON.parse(piece.toString().split('\n')[0] ?? '') as { url: string }).url));
      child.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
    });
    await signIn(page, url);
    await page.goto(`${url}/settings/updates`);
    const served = page.getByRole('region', { name: 'Раздача обновлений' });
    await served.getByLabel('Папка').fill(strange);
    await served.getByRole('button', { name: 'Сохранить' }).click();
    await expect(served.getByText('Подписано не ключом издателя.')).toBeVisible();
    await served.getByLabel('Папка').fill(good);
    await served.getByRole('button', { name: 'Сохранить' }).click();
    await expect(served.getByRole('row', { name: /latest\.yml 9\.0\.1 25 %/ })).toBeVisible();
    await expect(served.getByText('К этому узлу ещё никто не подключён.')).toBeVisible();
    await served.getByLabel('Папка').fill('updates');
    await served.getByRole('button', { name: 'Сохранить' }).click();
    await expect(page.getByText('Укажите полный путь к папке.')).toBeVisible();
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
});
