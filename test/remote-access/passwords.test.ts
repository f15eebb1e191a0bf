import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createVault } from '../../src-main/core/vault.ts';
import type { DoorClient } from '../support/doors.ts';
import { registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf } from '../sync/support/network.ts';
import { memoryVault, refusal, standIn } from './support.ts';

const SECRET = 'Тайна-замка-7';
const vault = memoryVault();
let house: RunningHouse;
let client: DoorClient;
let folder: string;
let id: string;
let address: string;

/** Every byte that the program has written, in its data folder and in its log. */
function everythingWritten(): Buffer {
  const files = readdirSync(house.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Buffer.concat([Buffer.from(house.logged()), ...files.map((entry) => readFileSync(join(entry.parentPath, entry.name)))]);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polevik-vault-'));
  house = await startHouse({ vault });
  client = clientOf(house.url, (await registerOwner(house.url)).token);
  id = (await client.clients.create({ name: 'Аптека на углу' })).id;
  address = (await client.remoteAddresses.create({ client_id: id, tool: 'anydesk', address: '222333444' })).id;
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the password of an address', () => {
  it('goes to the vault, from there to the tool’s standard input, and nowhere else', async () => {
    expect((await client.remoteAccess.setPassword({ id: address, password: SECRET })).passwords_here).toEqual([address]);
    expect([...vault.kept.values()]).toEqual([SECRET]);
    vi.stubEnv('POLEVIK_ANYDESK', standIn(folder, `echo "$*" > "${folder}/argv"; env > "${folder}/env"; cat > "${folder}/stdin.new"; mv "${folder}/stdin.new" "${folder}/stdin"`));
    await client.remoteAccess.connect({ address_id: address, with_password: true });
    await vi.waitFor(() => expect(existsSync(`${folder}/stdin`)).toBe(true), { timeout: 20_000 });
    expect(readFileSync(`${folder}/argv`, 'utf8').trim()).toBe('222333444 --with-password');
    expect(readFileSync(`${folder}/stdin`, 'utf8')).toBe(`${SECRET}\n`);
    expect(readFileSync(`${folder}/env`, 'utf8')).not.toContain(SECRET);
    const written = everythingWritten();
    expect(written.length).toBeGreaterThan(10_000);
    for (const form of [SECRET, Buffer.from(SECRET).toString('base64'), encodeURIComponent(SECRET)]) expect(written.includes(form)).toBe(false);
  });

  it('is not sent where it is not asked for, and can be forgotten', async () => {
    vi.stubEnv('POLEVIK_ANYDESK', standIn(folder, `echo "$*" > "${folder}/plain.new"; mv "${folder}/plain.new" "${folder}/plain"`));
    await client.remoteAccess.connect({ address_id: address });
    await vi.waitFor(() => expect(existsSync(`${folder}/plain`)).toBe(true), { timeout: 20_000 });
    expect(readFileSync(`${folder}/plain`, 'utf8').trim()).toBe('222333444');
    expect((await client.remoteAccess.forgetPassword({ id: address })).passwords_here).toEqual([]);
    expect(vault.kept.size).toBe(0);
    expect(await refusal(client.remoteAccess.connect({ address_id: address, with_password: true }))).toMatchObject({ code: 'NOT_FOUND', detail: 'password_missing' });
  });

  it.each([
    ['two lines', 'a\nb', 'password_one_line'],
    ['a NUL', 'a\0b', 'password_one_line'],
    ['nothing', '', 'required'],
  ])('is refused as %s, and nothing is kept', async (_what, password, detail) => {
    expect(await refusal(client.remoteAccess.setPassword({ id: address, password }))).toMatchObject({ code: 'INVALID', field: 'password', detail });
    expect(vault.kept.size).toBe(0);
  });

  it('is not kept for a tool that would show it on its command line', async () => {
    const rustdesk = await client.remoteAddresses.create({ client_id: id, tool: 'rustdesk', address: '555666777' });
    expect(await refusal(client.remoteAccess.setPassword({ id: rustdesk.id, password: SECRET }))).toMatchObject({ code: 'INVALID', detail: 'password_not_for_tool' });
    expect(vault.kept.size).toBe(0);
  });

  it('opens no session where the tool is missing: a link carries none', async () => {
    await client.remoteAccess.setPassword({ id: address, password: SECRET });
    const before = (await client.remoteSessions.list({ client_id: id })).items.length;
    vi.stubEnv('PATH', '/nowhere');
    expect(await refusal(client.remoteAccess.connect({ address_id: address, with_password: true }))).toMatchObject({ code: 'NOT_FOUND', detail: 'password_wants_tool' });
    expect((await client.remoteSessions.list({ client_id: id })).items).toHaveLength(before);
    await client.remoteAccess.forgetPassword({ id: address });
  });
});

it('says where the machine has no vault, and keeps nothing instead', async () => {
  const bare = await startHouse({ vault: memoryVault({ broken: true }) });
  try {
    const caller = clientOf(bare.url, (await registerOwner(bare.url)).token);
    const card = await caller.clients.create({ name: 'Без хранилища' });
    const one = await caller.remoteAddresses.create({ client_id: card.id, tool: 'anydesk', address: '222333444' });
    expect(await refusal(caller.remoteAccess.setPassword({ id: one.id, password: SECRET }))).toMatchObject({ code: 'STORE_UNAVAILABLE', detail: 'vault_unavailable' });
    expect((await caller.remoteAccess.ofClient({ id: card.id })).passwords_here).toEqual([]);
  } finally {
    await bare.close();
  }
});

it('takes the operating system’s own vault, or says that there is none', async () => {
  const own = createVault();
  const name = `test/${process.pid}`;
  const outcome = await own.set(name, SECRET).then(
    async () => {
      const kept = await own.get(name);
      await own.forget(name);
      return { kept, after: await own.get(name) };
    },
    (error: unknown) => error,
  );
  expect(outcome).toEqual(expect.toSatisfy((value: unknown) => JSON.stringify(value) === JSON.stringify({ kept: SECRET, after: null }) || (value as { data?: { detail?: string } }).data?.detail === 'vault_unavailable'));
});
