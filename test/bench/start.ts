import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCore, warm, workingData } from './lib/data.ts';
import { median, readOptions, report, say, type Figure } from './lib/report.ts';
import { startServer } from './lib/server.ts';

const options = readOptions();
const ROUNDS = 7;
/** How long the program is left alone before its memory is looked at. */
const IDLE_MS = 5000;

const data = await workingData(options.size);
try {
  warm(data.file);
  const ready: number[] = [];
  let rss: number | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer(data.dir);
    ready.push(server.readyMs);
    say(`serves after ${Math.round(server.readyMs)} ms`);
    if (round === ROUNDS - 1) {
      await fetch(`${server.url}/health`);
      await sleep(IDLE_MS);
      rss = server.rssMib();
    }
    await server.stop();
  }
  const cores: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    const core = await openCore(data.dir);
    const [organization] = core.house.organizations.list();
    if (organization) core.house.organizations.open(organization.id).read.get('SELECT rid FROM tickets ORDER BY created_at DESC LIMIT 1');
    cores.push(performance.now() - started);
    await core.close();
  }
  const figures: Figure[] = [
    { name: 'process_start_to_serving', value: median(ready), unit: 'ms', target: { at_most: 400 } },
    { name: 'core_open', value: median(cores), unit: 'ms' },
    ...(rss === null ? [] : [{ name: 'rss_idle', value: rss, unit: 'MiB', target: { at_most: 200 } }]),
  ];
  report('start', options, figures, { ...data.sizes });
} finally {
  data.remove();
}
