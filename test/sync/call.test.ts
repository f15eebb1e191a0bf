import { Agent, createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, createServer as createNetServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { call, measureWay } from '../../src-main/sync/wire/call.ts';
import { joinHub, startHub, type Station } from './support/network.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const listen = (server: Server | NetServer): Promise<number> => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

describe('requests over a connection that is kept', () => {
  /** A server that gives up its first connection when something is asked over it for the second time. */
  async function forgetful(): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const seen = new WeakSet<Socket>();
    let given = false;
    const server = createServer((request, response) => {
      const { socket } = request;
      if (seen.has(socket) && !given) {
        given = true;
        socket.resetAndDestroy();
        return;
      }
      seen.add(socket);
      void text(request).then((body) => response.end(String(asked.push(body))));
    });
    closing.push(() => server.close(), () => server.closeAllConnections());
    return { url: `http://127.0.0.1:${await listen(server)}/`, asked };
  }
  const asking = (url: string, agent: Agent, body: string): Promise<IncomingMessage> => call(url, { options: { method: 'POST', agent, headers: { 'content-length': String(body.length) } }, body: Buffer.from(body), isSmall: true, way: measureWay() });

  it('ask again where the other side had just given it up', async () => {
    const { url, asked } = await forgetful();
    const agent = new Agent({ keepAlive: true });
    closing.push(() => agent.destroy());
    expect(await text(await asking(url, agent, 'one'))).toBe('1');
    expect(await text(await asking(url, agent, 'two'))).toBe('2');
    expect(asked).toEqual(['one', 'two']);
  });

  it('fail where a new one is refused', async () => {
    const { url } = await forgetful();
    const agent = new Agent();
    await expect(asking(url.replace(/:\d+/, ':9'), agent, 'one')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

it.each([
  { what: 'a hub in the same room', took: { connection: [40, 1], answer: [300, 12] }, near: true },
  { what: 'a hub far away', took: { connection: [31], answer: [64, 66] }, near: false },
  { what: 'a tunnel to a hub far away', took: { connection: [0.3], answer: [64] }, near: false },
  { what: 'nothing asked yet', took: { connection: [0.3], answer: [] }, near: false },
])('$what is near: $near', ({ took, near }) => {
  const way = measureWay();
  for (const ms of took.connection) way.took('connection', ms);
  for (const ms of took.answer) way.took('answer', ms);
  expect(way.isNear()).toBe(near);
});

it('a long exchange keeps to a few connections', async () => {
  const hub = await startHub();
  closing.push(() => hub.close());
  const [host = '', port] = hub.address.split(':');
  let connections = 0;
  const way = createNetServer((near) => {
    connections++;
    const far = connect(Number(port), host);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy()).on('close', () => [near, far].forEach((one) => one.destroy()));
    near.pipe(far).pipe(near);
  });
  closing.push(() => way.close());
  const { user } = await hub.client.auth.me();
  const device: Station = await joinHub({ client: hub.client, address: `127.0.0.1:${await listen(way)}` }, user.email);
  closing.push(() => device.close());
  const store = device.house.core.house.organizations.open(device.organizationId);
  const actor = { user_id: user.id, organization_id: device.organizationId, role: user.role, full_name: user.full_name, branch_id: null, language: user.language };
  for (let index = 0; index < 1_200; index++) store.mutateTogether({ actor, origin: 'window' }, (tx) => tx.insert('clients', { name: `Клиент ${index}`, kind: 'person' }));
  await new Promise((resolve) => setImmediate(resolve));
  connections = 0;
  expect(await device.client.sync.now()).toMatchObject({ waiting: 0 });
  expect(connections).toBeGreaterThan(0);
  expect(connections).toBeLessThanOrEqual(4);
});
