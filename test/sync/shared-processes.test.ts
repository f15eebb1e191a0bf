import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src-main/seed/random.ts';
import { content } from '../attachments/support.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from './support/network.ts';
import { OWNER, startPrograms, type Program, type Programs } from './support/programs.ts';

const SECONDS = 25;
const REST_MS = 120_000;

interface State {
  synchronised: boolean;
  cursor: number;
  head: number;
  waiting: number;
}
interface Row {
  id: string;
  name: string;
  no: number | null;
}

describe.runIf(hasPostgres())('two hub processes on one log in PostgreSQL', () => {
  let postgres: TestPostgres;
  let programs: Programs;
  let hubs: Program[] = [];
  const devices: Program[] = [];
  beforeAll(async () => {
    postgres = await startPostgres();
    programs = await startPrograms({ POLEVIK_LOG_URL: postgres.url });
    await programs.run('north', ['init-db']);
    const north = await programs.start('north', 'hub');
    const code = async (hub: Program): Promise<string> => String((await programs.run(hub.name, ['pair', '--for', OWNER.ADMIN_EMAIL]))['code']);
    await programs.run('south', ['pair', '--code', await code(north), '--hub', north.address]);
    mkdirSync(join(programs.base, 'south', 'hub'), { recursive: true });
    copyFileSync(join(programs.base, 'north', 'hub', 'log.key'), join(programs.base, 'south', 'hub', 'log.key'));
    const south = await programs.start('south', 'hub');
    hubs = [north, south];
    for (const [index, hub] of hubs.entries()) {
      const name = `d${index}`;
      await programs.run(name, ['pair', '--code', await code(hub), '--hub', hub.address]);
      devices.push(await programs.start(name, 'serve'));
    }
  });
  afterAll(async () => {
    await programs.close();
    await postgres.end();
  });

  const query = async <T>(text: string): Promise<T[]> => {
    const { default: pg } = await import('pg');
    const client = new pg.Client(postgres.url);
    await client.connect();
    try {
      return (await client.query(text)).rows as T[];
    } finally {
      await client.end();
    }
  };
  const all = (): Program[] => [...hubs, ...devices];
  const rowsOf = async (program: Program): Promise<Row[]> => {
    const rows: Row[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: Row[]; next_cursor: string | null } = await program.call('GET', `/api/clients?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      rows.push(...page.items);
      cursor = page.next_cursor;
    }
    return rows;
  };
  const rest = async (): Promise<State[]> => {
    const end = Date.now() + REST_MS;
    for (;;) {
      await Promise.all(all().map((program) => program.call('POST', '/api/sync/now', {}).catch(() => null)));
      const states = await Promise.all(all().map((program) => program.call<State>('GET', '/api/sync/status')));
      if (states.every((state) => state.synchronised && state.cursor === states[0]?.cursor) || Date.now() > end) return states;
    }
  };

  it('serve one organisation under one authority, and an installation that one has cut off is cut off at the other', async () => {
    const [north, south] = hubs as [Program, Program];
    const made = await north.call<Row>('POST', '/api/clients', { name: 'ООО «С севера»' });
    await rest();
    expect((await rowsOf(south)).map((row) => row.name)).toContain('ООО «С севера»');
    expect(await south.call<Row>('GET', `/api/clients/${made.id}`)).toMatchObject({ no: 1 });
    const { items } = await south.call<{ items: { id: string; name: string }[] }>('GET', '/api/sync/devices');
    expect(items).toHaveLength(4);

    const code = String((await programs.run('south', ['pair', '--for', OWNER.ADMIN_EMAIL]))['code']);
    await programs.run('stolen', ['pair', '--code', code, '--hub', south.address]);
    expect(await programs.run('stolen', ['sync', '--once', '--hub', north.address])).toMatchObject({ synchronised: true });
    const known = new Set(items.map((one) => one.id));
    const stolen = (await north.call<{ items: { id: string }[] }>('GET', '/api/sync/devices')).items.find((one) => !known.has(one.id));
    await north.call('DELETE', `/api/sync/devices/${stolen?.id}`);
    await expect(programs.run('stolen', ['sync', '--once', '--hub', south.address])).rejects.toThrow(/ended with 4/);
  });

  it(`agree, with one number for each row and everything that was acknowledged, after ${SECONDS} s of being killed in the middle of pushes`, async () => {
    const random = createRandom(7);
    const written = new Set<string>();
    let kills = 0;
    let round = 0;
    const end = Date.now() + SECONDS * 1000;
    while (Date.now() < end || kills < 4) {
      round++;
      // At all of them at once.
      await Promise.all(
        all().map(async (program) => {
          const name = `ООО «${program.name} ${round}»`;
          await program.call('POST', '/api/clients', { name });
          written.add(name);
        }),
      );
      const victim = random.pick(hubs);
      const exchanges = devices.map((device) => device.call('POST', '/api/sync/now', { hub: random.pick(hubs).address }).catch(() => null));
      if (round === 3) {
        await postgres.stop();
        await postgres.start();
      } else if (round % 2 === 0) {
        await new Promise((done) => setTimeout(done, random.int(0, 60)));
        await victim.kill();
        kills++;
        await Promise.all(exchanges);
        await victim.start();
      }
      await Promise.all(exchanges);
    }
    const states = await rest();
    expect(states.map(({ synchronised, waiting, cursor }) => ({ synchronised, waiting, cursor }))).toEqual(states.map(() => ({ synchronised: true, waiting: 0, cursor: states[0]?.cursor })));
    for (const program of all()) {
      const rows = await rowsOf(program);
      const numbers = rows.map((row) => row.no);
      expect(numbers, program.name).not.toContain(null);
      expect(new Set(numbers).size, program.name).toBe(rows.length);
      const names = rows.map((row) => row.name);
      expect([...written].filter((name) => !names.includes(name)), program.name).toEqual([]);
      expect(new Set(names).size, program.name).toBe(names.length);
    }
  }, 400_000);

  it('tell their devices where all of them are; one whose hub dies goes over to another by itself', async () => {
    const [north, south] = hubs as [Program, Program];
    const [ours, theirs] = devices as [Program, Program];
    const places = hubs.map((hub) => `https://${hub.address}`).sort();
    const placesOf = async (device: Program): Promise<string[]> => {
      const { hub_url: present, hub_others: others } = await device.call<{ hub_url: string; hub_others: string[] }>('GET', '/api/sync/status');
      return [present, ...others].sort();
    };
    for (const device of devices) expect(await placesOf(device), device.name).toEqual(places);
    await north.kill();
    const made = await ours.call<Row>('POST', '/api/clients', { name: 'ООО «Без севера»' });
    for (const other of [south, theirs]) await until(`the row at ${other.name}`, async () => (await rowsOf(other)).some((row) => row.id === made.id));
    await until('the device at the other hub', async () => (await ours.call<{ online: boolean }>('GET', '/api/sync/status')).online);
    expect(await ours.call('GET', '/api/sync/status')).toMatchObject({ hub_url: `https://${south.address}`, hub_others: [`https://${north.address}`], trouble: null });

    await north.start();
    const again = await ours.call<Row>('POST', '/api/clients', { name: 'ООО «Север снова здесь»' });
    await until('the row at the first hub', async () => (await rowsOf(north)).some((row) => row.id === again.id));
  });

  it('give each other’s devices the files that were sent to one of them', async () => {
    const [ours, theirs] = devices as [Program, Program];
    const { items } = await ours.call<{ items: Row[] }>('GET', '/api/clients?limit=1');
    const ticket = await ours.call<{ id: string }>('POST', '/api/tickets', { client_id: items[0]?.id, subject: 'Фотографии щита' });
    for (const [from, to] of [[ours, theirs], [theirs, ours]] as const) {
      await until(`the ticket at ${from.name}`, () => from.call('GET', `/api/tickets/${ticket.id}`).then(() => true, () => false));
      const { bytes, sha256 } = content(3 * 1024 * 1024 + 7);
      const file = join(programs.base, `${from.name}.bin`);
      writeFileSync(file, bytes);
      await programs.run(from.name, ['attach', 'tickets', ticket.id, file]);
      await until(`${from.name}’s file at ${to.name}`, async () => (await to.call<{ items: { sha256: string; place: string }[] }>('GET', `/api/attachments?entity=tickets&row_id=${ticket.id}`)).items.some((one) => one.sha256 === sha256 && one.place === 'both'));
      const [, folder] = /^(..)/.exec(sha256) ?? [];
      const [organization] = readdirSync(join(programs.base, to.name, 'attachments'));
      expect(readFileSync(join(programs.base, to.name, 'attachments', organization ?? '', folder ?? '', sha256.slice(2, 4), sha256)).equals(bytes)).toBe(true);
    }
  });

  it('shorten the database once all have read it; one that comes back with an older copy fetches a new one from the other', async () => {
    const [north, south] = hubs as [Program, Program];
    const [ours] = devices as [Program];
    const folder = join(programs.base, 'south', 'hub');
    const files = (): string[] => readdirSync(folder).filter((file) => file.includes('.sqlite'));
    await south.kill();
    const older = files().map((file) => ({ file, bytes: readFileSync(join(folder, file)) }));
    await south.start();
    const made = await ours.call<Row>('POST', '/api/clients', { name: 'ООО «После копии»' });
    const [before] = await rest();
    const length = async (): Promise<number> => (await query<{ n: number }>('SELECT count(*)::int AS n FROM polevik_log_entries'))[0]?.n ?? 0;
    expect(await length()).toBeGreaterThanOrEqual(before?.head ?? Number.POSITIVE_INFINITY);
    // Where each device is the hub processes tell one another every few seconds.
    await until('the log shortened to its last entry', async () => {
      await north.call('POST', '/api/sync/compact', {});
      return (await length()) === 1;
    });

    await south.kill();
    for (const file of files()) rmSync(join(folder, file));
    for (const { file, bytes } of older) writeFileSync(join(folder, file), bytes);
    await south.start();
    await until('the row at the one with the new copy', async () => (await rowsOf(south)).some((row) => row.id === made.id));
    await south.call<Row>('POST', '/api/clients', { name: 'ООО «Снова вместе»' });
    const states = await rest();
    expect(states.map(({ synchronised }) => synchronised)).toEqual(states.map(() => true));
    const names = (await rowsOf(north)).map(({ no, name }) => `${no} ${name}`).sort();
    for (const program of all()) expect((await rowsOf(program)).map(({ no, name }) => `${no} ${name}`).sort(), program.name).toEqual(names);
  }, 120_000);

  it('begin the log again where the database is lost: one from its copy, the other from the first one’s', async () => {
    const [north, south] = hubs as [Program, Program];
    const before = (await rest())[0];
    const names = (await rowsOf(north)).map(({ no, name }) => `${no} ${name}`).sort();
    for (const hub of hubs) await hub.kill();
    await postgres.empty();
    await expect(north.start()).rejects.toThrow(/sync_log_missing/);
    await north.start(['--new-log']);
    // Its copy is of the lost log.
    await expect(south.start()).rejects.toThrow(/sync_log_other/);
    const folder = join(programs.base, 'south', 'hub');
    for (const file of readdirSync(folder)) if (file.includes('.sqlite')) renameSync(join(folder, file), join(folder, `away-${file}`));
    await south.start(['--from', north.address]);
    const made = await south.call<Row>('POST', '/api/clients', { name: 'ООО «После потери»' });
    const states = await rest();
    expect(states.map(({ synchronised }) => synchronised)).toEqual(states.map(() => true));
    expect(states[0]?.head).toBeGreaterThan(before?.head ?? Number.POSITIVE_INFINITY);
    for (const program of all()) {
      const rows = await rowsOf(program);
      expect(rows.find((row) => row.id === made.id)?.no, program.name).toBeGreaterThan(0);
      expect(rows.filter((row) => row.id !== made.id).map(({ no, name }) => `${no} ${name}`).sort(), program.name).toEqual(names);
    }
  }, 120_000);

  it('never say or keep in the clear what opens the database, or what they sign with', () => {
    const secret = new URL(postgres.url).password;
    expect(programs.said()).not.toContain(secret);
    for (const name of readdirSync(programs.base, { recursive: true, encoding: 'utf8' })) {
      const file = join(programs.base, name);
      if (statSync(file, { throwIfNoEntry: false })?.isFile()) expect(readFileSync(file).includes(secret), name).toBe(false);
    }
  });
});
