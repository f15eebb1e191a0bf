import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHouse } from '../support/house.ts';
import { clientOf, joinHub, PASSWORD, signIn, startHub, until } from './support/network.ts';

const ENGINEER = { full_name: 'Иван Петров', email: 'ivan@example.com', role: 'engineer' as const };

/** A way to the hub that stops in the middle of the first large answer, as a cable that is pulled. */
function brittleWay(to: string): Promise<{ address: string; cut: () => void; heal: () => void; close: () => void }> {
  const [host, port] = to.split(':');
  let broken = true;
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(Number(port), host);
    let passed = 0;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => [near, far].forEach((one) => one.destroy()));
    }
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (!broken || passed < 150_000) near.write(chunk);
    });
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
        cut: () => (broken = true),
        heal: () => (broken = false),
        close: () => {
          for (const socket of sockets) socket.destroy();
          server.close();
        },
      }),
    ),
  );
}

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
  await hub.client.users.create(ENGINEER);
  const client = await hub.client.clients.create({ name: 'ООО «Снимок»' });
  // What no packing makes small: the way is to end in the middle of it.
  for (let note = 0; note < 100; note++) await hub.client.notes.create({ client_id: client.id, content: randomBytes(3_000).toString('base64') });
});
afterAll(() => hub.close());

it('a joining that breaks off in the middle can be stopped, and goes on with the code that is already spent', async () => {
  const way = await brittleWay(hub.address);
  const house = await startHouse();
  const client = clientOf(house.url);
  try {
    const { code } = await hub.client.sync.createCode({ user_id: ENGINEER.email });
    const ending = new AbortController();
    const first = client.sync.join({ hub: way.address, code, password: PASSWORD }, { signal: ending.signal }).catch((error: unknown) => error);
    await until('the copy is under way', async () => (await client.sync.joining()).stage === 'receiving');
    expect(await client.sync.joining()).toMatchObject({ stage: 'receiving', resumable: true });
    ending.abort();
    expect(await first).toBeInstanceOf(Error);
    await until('it has stopped', async () => (await client.sync.joining()).stage === 'failed');
    expect(house.core.house.auth.firstRun()).toBe(true);
    way.heal();
    const joined = await client.sync.join({ hub: way.address, code, password: PASSWORD });
    expect(joined.member.email).toBe(ENGINEER.email);
    const { client: ivan } = await signIn(house, ENGINEER.email);
    expect((await ivan.clients.list({})).items.map((one) => one.name)).toEqual(['ООО «Снимок»']);
    expect(await ivan.sync.joining()).toMatchObject({ stage: 'done', resumable: false });
    expect((await hub.client.sync.devices()).items).toHaveLength(1);
  } finally {
    await house.close();
    way.close();
  }
});

it('taking the copy anew can be stopped for good, though something is waiting to be exchanged behind it', async () => {
  const way = await brittleWay(hub.address);
  way.heal();
  const owner = (await hub.client.auth.me()).user;
  const laptop = await joinHub({ client: hub.client, address: way.address }, owner.email);
  const { client, house, organizationId } = laptop;
  try {
    house.core.house.sync.startAgents();
    await until('the copy is connected', async () => (await client.sync.status()).state === 'synchronised');
    way.cut();
    const ending = new AbortController();
    const taking = client.sync.takeAnew(undefined, { signal: ending.signal }).catch((error: unknown) => error);
    await until('the copy is under way', async () => (await client.sync.status()).receiving !== null);
    await client.clients.create({ name: 'ООО «Следом»' });
    ending.abort();
    expect(await taking).toBeInstanceOf(Error);
    way.heal();
    await until('what was written meanwhile is at the hub', async () => (await hub.client.clients.list({})).items.some((one) => one.name === 'ООО «Следом»'));
    expect(await client.sync.status()).toMatchObject({ receiving: null });
    expect(existsSync(`${house.core.house.organizations.open(organizationId).file}.before`)).toBe(false);
  } finally {
    await laptop.close();
    way.close();
  }
});
