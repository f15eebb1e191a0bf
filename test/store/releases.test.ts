import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDb } from '../../src-main/store/sqlite.ts';
import { clientOf } from '../sync/support/network.ts';
import { startHouse } from '../support/house.ts';

const RELEASES = join(import.meta.dirname, '../fixtures/releases');
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'polevik-release-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe.each(readdirSync(RELEASES))('the data folder of release %s', (version) => {
  const unpack = (name: string): Buffer => gunzipSync(readFileSync(join(RELEASES, version, `${name}.sqlite.gz`)));
  beforeEach(() => {
    mkdirSync(join(dataDir, 'organizations'));
    const probe = join(dataDir, 'probe.sqlite');
    writeFileSync(probe, unpack('organization'));
    const db = openDb(probe);
    const id = db.get<{ id: string }>('SELECT id FROM organization')?.id ?? '';
    db.close();
    for (const ending of ['', '-wal', '-shm']) rmSync(probe + ending, { force: true });
    writeFileSync(join(dataDir, 'organizations', `${id}.sqlite`), unpack('organization'));
    writeFileSync(join(dataDir, 'directory.sqlite'), unpack('directory'));
  });

  it('opens, lets its owner in, and is whole: rows, history, search, chain of the log', async () => {
    const house = await startHouse({ dataDir });
    try {
      const { access_token } = await clientOf(house.url).auth.login({ email: 'owner@example.ru', password: 'длинный пароль 12' });
      const client = clientOf(house.url, access_token);
      const [company] = (await client.companies.list({ limit: 1 })).items;
      expect(company).toMatchObject({ name: expect.any(String), created_by: expect.any(String) });
      expect((await client.audit.row({ entity: 'companies', id: company?.id ?? '', limit: 5 })).items[0]).toMatchObject({ action: 'create', origin: 'import' });
      expect(await client.system.doctor()).toMatchObject({ ok: true });
      expect((await client.sync.share({ on: true })).on).toBe(true);
      expect((await client.clients.create({ name: 'ООО «После обновления»' })).no).toEqual(expect.any(Number));
    } finally {
      await house.close();
    }
  });
});
