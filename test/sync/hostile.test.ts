import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { PushRequest, WireChangeset } from '../../src-shared/sync/wire.ts';
import { changesetHash } from '../../src-main/store/change-log.ts';
import { PACKING, unpackFile } from '../../src-main/store/packing.ts';
import { serverCertificate } from '../../src-main/sync/wire/certificates.ts';
import { createHubClient, type HubClient } from '../../src-main/sync/wire/client.ts';
import { deviceKey } from '../../src-main/sync/wire/keys.ts';
import { authenticatorCode } from '../support/auth.ts';
import { OWNER } from '../support/house.ts';
import { joinHub, startHub, type Station } from './support/network.ts';

const ENGINEER = { full_name: 'Иван Петров', email: 'ivan@example.com', role: 'engineer' as const };
let hub: Awaited<ReturnType<typeof startHub>>;
let device: Station;
let other: Station;
let wire: HubClient;

const wireOf = ({ house, organizationId }: Station, url?: string): HubClient => {
  const { sync, config } = house.core.house;
  const row = sync.hubOf(organizationId);
  if (!row) throw new Error('it has no hub');
  return createHubClient({ url: url ?? row.url, authority: row.authority }, { peer: row.peer_id, key: deviceKey(sync.db), version: config.version });
};
/** What the device would offer next. */
const offer = (): PushRequest => {
  const request = device.house.core.house.sync.engine(device.organizationId).takePush();
  if (!request) throw new Error('nothing waits');
  return structuredClone(request);
};
/** The changeset as its author would have hashed it. */
function rehashed(change: WireChangeset): WireChangeset {
  const header = { device: change.device, seq: change.seq, actor: change.actor, schema: change.schema, stamp: { time: change.stamp[0], counter: change.stamp[1], device: 0 } };
  return { ...change, hash: changesetHash(Buffer.from(change.prev_hash, 'hex'), header, change.ops).toString('hex') };
}
const refused = async (work: Promise<unknown>): Promise<{ code: string; detail?: string | undefined }> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, detail: error.data.detail };
    throw error;
  }
  throw new Error('it was not refused');
};

beforeAll(async () => {
  hub = await startHub();
  await hub.client.users.create(ENGINEER);
  await hub.client.users.create({ ...ENGINEER, full_name: 'Пётр', email: 'petr@example.com' });
  device = await joinHub(hub, ENGINEER.email);
  other = await joinHub(hub, 'petr@example.com');
  wire = wireOf(device);
  await other.client.sync.now();
  await device.client.clients.create({ name: 'ООО «Честное»' });
});
afterAll(async () => {
  wire.close();
  for (const station of [device, other, hub]) await station.close();
});

