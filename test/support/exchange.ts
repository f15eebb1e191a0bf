import { createRouterClient } from '@orpc/server';
import type { ContractRouterClient } from '@orpc/contract';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Contract } from '../../src-shared/contract.ts';
import type { ImportInfo, ImportRow } from '../../src-shared/imports/contract.ts';
import type { Actor, Role } from '../../src-shared/kernel/permissions.ts';
import type { CallContext } from '../../src-main/core/call.ts';
import { readConfig } from '../../src-main/core/config.ts';
import { createCore, type Core } from '../../src-main/core/core.ts';
import { router } from '../../src-main/core/router.ts';
import type { OrganizationStore } from '../../src-main/store/organization-store.ts';

export type RouterClient = ContractRouterClient<Contract>;

/** A whole program without doors, and the operations as each of its members would call them. */
export interface Office {
  core: Core;
  dataDir: string;
  store: OrganizationStore;
  owner: Actor;
  client: RouterClient;
  as(actor: Actor, headers?: Record<string, string>): RouterClient;
  join(role: Role, fullName: string, fields?: Record<string, unknown>): Actor;
  /** Closes the program and opens it again on the same folder. */
  restart(): Promise<Office>;
  close(): Promise<void>;
}

export async function openOffice(folder?: string): Promise<Office> {
  const dataDir = folder ?? mkdtempSync(join(tmpdir(), 'polevik-office-'));
  const core = await createCore({ config: readConfig({ dataDir }, {}), log: pino({ level: 'silent' }) });
  const { house } = core;
  if (house.organizations.list().length === 0) await house.auth.accounts.found({ full_name: 'Анна Волкова', email: 'anna@example.com', password: 'Ключ-от-серверной-7', organization_name: 'Сервис-Юг', language: 'ru' });
  const id = house.organizations.list()[0]?.id ?? '';
  const store = house.organizations.open(id);
  const row = store.read.get<{ id: string; full_name: string }>("SELECT id, full_name FROM users WHERE role = 'owner'");
  const owner: Actor = { user_id: row?.id ?? '', organization_id: id, role: 'owner', full_name: row?.full_name ?? '', branch_id: null, language: 'ru' };
  const as: Office['as'] = (actor, headers = {}) =>
    createRouterClient(router, { context: (): CallContext => ({ house, door: 'cli', headers, address: 'local', vouched: actor, setCookie: () => {}, setHeader: () => {} }) }) as unknown as RouterClient;
  return {
    core,
    dataDir,
    store,
    owner,
    client: as(owner),
    as,
    join: (role, full_name, fields = {}) => {
      const userId = uuidv7();
      store.mutate({ actor: null, origin: 'system' }, (tx) => void tx.insert('users', { full_name, email: `${userId}@example.test`, role, language: 'ru', active: true, ...fields }, { id: userId }));
      return { user_id: userId, organization_id: id, role, full_name, branch_id: null, language: 'ru' };
    },
    restart: async () => {
      await core.close();
      return openOffice(dataDir);
    },
    close: async () => {
      await core.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const MOVING = ['checking', 'running', 'undoing'];

/** The import once it has come to rest. */
export async function rested(client: RouterClient, id: string): Promise<ImportInfo> {
  for (;;) {
    const info = await client.imports.get({ id });
    if (!MOVING.includes(info.state)) return info;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const csv = (text: string | Uint8Array<ArrayBuffer>, name = 'amo.csv'): File => new File([text], name, { type: 'text/csv' });

/** Uploads and runs a file to its end. */
export async function importText(client: RouterClient, text: string): Promise<ImportInfo> {
  const { id } = await client.imports.upload({ file: csv(text) });
  await client.imports.run({ id });
  return rested(client, id);
}

/** All verdicts of an import, in the order of the file. */
export async function verdictsOf(client: RouterClient, id: string): Promise<ImportRow[]> {
  const rows: ImportRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.imports.rows({ id, limit: 100, ...(cursor ? { cursor } : {}) });
    rows.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return rows;
}
