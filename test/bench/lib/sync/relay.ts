import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../../../src-main/core/config.ts';
import { createCore, createLog } from '../../../../src-main/core/core.ts';
import { houseClient } from '../client.ts';
import { ADMIN } from '../data.ts';
import { say, type Figure } from '../report.ts';
import { postJson, signIn, startServer, type Server } from '../server.ts';
import { countingProxy, joinHub, PASSWORD, startHub, until, watch } from './place.ts';

/** Changes that wait for the disk together while they are made. */
const TOGETHER = 100;
/** Columns of a client's row that travel. */
const CELLS = 20;
const IDLE_MS = 8_000;
/** After a burst the copies compare themselves and write down that they agree. */
const SETTLE_MS = 3_000;

interface Device {
  server: Server;
  token: string;
}

type Clients = ReturnType<typeof houseClient>['clients'];

/** One-row changesets made in a device's folder, which works offline from then on. */
async function make(dir: string, changes: number, change: (clients: Clients, index: number) => Promise<unknown>): Promise<void> {
  const core = await createCore({ config: readConfig({ dataDir: dir }, {}), log: createLog('warn') });
  const { clients } = houseClient(core);
  core.house.sync.workOffline(core.house.organizations.list()[0]?.id ?? '', true);
  for (let made = 0; made < changes; made += TOGETHER) await Promise.all(Array.from({ length: Math.min(TOGETHER, changes - made) }, (_, index) => change(clients, made + index)));
  await core.close();
}
const workOffline = ({ server, token }: Device, offline: boolean): Promise<unknown> => postJson(`${server.url}/api/sync/offline`, token, { offline });