describe('a push', () => {
  const hubClients = async (): Promise<string[]> => (await hub.client.clients.list({})).items.map((one) => one.name);

  it('whose text was changed on the way is refused whole', async () => {
    const request = offer();
    request.changesets = request.changesets.map((change) => ({ ...change, ops: change.ops.replace('Честное', 'Подменённое') }));
    expect(await refused(wire.push(request))).toEqual({ code: 'BAD_REQUEST', detail: 'sync_tampered' });
    expect(await hubClients()).toEqual([]);
  });

  it('of another organisation, or under a name that another device writes under, is refused', async () => {
    expect(await refused(wire.push({ ...offer(), organization: 'somebody-else' }))).toEqual({ code: 'FORBIDDEN', detail: 'sync_other_organization' });
    const theirs = other.house.core.house.organizations.open(other.organizationId).deviceId;
    expect(await refused(wire.push({ ...offer(), device: theirs }))).toEqual({ code: 'FORBIDDEN', detail: 'sync_other_device' });
  });

  it('in the name of somebody else, or beyond the author’s rights, is returned, and the log does not have it', async () => {
    const owner = (await hub.client.auth.me()).user.id;
    const [honest] = offer().changesets;
    if (!honest) throw new Error('nothing waits');
    const posing = rehashed({ ...honest, actor: owner });
    expect((await wire.push({ ...offer(), changesets: [posing] })).verdicts).toMatchObject([{ verdict: 'returned', reason: expect.stringMatching(/not_permitted|no_member/) }]);
    expect(await hubClients()).toEqual([]);
    expect((await hub.client.audit.security({ limit: 5 })).items.length).toBeGreaterThan(0);
  });

  it('that is too large, packed to burst, or no message at all, is refused', async () => {
    const { port } = new URL(`https://${hub.address}`);
    const authority = hub.house.core.house.sync.lan?.authority ?? '';
    const send = async (body: Buffer, headers: Record<string, string>): Promise<number> => {
      const { request } = await import('node:https');
      return new Promise((done, fail) => {
        const call = request({ host: '127.0.0.1', port, path: '/sync/pair', method: 'POST', ca: authority, checkServerIdentity: () => undefined, headers: { 'content-type': 'application/x-polevik-sync', ...headers } }, (answer) => {
          answer.resume();
          done(answer.statusCode ?? 0);
        });
        call.on('error', fail);
        call.end(body);
      });
    };
    expect(await send(gzipSync(Buffer.alloc(80 * 1024 * 1024)), { 'content-encoding': 'gzip' })).toBe(400);
    expect(await send(randomBytes(2_000), {})).toBe(400);
    expect(await send(Buffer.from('{"protocol":99}'), {})).toBe(409);
    expect(await send(Buffer.alloc(65 * 1024 * 1024), {})).toBe(413);
  });
});

describe('what answers in the place of a hub', () => {
  let imposter: Server;
  afterAll(() => new Promise((done) => imposter.close(done)));
  const hotelPage: RequestListener = (_request, answer) => void answer.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Войдите в сеть гостиницы</body></html>');
  const listening = async (cert: string, key: string, says = hotelPage): Promise<string> => {
    imposter = createServer({ cert, key }, says);
    await new Promise<void>((done) => imposter.listen(0, '127.0.0.1', done));
    return `https://127.0.0.1:${(imposter.address() as AddressInfo).port}`;
  };

  it('under another certificate is not believed; under the right one it must still speak like a hub', async () => {
    const stranger = await serverCertificate(other.house.core.house.sync.db, other.house.core.house.clock, ['127.0.0.1']);
    const false_ = wireOf(device, await listening(stranger.cert, stranger.key));
    expect(await refused(false_.push(offer()))).toMatchObject({ detail: 'sync_unreachable' });
    false_.close();
    await new Promise((done) => imposter.close(done));
    const own = await serverCertificate(hub.house.core.house.sync.db, hub.house.core.house.clock);
    const page = wireOf(device, await listening(own.cert, own.key));
    expect(await refused(page.push(offer()))).toMatchObject({ code: 'BAD_REQUEST', detail: 'sync_not_hub' });
    page.close();
    expect(await device.client.sync.status()).toMatchObject({ waiting: 1 });
  });

  it('and breaks off in the middle of an answer, has said nothing', async () => {
    await new Promise((done) => imposter.close(done));
    const own = await serverCertificate(hub.house.core.house.sync.db, hub.house.core.house.clock);
    const breaking = wireOf(device, await listening(own.cert, own.key, (_request, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
      answer.write('{"challenge":"', () => answer.destroy());
    }));
    expect(await refused(breaking.pull(device.house.core.house.sync.engine(device.organizationId).pullRequest()))).toMatchObject({ detail: 'sync_unreachable' });
    breaking.close();
    expect(await device.client.sync.status()).toMatchObject({ waiting: 1 });
  });
});

