import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { registerOwner, startHouse, type HouseOptions, type RunningHouse } from '../../support/house.ts';
import type { DoorClient } from '../../support/doors.ts';

export const PASSWORD = 'Пароль-для-выезда-42';

/** A program with somebody signed in. */
export interface Station {
  house: RunningHouse;
  client: DoorClient;
  organizationId: string;
  close(): Promise<void>;
}

export const clientOf = (url: string, token?: string): DoorClient =>
  createORPCClient(new RPCLink({ url: `${url}/rpc`, headers: { 'accept-language': 'ru', ...(token ? { authorization: `Bearer ${token}` } : {}) } }));

/** A hub with its owner, shared on a free port of the loopback. */
export async function startHub(options: HouseOptions = {}): Promise<Station & { address: string }> {
  const house = await startHouse(options);
  const { token } = await registerOwner(house.url);
  const client = clientOf(house.url, token);
  const { port } = await client.sync.share({ on: true });
  return { house, client, organizationId: (await client.organizations.current()).id, address: `127.0.0.1:${port}`, close: () => house.close() };
}

/** Signs the member in at an installation that has joined. */
export async function signIn(house: RunningHouse, email: string): Promise<Station> {
  const { access_token } = await clientOf(house.url).auth.login({ email, password: PASSWORD });
  const client = clientOf(house.url, access_token);
  return { house, client, organizationId: (await client.organizations.current()).id, close: () => house.close() };
}

/** A new installation that joins the hub for a member. */
export async function joinHub(hub: { client: DoorClient; address: string }, member: string, options: HouseOptions = {}): Promise<Station> {
  const house = await startHouse(options);
  const { code } = await hub.client.sync.createCode({ user_id: member });
  const joined = await clientOf(house.url).sync.join({ hub: hub.address, code, password: PASSWORD });
  return signIn(house, joined.member.email);
}

/** Waits until something is so. @throws Error after half a minute */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never so: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

export const stateHash = ({ house, organizationId }: Station): string => house.core.house.sync.engine(organizationId).stateHash();
