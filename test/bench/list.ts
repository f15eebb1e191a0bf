import Database from 'better-sqlite3';
import { performance } from 'node:perf_hooks';
import type { Db, SqlValue } from '../../src-main/store/sqlite.ts';
import { houseClient } from './lib/client.ts';
import { openCore, warm, workingData } from './lib/data.ts';
import { generateLoadIfAsked, sendLoad, type Request } from './lib/load.ts';
import { deepCursor, pathOf, someNumbers, ticketQueries, type TicketQuery } from './lib/queries.ts';
import { median, percentile, readOptions, report, round, say, type Figure } from './lib/report.ts';
import { signIn, startServer } from './lib/server.ts';

await generateLoadIfAsked();
const options = readOptions();
const PAGE = 50;
/** Pages of 200 behind which a deep page begins: 20,000 rows. */
const DEEP = 100;
const CALLS = 150;

interface Statement {
  sql: string;
  params: SqlValue[];
}
interface Measured {
  name: string;
  ours: number;
  raw: number;
}

/** What a call asks of the store: the statements of the reading connection while it runs. */
async function statementsOf(read: Db, call: () => Promise<unknown>): Promise<Statement[]> {
  const asked: Statement[] = [];
  const { all, get } = read;
  Object.assign(read, {
    all: (sql: string, ...params: SqlValue[]) => (asked.push({ sql, params }), all(sql, ...params)),
    get: (sql: string, ...params: SqlValue[]) => (asked.push({ sql, params }), get(sql, ...params)),
  });
  try {
    await call();
  } finally {
    Object.assign(read, { all, get });
  }
  return asked;
}

const data = await workingData(options.size);
try {
  const server = await startServer(data.dir);
  const cursors: { query: TicketQuery; deep: string | undefined }[] = [];
  let load: Awaited<ReturnType<typeof sendLoad>>;
  try {
    const token = await signIn(server.url);
    const { engineers, clients } = await someNumbers(server.url, token);
    for (const query of ticketQueries(engineers.slice(0, 2), clients.slice(0, 2))) cursors.push({ query, deep: await deepCursor(server.url, token, query, DEEP) });
    const requests: Request[] = cursors.flatMap(({ query, deep }) => [{ method: 'GET' as const, path: pathOf(query, PAGE) }, ...(deep ? [{ method: 'GET' as const, path: pathOf(query, PAGE, deep) }] : [])]);
    warm(data.file);
    const common = { url: server.url, token, connections: 10, requests };
    await sendLoad({ ...common, seconds: Math.max(2, options.seconds / 5) });
    load = await sendLoad({ ...common, seconds: options.seconds });
  } finally {
    await server.stop();
  }

  const core = await openCore(data.dir);
  const raw = new Database(data.file, { readonly: true });
  raw.pragma('cache_size = -65536');
  const measured: Measured[] = [];
  try {
    warm(data.file);
    const client = houseClient(core);
    const { read } = core.house.organizations.open(core.house.organizations.list()[0]?.id ?? '');
    for (const { query, deep } of cursors) {
      for (const cursor of deep ? [undefined, deep] : [undefined]) {
        const { name, ...filters } = query;
        const call = () => client.tickets.list({ ...filters, limit: PAGE, cursor } as Parameters<typeof client.tickets.list>[0]);
        const bare = (await statementsOf(read, call)).filter(({ sql }) => /FROM tickets|json_each/.test(sql)).map(({ sql, params }) => ({ statement: raw.prepare(sql), params }));
        const ours: number[] = [];
        const theirs: number[] = [];
        for (let turn = 0; turn < CALLS; turn++) {
          let started = performance.now();
          await call();
          ours.push(performance.now() - started);
          started = performance.now();
          for (const { statement, params } of bare) statement.all(...params);
          theirs.push(performance.now() - started);
        }
        measured.push({ name: `${name}, ${cursor ? 'deep' : 'first'} page`, ours: median(ours), raw: median(theirs) });
      }
    }
  } finally {
    raw.close();
    await core.close();
  }
  for (const { name, ours, raw: bare } of measured) say(`  ${name}: ${round(ours)} ms, raw ${round(bare)} ms, ${round(ours / bare)} times`);
  const ratios = measured.map(({ ours, raw: bare }) => ours / bare);
  const figures: Figure[] = [
    { name: 'times_raw_median', value: median(ratios), unit: 'times', target: { at_most: 3 } },
    { name: 'times_raw_worst', value: percentile(ratios, 1), unit: 'times', target: { at_most: 3 } },
    { name: 'page_median', value: median(measured.map((one) => one.ours)), unit: 'ms' },
    { name: 'page_worst', value: percentile(measured.map((one) => one.ours), 1), unit: 'ms' },
    { name: 'rest_p95_ten_connections', value: load.p95, unit: 'ms', target: { at_most: 20 } },
    { name: 'rest_pages_per_second', value: load.perSecond, unit: '1/s' },
    { name: 'failed', value: load.failed, unit: 'requests', target: { at_most: 0 } },
  ];
  report('list', options, figures, { ...data.sizes, page: PAGE, lists: measured.length });
} finally {
  data.remove();
}
