import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSecrets } from '../../src-main/shell/secrets.ts';

const keyStore = vi.hoisted(() => ({ backend: 'gnome_libsecret' }));
vi.mock('electron', () => ({
  safeStorage: {
    isAsyncEncryptionAvailable: async () => true,
    getSelectedStorageBackend: () => keyStore.backend,
    encryptStringAsync: async (text: string) => Buffer.from(`sealed:${text}`),
    decryptStringAsync: async (sealed: Buffer) => {
      if (!sealed.toString().startsWith('sealed:')) throw new Error('another key');
      return { result: sealed.toString().slice('sealed:'.length), shouldReEncrypt: false };
    },
  },
}));

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-secrets-'));
  file = join(folder, 'secrets.json');
  keyStore.backend = 'gnome_libsecret';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps a secret over a restart, sealed, and forgets it', async () => {
  await createSecrets(file).set('refresh', 'слово');
  expect(readFileSync(file, 'utf8')).not.toContain('слово');
  const again = createSecrets(file);
  expect(await again.get('refresh')).toBe('слово');
  await again.set('refresh', null);
  expect(await again.get('refresh')).toBeNull();
});

it('loses none of two that are kept at once', async () => {
  const secrets = createSecrets(file);
  await Promise.all([secrets.set('one', '1'), secrets.set('two', '2'), secrets.set('three', '3')]);
  expect(await Promise.all(['one', 'two', 'three'].map((name) => secrets.get(name)))).toEqual(['1', '2', '3']);
});

it('answers nothing for what it cannot open or does not know', async () => {
  const secrets = createSecrets(file);
  await secrets.set('refresh', 'слово');
  writeFileSync(file, JSON.stringify({ refresh: Buffer.from('чужое').toString('base64') }));
  for (const name of ['refresh', 'none', '__proto__', '../x', 7, null]) expect(await secrets.get(name)).toBeNull();
});

it('refuses names and values that no page of ours sends', async () => {
  const secrets = createSecrets(file);
  for (const [name, value] of [['BAD', 'x'], [7, 'x'], ['refresh', 7], ['refresh', 'x'.repeat(9000)], ['refresh', undefined]]) await expect(secrets.set(name, value)).rejects.toThrow();
});

it('writes nothing where the system keeps its key in the open', async () => {
  if (process.platform === 'linux') keyStore.backend = 'basic_text';
  const secrets = createSecrets(file);
  await secrets.set('refresh', 'слово');
  expect(await secrets.get('refresh')).toBe('слово');
  expect(existsSync(file)).toBe(process.platform !== 'linux');
});
