import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCore } from './lib/data.ts';
import { readOptions, report, say, type Figure } from './lib/report.ts';
import { captureCost } from './lib/sync/capture.ts';
import { live } from './lib/sync/live.ts';
import { thousandDevices } from './lib/sync/many.ts';
import { pouchPerSecond } from './lib/sync/pouch.ts';
import { relay } from './lib/sync/relay.ts';
import { joinLarge } from './lib/sync/snapshot.ts';

const USUAL_CHANGES = 10_000;
/** Of the firm whose snapshot is sent, unless told otherwise: a hundred thousand rows. A million are `--size 0.5`. */
const USUAL_SIZE = 0.05;
const PARTS = ['capture', 'relay', 'live', 'snapshot', 'many'] as const;

const words = process.argv.slice(2);
const read = readOptions(words);
const options = { ...read, size: words.includes('--size') ? read.size : USUAL_SIZE };
const changes = words.includes('--changes') ? Number(words[words.indexOf('--changes') + 1]) : USUAL_CHANGES;
const only = words.includes('--only') ? (words[words.indexOf('--only') + 1] ?? '').split(',') : PARTS;
const wanted = (part: (typeof PARTS)[number]): boolean => only.includes(part);

const base = mkdtempSync(join(tmpdir(), 'polevik-bench-sync-'));
const figures: Figure[] = [];
const data: Record<string, unknown> = { transport: 'TLS over loopback, a process for each' };
try {
  if (wanted('capture')) {
    say('clients created with and without the log, turn by turn');
    const core = await openCore(join(base, 'capture'));
    figures.push(...captureCost(core));
    await core.close();
  }
  if (wanted('relay')) {
    const done = await relay(base, changes);
    say('the same number of documents between two databases of PouchDB');
    const pouch = await pouchPerSecond(changes);
    figures.push(...done.figures, { name: 'pouchdb_per_second', value: pouch, unit: '1/s' }, { name: 'times_pouchdb', value: done.perSecond / pouch, unit: 'times', target: { at_least: 2 } });
    data['changesets'] = done.changesets;
  }
  if (wanted('live')) {
    const done = await live(base);
    figures.push(...done.figures);
    data['live_update_samples_ms'] = done.samples;
  }
  if (wanted('snapshot')) {
    const done = await joinLarge(base, options.size);
    figures.push(...done.figures);
    data['snapshot_rows'] = done.rows;
  }
  if (wanted('many')) figures.push(...(await thousandDevices(base)));
  report('sync', options, figures, data);
} finally {
  rmSync(base, { recursive: true, force: true });
}
