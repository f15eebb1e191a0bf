import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { readConfig } from '../../../../src-main/core/config.ts';
import { createCore, createLog, type Core } from '../../../../src-main/core/core.ts';
import { deviceKey } from '../../../../src-main/sync/wire/keys.ts';
import { ADMIN } from '../data.ts';
import { houseClient } from '../client.ts';
import { say, type Figure } from '../report.ts';
import { fetchAll, type Cursor } from './cursors.ts';
import { pairingCode, PASSWORD, startHub } from './place.ts';

const DEVICES = 1_000;
const REAL = 10;
const CHANGES = 100;
const LOOK_MS = 100;

/** A hub with a thousand devices: ten that write and apply, the others fetch what those wrote and hash it. */
export async function thousandDevices(base: string): Promise<Figure[]> {
  const { hub, server } = await startHub(join(base, 'many'));
  const cores: Core[] = [];
  let rss = 0;
  const looking = setInterval(() => (rss = Math.max(rss, server.rssMib() ?? Number.NaN)), LOOK_MS);
  try {
    for (let index = 0; index < REAL; index++) {
      const core = await createCore({ config: readConfig({ dataDir: join(base, `many-${index}`) }, {}), log: createLog('warn') });
      cores.push(core);
      await core.house.sync.join({ hub: `127.0.0.1:${hub.lanPort}`, code: await pairingCode(hub, ADMIN.email), password: PASSWORD });
    }
    const organization = cores[0]?.house.organizations.list()[0]?.id ?? '';
    const engineOf = (core: Core) => core.house.sync.engine(organization);
    const [some] = cores;
    const known = some?.house.sync.hubOf(organization);
    if (!some || !known) throw new Error('nobody has joined');
    const start = engineOf(some).pullRequest(false);
    const cursors: Cursor[] = Array.from({ length: DEVICES - REAL }, (_, index) => ({ device: `cursor-${index}`, place: start.cursor, hash: '' }));
    const talk = { url: known.url, authority: known.authority, peer: known.peer_id, key: deviceKey(some.house.sync.db), organization, epoch: start.epoch };

    say(`${REAL} devices write ${CHANGES} changes each, ${cursors.length} cursors fetch them`);
    for (const core of cores) {
      const client = houseClient(core);
      for (let index = 0; index < CHANGES; index++) await client.clients.create({ name: `ООО «Замер ${index}»`, phone: '+79991234567', address: 'Москва, ул. Мясницкая, 24' });
    }
    const [started, before] = [performance.now(), server.cpuMs() ?? Number.NaN];
    const exchangeAll = (): Promise<unknown> => Promise.all(cores.map((core) => core.house.sync.exchangeNow(organization)));
    const [, during] = await Promise.all([exchangeAll(), fetchAll(talk, cursors)]);
    const behind = await fetchAll(talk, cursors);
    const ms = performance.now() - started;
    // Those that ended early have not read what the later ones sent.
    await exchangeAll();
    const states = new Set(cores.map((core) => engineOf(core).stateHash()));
    const agree = states.size === 1 && cores.every((core) => engineOf(core).status(false).synchronised) && new Set(cursors.map((cursor) => `${cursor.place.position} ${cursor.hash}`)).size === 1 && cursors[0]?.place.position === engineOf(some).status(false).cursor;
    return [
      { name: 'thousand_devices_agree', value: agree ? 1 : 0, unit: 'of 1', target: { at_least: 1 } },
      { name: 'thousand_devices_hub_rss', value: rss, unit: 'MiB', target: { at_most: 400 } },
      { name: 'thousand_devices_seconds', value: ms / 1000, unit: 's' },
      { name: 'thousand_devices_hub_cpu', value: ((server.cpuMs() ?? Number.NaN) - before) / 1000, unit: 's' },
      { name: 'thousand_devices_requests', value: during + behind, unit: 'requests' },
    ];
  } finally {
    clearInterval(looking);
    for (const core of cores) await core.close();
    await server.stop();
  }
}
