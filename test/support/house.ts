import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Clock } from '../../src-shared/kernel/clock.ts';
import { createCore, type Core } from '../../src-main/core/core.ts';
import type { Vault } from '../../src-main/core/vault.ts';
import { readConfig, type Config } from '../../src-main/core/config.ts';
import { createHttpDoor, type HttpDoor } from '../../src-main/server/server.ts';

/** A whole program on a folder of its own, with its HTTP door open on a free port. */
export interface RunningHouse {
  core: Core;
  http: HttpDoor;
  url: string;
  dataDir: string;
  /** Everything that was logged, one JSON object a line. */
  logged(): string;
  close(): Promise<void>;
}

export interface HouseOptions {
  clock?: Clock;
  demo?: boolean;
  dataDir?: string;
  config?: Partial<Config>;
  vault?: Vault;
}

export async function startHouse(options: HouseOptions = {}): Promise<RunningHouse> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'polevik-house-'));
  let log = '';
  const stream = { write: (line: string) => void (log += line) };
  const core = await createCore({ config: { ...readConfig({ dataDir, demo: options.demo }, {}), lanPort: 0, lanHost: '127.0.0.1', ...options.config }, clock: options.clock, vault: options.vault, log: pino({ level: 'debug' }, stream) });
  const http = await createHttpDoor(core);
  const url = await http.listen({ port: 0 });
  return {
    core,
    http,
    url,
    dataDir,
    logged: () => log,
    close: async () => {
      await http.close();
      await core.close();
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export const OWNER = { full_name: 'Анна Волкова', email: 'anna@example.com', password: 'Ключ-от-серверной-7' };

/** Registers the first user, who owns the organisation, and answers the access token. */
export async function registerOwner(url: string): Promise<{ token: string; userId: string }> {
  const response = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...OWNER, organization_name: 'Сервис-Юг', language: 'ru' }),
  });
  const body = (await response.json()) as { access_token: string; user: { id: string } };
  if (!response.ok) throw new Error(`register: ${response.status} ${JSON.stringify(body)}`);
  return { token: body.access_token, userId: body.user.id };
}
