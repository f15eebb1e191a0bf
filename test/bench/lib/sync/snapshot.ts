import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { totalOf } from '../../../../src-main/seed/index.ts';
import { ADMIN, warm, workingData } from '../data.ts';
import { say, type Figure } from '../report.ts';
import { startServer } from '../server.ts';
import { freePort, joinHub, LOOPBACK, whenShared } from './place.ts';

/** A new device of a large firm: pairing, snapshot made, sent, proven and put in its place. */
export async function joinLarge(base: string, size: number): Promise<{ figures: Figure[]; rows: number }> {
  const data = await workingData(size);
  const rows = totalOf(data.sizes);
  const hub = { dir: data.dir, lanPort: await freePort() };
  const server = await startServer(hub.dir, ['hub', '--lan-port', String(hub.lanPort)], LOOPBACK);
  try {
    warm(data.file);
    await whenShared(hub, ADMIN.email);
    say(`a new device starts from a snapshot of ${rows.toLocaleString('en')} rows`);
    const before = server.cpuMs() ?? Number.NaN;
    const ms = await joinHub(hub, join(base, 'joined'), ADMIN.email);
    const cpu = (server.cpuMs() ?? Number.NaN) - before;
    return {
      rows,
      figures: [
        { name: 'join_from_snapshot', value: ms / 1000, unit: 's' },
        { name: 'join_seconds_per_million_rows', value: (ms / 1000 / rows) * 1_000_000, unit: 's', target: { at_most: 15 } },
        { name: 'join_hub_cpu_per_million_rows', value: (cpu / 1000 / rows) * 1_000_000, unit: 's' },
      ],
    };
  } finally {
    await server.stop();
    data.remove();
    rmSync(join(base, 'joined'), { recursive: true, force: true });
  }
}
