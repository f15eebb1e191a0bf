import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../src-main/store/entity.ts';
import type { Actor } from '../../src-shared/kernel/permissions.ts';
import { SHOWN } from '../../src-shared/sync/model.ts';
import { joinHub, startHub, until, type Station } from './support/network.ts';

const ENGINEER = { full_name: 'Иван Петров', email: 'ivan@example.com', role: 'engineer' as const };
const MORE = SHOWN + 1;

/** The member as the one who writes, past the doors. */
async function actorOf({ client, organizationId }: Station): Promise<Actor> {
  const { user } = await client.auth.me();
  return { user_id: user.id, organization_id: organizationId, role: user.role, full_name: user.full_name, branch_id: user.branch_id, language: 'ru' };
}

describe('a list that is longer than what is shown of it', () => {
  let hub: Awaited<ReturnType<typeof startHub>>;
  let device: Station;
  let ids: string[];
  /** One change for all rows at once, or one for each. */
  const write = async (station: Station, comment: string, each: boolean): Promise<void> => {
    const actor = await actorOf(station);
    const store = station.house.core.house.organizations.open(station.organizationId);
    const update = (some: readonly string[]): unknown => store.mutate({ actor, origin: 'window' }, (tx) => some.map((id) => tx.update('clients', id, { comment })));
    if (each) for (const id of ids) update([id]);
    else update(ids);
  };
  beforeAll(async () => {
    hub = await startHub();
    await hub.client.users.create(ENGINEER);
    const actor = await actorOf(hub);
    const made = hub.house.core.house.organizations.open(hub.organizationId).mutate({ actor, origin: 'window' }, (tx): Row[] => Array.from({ length: MORE }, (_, index) => tx.insert('clients', { kind: 'organization', name: `Клиент ${index}` })));
    ids = made.map((row) => row.id);
    device = await joinHub(hub, ENGINEER.email);
    await device.client.sync.now();
    await device.client.sync.offline({ offline: true });
  });
  afterAll(async () => {
    await device.close();
    await hub.close();
  });

  it('of what waits says how many there are', async () => {
    await write(device, 'из подвала', true);
    const { items, total } = await device.client.sync.waiting();
    expect([items.length, total]).toEqual([SHOWN, MORE]);
    expect((await device.client.sync.status()).waiting).toBe(MORE);
  });

  it('of conflicts says that there are more', async () => {
    await write(hub, 'из конторы', false);
    await device.client.sync.offline({ offline: false });
    await until('all have gone up', async () => (await device.client.sync.now()).waiting === 0);
    const before = await device.client.sync.conflicts();
    expect([before.items.length, before.more]).toEqual([SHOWN, true]);
    await until('it is counted', async () => (await device.client.sync.status()).conflicts === MORE);
    await device.client.sync.resolve({ entity: 'clients', row_id: ids[0] ?? '', group: 'comment', values: { comment: 'из подвала' } });
    const after = await device.client.sync.conflicts();
    expect([after.items.length, after.more]).toEqual([SHOWN, false]);
  });

  it('and of lists that are empty that there is nothing', async () => {
    for (const list of ['returned', 'setAside', 'parked'] as const) expect(await device.client.sync[list]()).toEqual({ items: [], total: 0 });
  });
});