/** Everything secret that an installation keeps: what passwords and tokens are known by, and the private halves of its keys. */
function secretsOf({ house, organizationId }: Station): (string | Buffer)[] {
  const { db } = house.core.house.sync;
  const columns = [['accounts', 'password_hash'], ['accounts', 'totp_secret'], ['api_tokens', 'hash'], ['sessions', 'refresh_hash']] as const;
  const hashes = columns.flatMap(([table, column]) => db.all<{ value: string | Buffer }>(`SELECT ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL`).map((one) => one.value));
  const keys = db.all<{ value: Buffer }>('SELECT value FROM keys').flatMap(({ value }): (string | Buffer)[] => {
    const [, body] = /PRIVATE KEY-----\\n(.+?)\\n-----END PRIVATE/.exec(value.toString('latin1')) ?? [];
    // Of a key in PEM the line that is its own; the one before is the same for all of its kind.
    return body ? [body.split('\\n')[1] ?? body] : [value, value.toString('base64'), value.toString('hex')];
  });
  const hubSecret = house.core.house.organizations.open(organizationId).read.get<{ value: string }>("SELECT value FROM local_facts WHERE key = 'sync_hub_secret'");
  return [...hashes, ...keys, ...(hubSecret ? [hubSecret.value] : [])];
}

it('a snapshot is packed for whoever can unpack it, and sent as it is to a device of an older version', async () => {
  const { snapshots } = hub.house.core.house.sync;
  const fileOf = ({ id }: { id: string }): Buffer => readFileSync(snapshots.find(hub.organizationId, id)?.file ?? '');
  const packed = await wire.snapshot();
  const plain = await snapshots.take(hub.organizationId);
  expect(packed.packed?.packing).toBe(PACKING);
  expect(plain.packed).toBeUndefined();
  expect(fileOf(plain).toString('latin1', 0, 15)).toBe('SQLite format 3');
  expect(fileOf(packed).length).toBeLessThan(fileOf(plain).length / 2);
  expect(snapshots.find('somebody-else', packed.id)).toBeNull();
});

it('no secret travels: not in the snapshot, not in what is pushed, pulled or bundled, not in the logs', async () => {
  const secret = (await hub.client.auth.twoFactorSetup({ password: OWNER.password })).secret;
  await hub.client.auth.twoFactorVerify({ otp: authenticatorCode(secret, Date.now()) });
  const { token } = await hub.client.auth.createToken({ name: 'скрипт' });
  const { code } = await hub.client.sync.createCode({ user_id: ENGINEER.email });
  await device.client.clients.create({ name: 'В файле' });
  await device.client.sync.now();
  const { sync } = hub.house.core.house;
  const file = join(tmpdir(), `polevik-secrets-${process.pid}.sqlite`);
  await sync.engine(hub.organizationId).snapshot(file);
  const snapshot = readFileSync(file);
  rmSync(file);
  await sync.engine(hub.organizationId).snapshot(`${file}.packed`, true);
  await unpackFile(`${file}.packed`, file);
  const unpacked = readFileSync(file);
  for (const one of [file, `${file}.packed`]) rmSync(one);
  const bundles = await Promise.all([hub, device].map(async ({ client }) => gunzipSync(Buffer.from(await (await client.sync.exportBundle({})).arrayBuffer()))));
  const travelled = Buffer.from(JSON.stringify([sync.engine(hub.organizationId).log.read(0, 10_000), sync.engine(hub.organizationId).unread(), device.house.core.house.sync.engine(device.organizationId).unread()]));
  expect([snapshot, unpacked, ...bundles, travelled].every((part) => part.includes('В файле'))).toBe(true);
  const planted = [OWNER.password, secret, token, code, ...[hub, device, other].flatMap(secretsOf)];
  expect(planted.length).toBeGreaterThanOrEqual(15);
  for (const text of planted) {
    const name = text.toString('latin1').slice(0, 6);
    expect(snapshot.includes(text), `snapshot: ${name}`).toBe(false);
    expect(unpacked.includes(text), `packed snapshot: ${name}`).toBe(false);
    expect(travelled.includes(text), `log: ${name}`).toBe(false);
    for (const bundle of bundles) expect(bundle.includes(text), `bundle: ${name}`).toBe(false);
    for (const { house } of [hub, device, other]) expect(house.logged().includes(text.toString()), `program's log: ${name}`).toBe(false);
  }
});
