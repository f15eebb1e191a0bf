import Database from 'better-sqlite3';
import { readdirSync } from 'node:fs';
import { connect, createServer, type Server as NetServer } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN } from '../data.ts';
import { runProgram, startServer, type Server } from '../server.ts';

export const PASSWORD = 'Пароль-для-замеров-1';
/** The hub listens on loopback alone. */
export const LOOPBACK = { POLEVIK_LAN_HOST: '127.0.0.1' };
const LOOK_MS = 10;
const TOO_LONG_MS = 180_000;

const portOf = (server: NetServer): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const port = portOf(probe);
      probe.close(() => resolve(port));
    });
  });

/** A hub's data folder, and the port of its network. */
export interface HubPlace {
  dir: string;
  lanPort: number;
}

/** A new hub with one administrator, serving. The caller stops it. */
export async function startHub(dir: string): Promise<{ hub: HubPlace; server: Server }> {
  const hub: HubPlace = { dir, lanPort: await freePort() };
  await runProgram(dir, ['init-db'], { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, ADMIN_NAME: 'Замерщик', ADMIN_ORGANIZATION: 'Замеры' });
  return { hub, server: await startServer(dir, ['hub', '--lan-port', String(hub.lanPort)], LOOPBACK) };
}

export async function pairingCode(hub: HubPlace, email: string): Promise<string> {
  return ((await runProgram(hub.dir, ['pair', '--for', email])) as { code: string }).code;
}

/** A hub of a large firm opens its port only once its log is in order. @throws what it refuses with after three minutes */
export async function whenShared(hub: HubPlace, email: string): Promise<void> {
  const end = performance.now() + TOO_LONG_MS;
  for (;;) {
    try {
      return void (await pairingCode(hub, email));
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(500);
    }
  }
}

/** A new installation that joins a hub. @returns milliseconds from the start of its process to its end */
export async function joinHub(hub: HubPlace, dir: string, email: string, port = hub.lanPort): Promise<number> {
  const code = await pairingCode(hub, email);
  const started = performance.now();
  await runProgram(dir, ['pair', '--code', code, '--hub', `127.0.0.1:${port}`], { POLEVIK_PASSWORD: PASSWORD });
  return performance.now() - started;
}

/** Looks into a copy's file from outside, which costs the program nothing. */
export interface Watch {
  cursor(): number;
  head(): number;
  /** Own changes that have no place in the common log. */
  unplaced(): number;
  /** Rows that search words are still to be written of. */
  unindexed(): number;
  close(): void;
}

export function watch(dir: string): Watch {
  const folder = join(dir, 'organizations');
  const file = readdirSync(folder).find((name) => name.endsWith('.sqlite')) ?? '';
  const db = new Database(join(folder, file), { readonly: true });
  const number = (sql: string): (() => number) => {
    const statement = db.prepare(sql).pluck();
    return () => Number(statement.get() ?? 0);
  };
  return {
    cursor: number("SELECT value FROM local_facts WHERE key = 'sync_cursor'"),
    head: number('SELECT max(position) FROM changesets WHERE position IS NOT NULL'),
    unplaced: number('SELECT count(*) FROM changesets WHERE position IS NULL'),
    unindexed: number('SELECT sum(rows) FROM local_index_waiting'),
    close: () => void db.close(),
  };
}

/** Waits for something that is looked at often. @throws Error after three minutes */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + TOO_LONG_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await sleep(LOOK_MS);
  }
}

/** Stands between a device and its hub and counts what the device says. */
export interface Counter {
  port: number;
  bytes(): number;
  close(): Promise<void>;
}

export async function countingProxy(to: number): Promise<Counter> {
  let bytes = 0;
  const server = createServer((socket) => {
    const hub = connect(to, '127.0.0.1');
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    const end = (): void => {
      socket.destroy();
      hub.destroy();
    };
    for (const side of [socket, hub]) side.on('error', end).on('close', end);
    socket.pipe(hub).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: portOf(server), bytes: () => bytes, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
