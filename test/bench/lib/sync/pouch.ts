import { performance } from 'node:perf_hooks';
import memory from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb-core';
import replication from 'pouchdb-replication';

const BATCH = 1_000;
const RUNS = 2;

/** What PouchDB reaches with equal documents between two databases in memory, in changes a second; the better of two runs. */
export async function pouchPerSecond(documents: number): Promise<number> {
  PouchDB.plugin(memory).plugin(replication);
  let best = 0;
  for (let run = 0; run < RUNS; run++) {
    const [from, to] = [new PouchDB(`from-${run}`, { adapter: 'memory' }), new PouchDB(`to-${run}`, { adapter: 'memory' })];
    await from.bulkDocs(Array.from({ length: documents }, (_, index) => ({ _id: `client-${index}`, name: `ООО «Замер ${index}»`, phone: '+79991234567', phones: [], address: 'Москва, ул. Мясницкая, 24', comment: 'Вход со двора', created_at: '2026-06-15T06:00:00.000Z' })));
    const started = performance.now();
    const done = await PouchDB.replicate(from, to, { batch_size: BATCH });
    if (done.docs_written !== documents) throw new Error(`PouchDB wrote ${done.docs_written} of ${documents}`);
    best = Math.max(best, documents / ((performance.now() - started) / 1000));
    await from.destroy();
    await to.destroy();
  }
  return best;
}
