import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { amoExport } from '../support/amo-file.ts';
import { houseClient } from './lib/client.ts';
import { openCore, warm, workingData } from './lib/data.ts';
import { readOptions, report, say, type Figure } from './lib/report.ts';

const options = readOptions();
const ROWS = Math.max(500, Math.round(50_000 * Math.min(1, options.size)));
const LOOK_MS = 20;

const data = await workingData(options.size);
const core = await openCore(data.dir);
try {
  warm(data.file);
  const client = houseClient(core);
  const people = (await client.users.list({ limit: 5, sort: 'full_name' })).items.map((user) => user.full_name);
  const csv = amoExport(ROWS, { seed: 42, responsibles: people });
  const file = new File([csv], 'base.csv', { type: 'text/csv' });
  say(`${ROWS} rows, ${Math.round(file.size / 1024)} KiB, onto the whole base`);
  /** Waits until the import stands still. @returns seconds since `started`. */
  const finished = async (id: string, started: number): Promise<number> => {
    for (;;) {
      const info = await client.imports.get({ id });
      if (!['checking', 'running', 'undoing'].includes(info.state)) {
        if (info.state === 'failed') throw new Error(info.error ?? 'the import failed');
        say(`  ${info.state}: ${JSON.stringify(info.counts)}`);
        return (performance.now() - started) / 1000;
      }
      await sleep(LOOK_MS);
    }
  };
  let started = performance.now();
  const { id } = await client.imports.upload({ file });
  const uploaded = (performance.now() - started) / 1000;
  started = performance.now();
  await client.imports.check({ id });
  const checked = await finished(id, started);
  started = performance.now();
  await client.imports.run({ id });
  const written = await finished(id, started);
  const again = (await client.imports.upload({ file })).id;
  started = performance.now();
  await client.imports.run({ id: again });
  const repeated = await finished(again, started);
  started = performance.now();
  await client.imports.undo({ id });
  const undone = await finished(id, started);
  const figures: Figure[] = [
    { name: 'rows_per_second', value: ROWS / written, unit: '1/s', target: { at_least: 5000 } },
    { name: 'dry_run_rows_per_second', value: ROWS / checked, unit: '1/s' },
    { name: 'same_file_again_rows_per_second', value: ROWS / repeated, unit: '1/s' },
    { name: 'undo_rows_per_second', value: ROWS / undone, unit: '1/s' },
    { name: 'upload', value: uploaded, unit: 's' },
  ];
  report('import', options, figures, { ...data.sizes, rows: ROWS, bytes: file.size });
} finally {
  await core.close();
  data.remove();
}
