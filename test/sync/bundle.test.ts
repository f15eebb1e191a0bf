import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../src-shared/kernel/errors.ts';
import { joinHub, startHub, stateHash, until, type Station } from './support/network.ts';

const ANNA = { full_name: 'Анна', email: 'coordinator@example.com', role: 'coordinator' as const };
const IVAN = { full_name: 'Иван', email: 'ivan@example.com', role: 'engineer' as const };
let hub: Awaited<ReturnType<typeof startHub>>;
let anna: Station;
let ivan: Station;

const clientNames = async ({ client }: Station): Promise<string[]> => (await client.clients.list({ limit: 100 })).items.map((one) => one.name).sort();
const bundleOf = async ({ client }: Station, since?: number): Promise<File> => client.sync.exportBundle(since === undefined ? {} : { since });
const refusal = async (work: Promise<unknown>): Promise<{ code: string; detail: string | undefined; params?: unknown }> => {
  try {
    await work;
  } catch (error) {
    const { code, data } = error as AppError;
    return { code, detail: data.detail, ...(data.params ? { params: data.params } : {}) };
  }
  throw new Error('it was not refused');
};
/** The bundle with its text changed, packed again. */
const altered = async (file: File, change: (text: string) => string): Promise<File> => new File([gzipSync(change(gunzipSync(Buffer.from(await file.arrayBuffer())).toString('utf8')))], file.name);

beforeAll(async () => {
  hub = await startHub();
  await hub.client.users.create(ANNA);
  await hub.client.users.create(IVAN);
  anna = await joinHub(hub, ANNA.email);
  ivan = await joinHub(hub, IVAN.email);
});
beforeEach(async () => {
  for (const station of [anna, ivan]) {
    await station.client.sync.offline({ offline: false });
    await station.client.sync.now();
  }
});
afterAll(async () => {
  for (const station of [anna, ivan, hub]) await station.close();
});
const cutOff = async (): Promise<void> => {
  for (const station of [anna, ivan]) await station.client.sync.offline({ offline: true });
};

describe('two copies without a hub in reach', () => {
  it('hand each other what they wrote; the hub gets the same history from whoever comes first', async () => {
    await cutOff();
    const made = await anna.client.clients.create({ name: 'ООО «Без связи»' });
    const taken = await ivan.client.sync.importBundle({ file: await bundleOf(anna) });
    expect(taken).toMatchObject({ applied: 1, left: 0, returned: 0 });
    const ticket = await ivan.client.tickets.create({ client_id: made.id, subject: 'Нет сети' });
    expect(await anna.client.sync.importBundle({ file: await bundleOf(ivan) })).toMatchObject({ applied: 1, known: 1 });
    expect((await anna.client.tickets.get({ id: ticket.id })).subject).toBe('Нет сети');

    // Ivan comes home first, and brings Anna's client with his ticket.
    await ivan.client.sync.offline({ offline: false });
    await ivan.client.sync.now();
    expect(await clientNames(hub)).toContain('ООО «Без связи»');
    expect((await hub.client.tickets.get({ id: ticket.id })).client_id).toBe(made.id);
    const written = (await hub.client.audit.row({ entity: 'clients', id: made.id })).items;
    expect(written.map((entry) => entry.actor_name)).toContain(ANNA.full_name);

    await anna.client.sync.offline({ offline: false });
    await anna.client.sync.now();
    await ivan.client.sync.now();
    await until('all three say the same', async () => stateHash(anna) === stateHash(hub) && stateHash(ivan) === stateHash(hub));
    expect((await anna.client.sync.status()).waiting).toBe(0);
  });

  it('pass on what the other one has read of the common log', async () => {
    await ivan.client.sync.offline({ offline: true });
    await hub.client.clients.create({ name: 'Пока Иван был в поле' });
    await anna.client.sync.now();
    await anna.client.sync.offline({ offline: true });
    await anna.client.clients.create({ name: 'И ещё один' });
    const taken = await ivan.client.sync.importBundle({ file: await bundleOf(anna) });
    expect(taken).toMatchObject({ applied: 1, left: 0 });
    expect(taken.read).toBeGreaterThan(0);
    expect(await clientNames(ivan)).toEqual(await clientNames(anna));
  });

  it('carry to the hub what a device could not send itself, and from the hub what it could not fetch', async () => {
    await cutOff();
    await anna.client.clients.create({ name: 'На флешке' });
    expect(await hub.client.sync.importBundle({ file: await bundleOf(anna) })).toMatchObject({ applied: 1, returned: 0 });
    expect(await clientNames(hub)).toContain('На флешке');
    await ivan.client.sync.importBundle({ file: await bundleOf(hub) });
    expect(await clientNames(ivan)).toEqual(await clientNames(hub));
    await anna.client.sync.importBundle({ file: await bundleOf(hub) });
    expect((await anna.client.sync.status()).waiting).toBe(0);
  });
});

