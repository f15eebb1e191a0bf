import { warm, workingData } from './lib/data.ts';
import { generateLoadIfAsked, sendLoad, type Request } from './lib/load.ts';
import { deepCursor, pathOf, someNumbers, ticketQueries } from './lib/queries.ts';
import { readOptions, report, say, type Figure } from './lib/report.ts';
import { getJson, signIn, startServer } from './lib/server.ts';

await generateLoadIfAsked();
const options = readOptions();
const CONNECTIONS = 10;
const PAGE = 50;
/** Pages of 200 behind which a deep page begins. */
const DEEP = 50;

const data = await workingData(options.size);
const server = await startServer(data.dir);
try {
  const token = await signIn(server.url);
  const { engineers, clients } = await someNumbers(server.url, token);
  const pages: Request[] = [];
  for (const query of ticketQueries(engineers, clients)) {
    pages.push({ method: 'GET', path: pathOf(query, PAGE) });
    const { next_cursor } = await getJson<{ next_cursor: string | null }>(server.url + pathOf(query, PAGE), token);
    if (next_cursor) pages.push({ method: 'GET', path: pathOf(query, PAGE, next_cursor) });
    const deep = await deepCursor(server.url, token, query, DEEP);
    if (deep) pages.push({ method: 'GET', path: pathOf(query, PAGE, deep) });
  }
  const creates: Request[] = Array.from({ length: 2000 }, (_, index) => ({
    method: 'POST',
    path: '/api/tickets',
    body: JSON.stringify({ client_id: 1 + ((index * 7919) % data.sizes.clients), subject: `Не печатает принтер: бухгалтерия, место ${index}`, description: 'Задания висят в очереди, перезагрузка не помогла.', priority: 'high', assigned_to: engineers[index % engineers.length], due_date: '2026-06-20' }),
  }));
  const load = { url: server.url, token, connections: CONNECTIONS };
  const measure = async (requests: Request[]): Promise<{ result: Awaited<ReturnType<typeof sendLoad>>; cpu: number | null }> => {
    warm(data.file);
    await sendLoad({ ...load, requests, seconds: Math.max(2, options.seconds / 5) });
    const before = server.cpuMs();
    const result = await sendLoad({ ...load, requests, seconds: options.seconds });
    const after = server.cpuMs();
    return { result, cpu: before === null || after === null ? null : (after - before) / result.total };
  };

  say(`${pages.length} different pages of ${PAGE}, ${CONNECTIONS} connections, ${options.seconds} s`);
  const read = await measure(pages);
  say('creating tickets');
  const written = await measure(creates);
  const figures: Figure[] = [
    { name: 'pages_per_second', value: read.result.perSecond, unit: '1/s', target: { at_least: 1000, goal: 1500 } },
    { name: 'page_p50', value: read.result.p50, unit: 'ms' },
    { name: 'page_p95', value: read.result.p95, unit: 'ms' },
    { name: 'page_p99', value: read.result.p99, unit: 'ms' },
    { name: 'creates_per_second', value: written.result.perSecond, unit: '1/s', target: { at_least: 800, goal: 1000 } },
    { name: 'create_p95', value: written.result.p95, unit: 'ms' },
    { name: 'failed', value: read.result.failed + written.result.failed, unit: 'requests', target: { at_most: 0 } },
    ...(read.cpu === null ? [] : [{ name: 'server_cpu_per_page', value: read.cpu, unit: 'ms' }]),
    ...(written.cpu === null ? [] : [{ name: 'server_cpu_per_create', value: written.cpu, unit: 'ms' }]),
    { name: 'rss_after', value: server.rssMib() ?? Number.NaN, unit: 'MiB' },
  ];
  report('rest', options, figures, { ...data.sizes, page: PAGE, connections: CONNECTIONS, different_pages: pages.length });
} finally {
  await server.stop();
  data.remove();
}
