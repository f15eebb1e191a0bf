import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { request } from 'node:http';
import type { Contract } from '../../src-shared/contract.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import type { CallContext } from '../core/call.ts';
import type { Config } from '../core/config.ts';
import { createCore, createLog, type Core } from '../core/core.ts';
import { readOwner, type OwnerNote } from '../core/owner-lock.ts';
import { router } from '../core/router.ts';
import { localActor } from '../organizations/index.ts';

export type Client = ContractRouterClient<Contract>;

/** The operations of the house for one command, whoever owns the data folder. */
export interface Connection {
  client: Client;
  /** The core of this very process; null when another process owns the folder and answers over its pipe. */
  core: Core | null;
  close(): Promise<void>;
}

/**
 * Connects a command to its data folder: to the running program over the local pipe if one owns the folder, else by opening the
 * folder in this process. @throws AppError of the store.
 */
export async function connect(config: Config, organization?: string): Promise<Connection> {
  try {
    const core = await createCore({ config, log: createLog('warn') });
    return { client: inProcess(core, organization), core, close: () => core.close() };
  } catch (error) {
    const note = error instanceof AppError && error.code === 'CONFLICT' ? readOwner(config.dataDir) : null;
    if (!note) throw error;
    return { client: overPipe(note, organization), core: null, close: async () => {} };
  }
}

/** The machine's own command line is let in as the owner: refused as a stranger, it has met a folder that nobody owns yet. */
export function isWithoutOrganization(connection: Connection, error: unknown): boolean {
  if (!(error instanceof ORPCError) || error.code !== 'UNAUTHENTICATED') return false;
  return connection.core === null || connection.core.house.organizations.list().length === 0;
}

function inProcess(core: Core, organization: string | undefined): Client {
  return createRouterClient(router, {
    context: (): CallContext => ({
      house: core.house,
      door: 'cli' as const,
      headers: {},
      address: 'local',
      vouched: localActor(core.house, organization),
      setCookie: () => {},
      setHeader: () => {},
    }),
  }) as Client;
}

function overPipe(note: OwnerNote, organization: string | undefined): Client {
  const link = new RPCLink({
    url: 'http://localhost/rpc',
    headers: { 'x-polevik-owner': note.secret, ...(organization ? { 'x-organization-id': organization } : {}) },
    fetch: (input) => pipeFetch(note.pipe, input),
  });
  return createORPCClient(link);
}

/** `fetch` over a local pipe, as far as the RPC link needs it. */
async function pipeFetch(pipe: string, input: Request): Promise<Response> {
  const body = input.body ? Buffer.from(await input.arrayBuffer()) : null;
  const url = new URL(input.url);
  return new Promise((resolve, reject) => {
    const headers = Object.fromEntries(input.headers);
    if (body) headers['content-length'] = String(body.length);
    const call = request({ socketPath: pipe, path: url.pathname + url.search, method: input.method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Object.entries(response.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
        const status = response.statusCode ?? 500;
        resolve(new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, headers: answer }));
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
