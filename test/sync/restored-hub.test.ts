import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OWNER, registerOwner, startHouse, type RunningHouse } from '../support/house.ts';
import { clientOf, joinHub, stateHash, type Station } from './support/network.ts';

const ANNA = { full_name: 'Анна', email: 'coordinator@example.com', role: 'coordinator' as const };
const IVAN = { full_name: 'Иван', email: 'ivan@example.com', role: 'engineer' as const };

it('a hub put back to yesterday gets back over the wire what its author no longer has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'polevik-restored-'));
  const [dataDir, backup] = [join(folder, 'hub'), join(folder, 'backup')];
  let house: RunningHouse = await startHouse({ dataDir });
  const stations: Station[] = [];
  const open = async () => {
    house = await startHouse({ dataDir });
    const { port } = house.core.house.sync.lan ?? { port: 0 };
    for (const { house: other } of stations) other.core.house.sync.db.run('UPDATE sync_hubs SET url = ?', `https://127.0.0.1:${port}`);
    const { access_token } = await clientOf(house.url).auth.login({ email: OWNER.email, password: OWNER.password });
    return clientOf(house.url, access_token);
  };
  try {
    const { token } = await registerOwner(house.url);
    const client = clientOf(house.url, token);
    const { port } = await client.sync.share({ on: true });
    for (const member of [ANNA, IVAN]) await client.users.create(member);
    const hub = { client, address: `127.0.0.1:${port}` };
    const anna = await joinHub(hub, ANNA.email);
    const ivan = await joinHub(hub, IVAN.email);
    stations.push(anna, ivan);
    for (const { client: device } of stations) await device.sync.now();
    await house.close();
    cpSync(dataDir, backup, { recursive: true });

    await open();
    const made = await anna.client.clients.create({ name: 'После копии' });
    await anna.client.sync.now();
    await ivan.client.sync.now();
    await house.close();
    rmSync(dataDir, { recursive: true });
    cpSync(backup, dataDir, { recursive: true });

    // Anna's laptop is gone; Ivan still has what she wrote.
    const restored = await open();
    await expect(restored.clients.get({ id: made.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await ivan.client.sync.now();
    expect(await restored.clients.get({ id: made.id })).toMatchObject({ name: 'После копии' });
    expect((await restored.audit.row({ entity: 'clients', id: made.id })).items.map((entry) => entry.actor_name)).toContain(ANNA.full_name);
    const organizationId = (await restored.organizations.current()).id;
    expect(stateHash(ivan)).toBe(house.core.house.sync.engine(organizationId).stateHash());
    expect((await ivan.client.sync.status()).waiting).toBe(0);
  } finally {
    for (const station of stations) await station.close();
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