describe('a bundle is refused whole', () => {
  it('when a letter of it was changed, with or without a new checksum', async () => {
    await cutOff();
    await anna.client.clients.create({ name: 'Честное имя' });
    const file = await bundleOf(anna);
    expect(await refusal(ivan.client.sync.importBundle({ file: await altered(file, (text) => text.replace('Честное имя', 'Чужое имя')) }))).toMatchObject({ code: 'BAD_REQUEST', detail: 'sync_tampered' });
    expect(await refusal(ivan.client.sync.importBundle({ file: await altered(file, (text) => text.replace('polevik-bundle', 'polevik-bundle ')) }))).toMatchObject({ detail: 'sync_bundle_unreadable' });
    expect(await refusal(ivan.client.sync.importBundle({ file: await altered(file, (text) => text.replace(/made_at\\":\\"2/, 'made_at\\":\\"3')) }))).toMatchObject({ code: 'FORBIDDEN', detail: 'sync_bundle_foreign' });
    expect(await refusal(ivan.client.sync.importBundle({ file: new File(['просто текст'], 'письмо.txt') }))).toMatchObject({ detail: 'sync_bundle_unreadable' });
    expect(await clientNames(ivan)).not.toContain('Чужое имя');
  });

  it('when it comes a second time, or back to where it was written', async () => {
    await cutOff();
    await anna.client.clients.create({ name: 'Дважды' });
    const file = await bundleOf(anna);
    await ivan.client.sync.importBundle({ file });
    expect(await refusal(ivan.client.sync.importBundle({ file }))).toMatchObject({ code: 'CONFLICT', detail: 'sync_bundle_known' });
    expect(await refusal(anna.client.sync.importBundle({ file }))).toMatchObject({ code: 'CONFLICT', detail: 'sync_bundle_own' });
  });

  it('when another organisation’s hub vouches for it', async () => {
    const stranger = await startHub();
    try {
      await stranger.client.clients.create({ name: 'Чужая организация' });
      expect(await refusal(ivan.client.sync.importBundle({ file: await bundleOf(stranger) }))).toMatchObject({ code: 'FORBIDDEN', detail: 'sync_other_organization' });
    } finally {
      await stranger.close();
    }
  });

  it('when it does not reach back to where this copy stands', async () => {
    await ivan.client.sync.offline({ offline: true });
    for (const name of ['первый', 'второй']) await hub.client.clients.create({ name });
    const { cursor } = await ivan.client.sync.status();
    expect(await refusal(ivan.client.sync.importBundle({ file: await bundleOf(hub, cursor + 1) }))).toMatchObject({ code: 'CONFLICT', detail: 'sync_bundle_gap', params: { cursor } });
    expect(await ivan.client.sync.importBundle({ file: await bundleOf(hub, cursor) })).toMatchObject({ read: 2 });
  });

  it('when its log is not the one that this copy has read so far', async () => {
    await ivan.client.sync.offline({ offline: true });
    await hub.client.clients.create({ name: 'После другого прошлого' });
    const { cursor } = await ivan.client.sync.status();
    const file = await bundleOf(hub, cursor);
    const store = ivan.house.core.house.organizations.open(ivan.organizationId);
    // As it is after the hub was put back without anybody's notice: the same place, another change in it.
    const stands = store.read.get<{ hash: Buffer }>('SELECT hash FROM changesets WHERE position = ?', cursor)?.hash as Buffer;
    const put = (hash: Buffer): void => void store.exchange((db) => db.run('UPDATE changesets SET hash = ? WHERE position = ?', hash, cursor));
    put(Buffer.alloc(32));
    expect(await refusal(ivan.client.sync.importBundle({ file }))).toMatchObject({ code: 'CONFLICT', detail: 'sync_bundle_other_life' });
    put(stands);
    expect(await ivan.client.sync.importBundle({ file })).toMatchObject({ read: 1 });
  });
});

it('a colleague’s changes are judged under his role, also without the hub', async () => {
  await cutOff();
  const before = await clientNames(anna);
  const { sync, organizations } = ivan.house.core.house;
  const store = organizations.open(ivan.organizationId);
  const owner = (await hub.client.auth.me()).user;
  // Ivan's program was tampered with: it writes in the owner's name.
  store.mutate({ actor: { user_id: owner.id, organization_id: ivan.organizationId, role: 'owner', full_name: 'Ольга', branch_id: null, language: 'ru' }, origin: 'window' }, (tx) => tx.insert('clients', { name: 'Чужим именем', kind: 'organization' }));
  expect(await refusal(anna.client.sync.importBundle({ file: new File([new Uint8Array((await sync.bundles.write(ivan.organizationId)).bytes)], 'b') }))).toMatchObject({ code: 'FORBIDDEN', detail: 'sync_bundle_foreign' });
  expect(await clientNames(anna)).toEqual(before);
});
