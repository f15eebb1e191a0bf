import Database from 'better-sqlite3';
import { performance } from 'node:perf_hooks';
import { v7 as uuidv7 } from 'uuid';
import { openCore, warm, workingData } from './lib/data.ts';
import { houseClient } from './lib/client.ts';
import { median, readOptions, report, say, type Figure } from './lib/report.ts';

const options = readOptions();
/** Both sides take turns in short rounds, so that a disk that is slow for a while is slow for both. */
const ROUNDS = 30;
const PER_ROUND = 60;
const TOGETHER = 10;

const data = await workingData(options.size);
const rawData = await workingData(options.size);
const core = await openCore(data.dir);
try {
  warm(data.file);
  warm(rawData.file);
  const client = houseClient(core);
  const [engineer] = (await client.users.list({ role: ['engineer'], limit: 1, sort: 'full_name' })).items;
  const input = (index: number) => ({ client_id: 1 + ((index * 7919) % data.sizes.clients), subject: `Не печатает принтер: бухгалтерия, место ${index}`, description: 'Задания висят в очереди, перезагрузка не помогла.', priority: 'high' as const, assigned_to: engineer?.id, due_date: '2026-06-20' });
  let made = 0;
  const create = () => client.tickets.create(input(made++));
  const first = await create();

  const raw = new Database(rawData.file);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'wal_autocheckpoint = 2000', 'cache_size = -24576']) raw.pragma(pragma);
  const columns = (raw.pragma('table_info(tickets)') as { name: string }[]).map((column) => column.name).filter((name) => name !== 'rid');
  const indexes = (raw.pragma('index_list(tickets)') as unknown[]).length;
  const sample = core.house.organizations.open(core.house.organizations.list()[0]?.id ?? '').read.get<Record<string, string | number | null>>('SELECT * FROM tickets WHERE id = ?', first.id);
  const clientIds = raw.prepare('SELECT id FROM clients').pluck().all() as string[];
  const insert = raw.prepare(`INSERT INTO tickets (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  let inserted = 0;
  const insertRaw = (): void => {
    const index = inserted++;
    const now = new Date().toISOString();
    const own: Record<string, string | number | undefined> = { id: uuidv7(), no: 10_000_000 + index, created_at: now, updated_at: now, client_id: clientIds[(index * 7919) % clientIds.length], subject: `Не печатает принтер: бухгалтерия, место ${index}` };
    insert.run(...columns.map((column) => own[column] ?? sample?.[column] ?? null));
  };

  const rate = async (count: number, work: () => unknown): Promise<number> => {
    const started = performance.now();
    for (let index = 0; index < count; index++) await work();
    return (count / (performance.now() - started)) * 1000;
  };
  await rate(PER_ROUND * 2, create);
  await rate(PER_ROUND * 2, insertRaw);
  const rounds: { ours: number; raw: number; together: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await rate(PER_ROUND, create);
    const bare = await rate(PER_ROUND, insertRaw);
    const together = (await rate(PER_ROUND / TOGETHER, () => Promise.all(Array.from({ length: TOGETHER }, create)))) * TOGETHER;
    rounds.push({ ours, raw: bare, together });
  }
  raw.close();
  say(`${ROUNDS} rounds of ${PER_ROUND}; ${indexes} indexes, synchronous=FULL on both sides`);
  const figures: Figure[] = [
    { name: 'share_of_raw', value: median(rounds.map((round) => round.ours / round.raw)), unit: 'times', target: { at_least: 0.2 } },
    { name: 'creates_per_second', value: median(rounds.map((round) => round.ours)), unit: '1/s' },
    { name: 'raw_inserts_per_second', value: median(rounds.map((round) => round.raw)), unit: '1/s' },
    { name: 'creates_per_second_ten_at_once', value: median(rounds.map((round) => round.together)), unit: '1/s' },
  ];
  report('write', options, figures, { ...data.sizes, ticket_indexes: indexes, synchronous: 'FULL' });
} finally {
  await core.close();
  data.remove();
  rawData.remove();
}