/** Three programs: a hub, a device that has worked offline, and one that is connected. */
export async function relay(base: string, changes: number): Promise<{ figures: Figure[]; changesets: number; perSecond: number }> {
  const { hub, server: hubServer } = await startHub(join(base, 'hub'));
  const [one, two, three] = [join(base, 'first'), join(base, 'second'), join(base, 'third')];
  const ids: string[] = [];
  const creation = async (clients: Clients, index: number): Promise<void> => {
    ids.push((await clients.create({ name: `ООО «Замер ${index}»`, phone: '+79991234567', address: 'Москва, ул. Мясницкая, 24', comment: 'Вход со двора' })).id);
  };
  const edit = (clients: Clients, index: number): Promise<unknown> => clients.update({ id: ids[index % ids.length] ?? '', kind: index < ids.length ? 'person' : 'organization' });
  const counter = await countingProxy(hub.lanPort);
  const started: Server[] = [hubServer];
  try {
    await joinHub(hub, one, ADMIN.email);
    await joinHub(hub, two, ADMIN.email);
    const device = async (dir: string): Promise<Device> => {
      const server = await startServer(dir);
      started.unshift(server);
      return { server, token: await signIn(server.url, PASSWORD) };
    };
    const part = Math.ceil(changes / 4);
    say(`${changes + part} rows made on the first device`);
    await make(one, changes + part, creation);
    let first = await device(one);
    const second = await device(two);
    const [atHub, atFirst, atSecond] = [watch(hub.dir), watch(one), watch(two)];
    const cpu = (): number[] => [hubServer, first.server, second.server].map((server) => server.cpuMs() ?? Number.NaN);
    /** Runs until it holds. @returns milliseconds since `from` has held, and those of each process on the processor */
    const timed = async (what: string, begin: () => Promise<unknown>, holds: () => boolean, from: () => boolean = () => true): Promise<{ ms: number; cpu: number[] }> => {
      const begun = begin();
      await until(what, from);
      const [at, before] = [performance.now(), cpu()];
      await until(what, holds);
      const ms = performance.now() - at;
      const after = cpu();
      await begun;
      say(`  ${what}: after ${Math.round(ms)} ms`);
      return { ms, cpu: after.map((value, index) => value - (before[index] ?? 0)) };
    };
    const sent = (): boolean => atFirst.unplaced() === 0;
    // Counting what waits reads all of it: only once the rest holds, or the measuring takes a quarter of a core from what it measures.
    const arrived = (): boolean => atSecond.cursor() === atHub.head() && atSecond.cursor() > 0 && sent();
    /** The last `changes` of those that wait, once the programs are at work. @returns how many, and how long */
    const through = async (): Promise<{ changesets: number; ms: number; cpu: number[] }> => {
      const [waiting, start] = [atFirst.unplaced(), atSecond.cursor()];
      let left = waiting;
      const atWork = (): boolean => {
        left = waiting - (atSecond.cursor() - start);
        return left <= changes;
      };
      const done = await timed('the changes on the second device', () => workOffline(first, false), arrived, atWork);
      return { ...done, changesets: left };
    };

    say('they go up while the second device is connected');
    const creations = await through();
    const applied = performance.now();
    await until('the search words on the second device', () => atSecond.unindexed() === 0);
    const indexedAfter = performance.now() - applied;

    // Only this one has the proxy on its way: it takes a good part of a processor from what is measured above and below.
    await joinHub(hub, three, ADMIN.email, counter.port);
    const third = await device(three);
    await sleep(SETTLE_MS);
    say(`a third device idles for ${IDLE_MS / 1000} s`);
    const [said, written] = [counter.bytes(), third.server.writtenBytes() ?? Number.NaN];
    if (said === 0) throw new Error('the idle device never spoke with its hub');
    await sleep(IDLE_MS);
    const idle = { said: counter.bytes() - said, written: (third.server.writtenBytes() ?? Number.NaN) - written };
    await third.server.stop();

    await first.server.stop();
    await make(one, changes + part, edit);
    first = await device(one);
    say(`${changes + part} edits of one field go the same way`);
    const edits = await through();
    await sleep(SETTLE_MS);

    await workOffline(second, true);
    await first.server.stop();
    await make(one, part, creation);
    first = await device(one);
    const apart = atFirst.unplaced();
    say(`${apart} more rows are sent, and fetched only afterwards`);
    const up = await timed('the changes on the hub', () => workOffline(first, false), sent);
    const down = await timed('the changes on the second device', () => workOffline(second, false), arrived);
    const rss = hubServer.rssMib() ?? Number.NaN;
    for (const each of [atHub, atFirst, atSecond]) each.close();

    const perSecond = creations.changesets / (creations.ms / 1000);
    const cpuEach = (index: number): number => ((creations.cpu[index] ?? Number.NaN) / creations.changesets) * 1000;
    return {
      changesets: creations.changesets,
      perSecond,
      figures: [
        { name: 'changesets_per_second_end_to_end', value: perSecond, unit: '1/s', target: { at_least: 5_000 } },
        { name: 'indexed_after', value: indexedAfter, unit: 'ms' },
        { name: 'edits_per_second_end_to_end', value: edits.changesets / (edits.ms / 1000), unit: '1/s', target: { at_least: 5_000 } },
        { name: 'cpu_per_changeset_hub', value: cpuEach(0), unit: 'us' },
        { name: 'cpu_per_changeset_first_device', value: cpuEach(1), unit: 'us' },
        { name: 'cpu_per_changeset_second_device', value: cpuEach(2), unit: 'us' },
        { name: 'push_per_second', value: apart / (up.ms / 1000), unit: '1/s' },
        { name: 'pull_and_apply_per_second', value: apart / (down.ms / 1000), unit: '1/s' },
        { name: 'cells_applied_per_second', value: (apart * CELLS) / (down.ms / 1000), unit: '1/s', target: { at_least: 30_000 } },
        { name: 'hub_rss_after', value: rss, unit: 'MiB', target: { at_most: 400 } },
        { name: 'idle_bytes_sent', value: idle.said, unit: 'bytes', target: { at_most: 0 } },
        { name: 'idle_bytes_written', value: idle.written, unit: 'bytes', target: { at_most: 0 } },
      ],
    };
  } finally {
    for (const server of started) await server.stop();
    await counter.close();
  }
}
