import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as FetchLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { createRouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { MessageChannel } from 'node:worker_threads';
import { contract, type Contract } from '../../src-shared/contract.ts';
import type { CallContext } from '../../src-main/core/call.ts';
import { router } from '../../src-main/core/router.ts';
import { windowContext, withHeaders } from '../../src-main/core/window-door.ts';
import type { RunningHouse } from './house.ts';

export type DoorName = 'port' | 'rpc' | 'api' | 'cli';
export const DOORS: readonly DoorName[] = ['port', 'rpc', 'api', 'cli'];

/** REST names the field at fault beside the code as well, which oRPC's own client does not expect. */
function restRefusal(body: unknown): ORPCError<string, unknown> | null {
  const { code, status, message, data } = body as { code?: string; status?: number; message?: string; data?: unknown };
  return code ? new ORPCError(code, { ...(status ? { status } : {}), ...(message ? { message } : {}), data, defined: true }) : null;
}

/** Headers of one call: conditions and idempotency travel in them through every door. */
export interface CallHeaders {
  headers?: Record<string, string>;
}
export type DoorClient = ContractRouterClient<Contract, CallHeaders>;

export interface OpenDoor {
  client: DoorClient;
  close(): void;
}

/** A client of the house through one of its doors; all of them have the same operations. */
export function openDoor(door: DoorName, house: RunningHouse, token: string | null): OpenDoor {
  const headers = (extra: CallHeaders | undefined): Record<string, string> => ({ ...(token ? { authorization: `Bearer ${token}` } : {}), 'accept-language': 'ru', ...extra?.headers });
  switch (door) {
    case 'rpc':
      return { client: createORPCClient(new FetchLink<CallHeaders>({ url: `${house.url}/rpc`, headers: ({ context }) => headers(context) })), close: () => {} };
    case 'api':
      return { client: createORPCClient(new OpenAPILink<CallHeaders>(contract, { url: `${house.url}/api`, headers: ({ context }) => headers(context), customErrorResponseBodyDecoder: restRefusal })), close: () => {} };
    case 'port': {
      const { port1, port2 } = new MessageChannel();
      new RPCHandler<CallContext>(router, { interceptors: [withHeaders] }).upgrade(port1, { context: windowContext(house.core.house) });
      port1.start();
      port2.start();
      return { client: createORPCClient(new PortLink<CallHeaders>({ port: port2, headers: ({ context }) => headers(context) })), close: () => port2.close() };
    }
    case 'cli':
      return {
        client: createRouterClient(router, {
          context: (extra: CallHeaders) => ({ ...windowContext(house.core.house), door: 'cli' as const, headers: headers(extra) }),
        }) as unknown as DoorClient,
        close: () => {},
      };
  }
}

type Refusal = ORPCError<string, { field?: string; detail?: string; candidates?: unknown[] }>;

/** The typed refusal that a call through a door ends with. @throws where it ends otherwise */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    () => new Error('the call was not refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof ORPCError) return error as Refusal;
  throw error;
}
