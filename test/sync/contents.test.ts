import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { content, fileOf, refused } from '../attachments/support.ts';
import { joinHub, signIn, startHub, stateHash, type Station } from './support/network.ts';

const ENGINEER = { full_name: 'Иван Петров', email: 'ivan@example.com', role: 'engineer' as const };
const SECOND = { full_name: 'Мария Соколова', email: 'maria@example.com', role: 'engineer' as const };
const MIB = 1024 * 1024;
/** Large files take their time on a machine that does much else. */
const PATIENCE_MS = 180_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never so: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** A line between a device and its hub that counts what goes over it and can be cut. */
interface Line {
  port: number;
  up: number;
  down: number;
  /** Bytes upwards after which everything breaks off once; null for never. */
  cutAfterUp: number | null;
  cutAfterDown: number | null;
  /** Whether new connections are refused. */
  dead: boolean;
  cuts: number;
  close(): Promise<void>;
}

async function startLine(target: number): Promise<Line> {
  const open = new Set<Socket>();
  const line: Line = { port: 0, up: 0, down: 0, cutAfterUp: null, cutAfterDown: null, dead: false, cuts: 0, close: () => Promise.resolve() };
  const cut = (): void => {
    line.cuts += 1;
    for (const socket of open) socket.destroy();
  };
  const server: Server = createServer((near) => {
    if (line.dead) return void near.destroy();
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => {});
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.on('data', (bytes: Buffer) => {
      line.up += bytes.length;
      if (line.cutAfterUp !== null && line.up > line.cutAfterUp) {
        line.cutAfterUp = null;
        return cut();
      }
      far.write(bytes);
    });
    far.on('data', (bytes: Buffer) => {
      line.down += bytes.length;
      if (line.cutAfterDown !== null && line.down > line.cutAfterDown) {
        line.cutAfterDown = null;
        return cut();
      }
      near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  line.port = typeof address === 'object' && address ? address.port : 0;
  line.close = async () => {
    cut();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return line;
}

const contentsOf = (station: Station) => station.house.core.house.attachments.of(station.organizationId);
const has = (station: Station, sha256: string): boolean => contentsOf(station).sizeOf(sha256) !== null;
const intact = (station: Station, sha256: string): boolean => createHash('sha256').update(readFileSync(contentsOf(station).pathOf(sha256))).digest('hex') === sha256;

describe('files between a hub and its devices', () => {
  let hub: Awaited<ReturnType<typeof startHub>>;
  let line: Line;
  let device: Station;
  /** Adds a file as the page does, in pieces. */
  const add = async (station: Station, bytes: Buffer<ArrayBuffer>, file_name: string): Promise<string> => {
    const files = station.client.attachments;
    const { id } = await files.begin({ entity: 'tickets', row_id: ticket, file_name, size: bytes.length });
    for (let offset = 0; offset < bytes.length; offset += 4 * MIB) await files.part({ id, offset, part: fileOf(bytes.subarray(offset, offset + 4 * MIB), 'part') });
    return (await files.finish({ id })).id;
  };
  let ticket = '';

  beforeAll(async () => {
    hub = await startHub();
    for (const member of [ENGINEER, SECOND]) await hub.client.users.create(member);
    const { id } = await hub.client.clients.create({ name: 'ООО «Ромашка»' });
    ticket = (await hub.client.tickets.create({ client_id: id, subject: 'Щиток' })).id;
    line = await startLine(Number(hub.address.split(':')[1]));
    device = await joinHub({ client: hub.client, address: `127.0.0.1:${line.port}` }, ENGINEER.email);
  });
  afterAll(async () => {
    await device.close();
    await line.close();
    await hub.close();
  });

  it('go up with an exchange that a task of the system starts, behind the rows', async () => {
    const { bytes, sha256 } = content(100_000);
    const id = await add(device, bytes, 'Снимок 1.jpg');
    expect(await device.client.attachments.summary({})).toMatchObject({ role: 'device', total: 1, here: 1, on_hub: 0, to_send: 1, to_send_bytes: 100_000 });
    expect(await device.client.attachments.get({ id })).toMatchObject({ place: 'here' });
    expect(await device.client.sync.now()).toMatchObject({ waiting: 0, files_waiting: 0 });
    expect(has(hub, sha256) && intact(hub, sha256)).toBe(true);
    expect(await device.client.attachments.summary({})).toMatchObject({ total: 1, on_hub: 1, to_send: 0 });
    expect(await device.client.attachments.get({ id })).toMatchObject({ place: 'both' });
    expect(Buffer.from(await (await hub.client.attachments.content({ id })).arrayBuffer()).equals(bytes)).toBe(true);
    expect(stateHash(device)).toBe(stateHash(hub));
  });

  it('go on where they were cut: of 30 MB little is sent twice, and rows are not held up', async () => {
    device.house.core.house.sync.startAgents();
    await until('online', async () => (await device.client.sync.status()).online);
    const { bytes, sha256 } = content(30 * MIB);
    const before = line.up;
    line.cutAfterUp = before + 14 * MIB;
    await add(device, bytes, 'Видео обхода.mp4');
    const row = await device.client.clients.create({ name: 'Строка рядом с большим файлом' });
    await until('the row is on the hub', async () => (await hub.client.clients.list({ q: 'рядом с большим' })).items.some((one) => one.id === row.id));
    await until('the line was cut', () => Promise.resolve(line.cuts > 0));
    await until('the file is on the hub', () => Promise.resolve(has(hub, sha256)));
    expect(intact(hub, sha256)).toBe(true);
    const sent = line.up - before;
    // Once all of it, at most a few chunks of it twice, and what else goes over the line.
    expect(sent).toBeGreaterThan(30 * MIB);
    expect(sent).toBeLessThan(34 * MIB);
    await until('said so', async () => (await device.client.sync.status()).state === 'synchronised');
    expect(await device.client.attachments.summary({})).toMatchObject({ total: 2, on_hub: 2, to_send: 0, trouble: null });
  });

  it('come down the newest first, go on where they were cut, and come as soon as the hub has them', async () => {
    const old = content(2 * MIB);
    const large = content(20 * MIB);
    const before = line.down;
    line.cutAfterDown = before + 9 * MIB;
    await add(hub, old.bytes, 'Старое.jpg');
    await add(hub, large.bytes, 'Новое.jpg');
    await until('both are here', () => Promise.resolve(has(device, old.sha256) && has(device, large.sha256)));
    expect([intact(device, old.sha256), intact(device, large.sha256)]).toEqual([true, true]);
    expect(line.down - before).toBeLessThan(22 * MIB + 6 * MIB);
    expect(await hub.client.attachments.summary({})).toMatchObject({ role: 'hub', total: 4, here: 4, on_hub: 4 });
  });

  it('come to a device that joins later, in the background, and to another from a third', async () => {
    const other = await joinHub(hub, SECOND.email);
    try {
      expect((await other.client.attachments.summary({})).here).toBe(0);
      other.house.core.house.sync.startAgents();
      await until('all files', async () => (await other.client.attachments.summary({})).here === 4);
      expect((await other.client.attachments.list({})).items).toHaveLength(4);
      const { bytes, sha256 } = content(300_000);
      await add(other, bytes, 'От Марии.jpg');
      await until('through the hub', () => Promise.resolve(has(device, sha256)));
      expect(intact(device, sha256)).toBe(true);
    } finally {
      await other.close();
    }
  });

  it('are removed everywhere once they are deleted for good, and not before', async () => {
    const { bytes, sha256 } = content(50_000);
    const id = await add(device, bytes, 'Лишнее.jpg');
    await until('on the hub', () => Promise.resolve(has(hub, sha256)));
    await until('confirmed', async () => (await device.client.attachments.get({ id })).place === 'both');
    await hub.client.attachments.delete({ id });
    await until('in the trash below', async () => (await refused(device.client.attachments.get({ id })).catch(() => null)) !== null);
    contentsOf(device).sweep();
    expect(has(device, sha256)).toBe(true);
    await hub.client.trash.purge({ entity: 'attachments', id });
    await until('gone from both', () => Promise.resolve(!has(hub, sha256) && !has(device, sha256)));
    expect(existsSync(contentsOf(device).pathOf(sha256))).toBe(false);
  });

  it('that are damaged here are not taken by the hub, and come back from it where it has them', async () => {
    const { bytes, sha256 } = content(3 * MIB);
    await device.client.sync.offline({ offline: true });
    const id = await add(device, bytes, 'Повреждено.jpg');
    const file = contentsOf(device).pathOf(sha256);
    const broken = readFileSync(file);
    broken[2 * MIB] = (broken[2 * MIB] as number) ^ 1;
    writeFileSync(file, broken);
    await device.client.sync.offline({ offline: false });
    await until('seen', async () => (await device.client.attachments.get({ id })).place === 'nowhere');
    expect(has(hub, sha256)).toBe(false);
    await add(hub, bytes, 'Повреждено, ещё раз.jpg');
    await until('whole again', () => Promise.resolve(has(device, sha256)));
    expect(intact(device, sha256)).toBe(true);
  });

  it('are asked for anew of a hub that has lost them', async () => {
    const { items } = await device.client.attachments.list({ q: 'Снимок' });
    const { sha256 = '' } = items[0] ?? {};
    contentsOf(hub).damaged(sha256);
    await hub.client.sync.newEpoch();
    await device.client.sync.now();
    await until('sent again', () => Promise.resolve(has(hub, sha256)));
    expect(intact(hub, sha256)).toBe(true);
  });

  it('are refused to whoever may not have them', async () => {
    const url = `https://${hub.address}`;
    const { sha256 } = (await hub.client.attachments.list({})).items[0] ?? { sha256: '' };
    const insecure = { rejectUnauthorized: false };
    const { request } = await import('node:https');
    const status = (method: string, path: string, headers: Record<string, string> = {}): Promise<number> =>
      new Promise((resolve, reject) => {
        const call = request(url + path, { method, headers, ...insecure }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        call.on('error', reject);
        call.end();
      });
    expect(await status('GET', `/sync/contents/${sha256}`)).toBe(401);
    expect(await status('PUT', `/sync/contents/${sha256}?size=5&offset=0`)).toBe(401);
    expect(await status('GET', `/sync/contents/${sha256}`, { authorization: 'Bearer something' })).toBe(401);
  });

  it('stop at once for a device that is cut off, and what it has not sent stays with it', async () => {
    const { bytes, sha256 } = content(25 * MIB);
    await until('quiet', async () => (await device.client.sync.status()).state === 'synchronised');
    const { items } = await hub.client.sync.devices();
    const peer = items.find((one) => one.user_name === ENGINEER.full_name && !one.revoked_at);
    const store = device.house.core.house.organizations.open(device.organizationId);
    const { file } = store;
    const path = contentsOf(device).pathOf(sha256);
    const before = line.up;
    await add(device, bytes, 'Не успело.mp4');
    await until('on its way', () => Promise.resolve(line.up > before + 3 * MIB));
    await hub.client.sync.revoke({ id: peer?.id ?? '' });
    await until('the copy is closed', () => Promise.resolve(existsSync(`${file}.closed`)));
    expect(has(hub, sha256)).toBe(false);
    expect(statSync(path).size).toBe(bytes.length);
    const after = line.up;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(line.up - after).toBeLessThan(100_000);
    expect(existsSync(join(hub.house.dataDir, 'attachments', hub.organizationId, 'incoming'))).toBe(true);
  });
});

it('signing in again is all that a member needs to see files of a hub', async () => {
  const hub = await startHub();
  try {
    await hub.client.users.create(ENGINEER);
    const { id } = await hub.client.clients.create({ name: 'ООО «Ромашка»' });
    const asset = await hub.client.assets.create({ client_id: id, name: 'Стойка' });
    const { bytes } = content(1_000);
    const made = await hub.client.attachments.create({ entity: 'assets', row_id: asset.id, file: fileOf(bytes, 'Схема.png', 'image/png') });
    const device = await joinHub(hub, ENGINEER.email);
    try {
      await device.client.sync.now();
      const again = await signIn(device.house, ENGINEER.email);
      expect(Buffer.from(await (await again.client.attachments.content({ id: made.id })).arrayBuffer()).equals(bytes)).toBe(true);
    } finally {
      await device.close();
    }
  } finally {
    await hub.close();
  }
});
