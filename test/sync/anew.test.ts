import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinHub, startHub, stateHash, until, type Station } from './support/network.ts';

const ENGINEER = { full_name: 'Иван Петров', email: 'ivan@example.com', role: 'engineer' as const };

let hub: Awaited<ReturnType<typeof startHub>>;
let laptop: Station;
beforeAll(async () => {
  hub = await startHub();
  await hub.client.users.create(ENGINEER);
  await hub.client.clients.create({ name: 'ООО «Ромашка»', comment: 'Вход со двора' });
  laptop = await joinHub(hub, ENGINEER.email);
});
afterAll(async () => {
  await laptop.house.close();
  await hub.house.close();
});

/** As a disk does that gives back other bytes than were put there. */
const spoil = (): void => {
  const db = new Database(laptop.house.core.house.organizations.open(laptop.organizationId).file);
  db.prepare("UPDATE clients SET comment = 'не то' WHERE name = 'ООО «Ромашка»'").run();
  db.close();
};

it('a copy whose rows differ says so, and is taken anew from the hub with what waits in it', async () => {
  const { client } = laptop;
  expect(await client.sync.now()).toMatchObject({ synchronised: true, diverged: false, receiving: null });
  spoil();
  await hub.client.clients.create({ name: 'ООО «Лютик»' });
  await until('the copy knows that it differs', async () => (await client.sync.now()).diverged);
  expect(await client.sync.status()).toMatchObject({ state: 'attention', waiting: 0 });

  await client.sync.offline({ offline: true });
  await expect(client.sync.takeAnew()).rejects.toMatchObject({ code: 'CONFLICT', data: { detail: 'sync_working_offline' } });
  const written = await client.clients.create({ name: 'ООО «Написано без сети»' });
  await client.sync.offline({ offline: false });

  const followed: unknown[] = [];
  const ended = (async () => {
    for await (const event of await client.events.subscribe()) followed.push(event);
  })();
  await client.sync.takeAnew();
  // Whoever follows the copy hears that it has gone, and asks the new one.
  await ended;
  await until('both agree', async () => (await client.sync.now()).synchronised && stateHash(laptop) === stateHash(hub));
  expect(await client.sync.status()).toMatchObject({ diverged: false, waiting: 0, receiving: null });
  const names = (await hub.client.clients.list({ sort: 'no' })).items.map(({ no, name, comment }) => [no, name, comment]);
  expect(names).toEqual([[1, 'ООО «Ромашка»', 'Вход со двора'], [2, 'ООО «Лютик»', null], [3, 'ООО «Написано без сети»', null]]);
  expect((await client.clients.get({ id: written.id })).no).toBe(3);
});

it('so is one that is connected all the time, and stays connected', async () => {
  const { client } = laptop;
  laptop.house.core.house.sync.startAgents();
  await until('the copy is connected', async () => (await client.sync.status()).state === 'synchronised');
  spoil();
  await hub.client.clients.create({ name: 'ООО «Подснежник»' });
  await until('the copy knows that it differs', async () => (await client.sync.status()).diverged);
  await client.sync.takeAnew();
  await until('both agree', async () => (await client.sync.status()).state === 'synchronised' && stateHash(laptop) === stateHash(hub));
  await hub.client.clients.create({ name: 'ООО «После»' });
  await until('what comes later arrives by itself', async () => (await client.clients.list({})).items.some((one) => one.name === 'ООО «После»'));
});
