import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ADMIN } from './lib/data.ts';
import { generateLoadIfAsked, sendLoad } from './lib/load.ts';
import { readOptions, report, say } from './lib/report.ts';
import { getJson, postJson, runProgram, signIn, startServer } from './lib/server.ts';

await generateLoadIfAsked();
const options = readOptions();
const CHANGES = 10_000;
const CONNECTIONS = 20;
const PASSWORD = 'Пароль-для-замеров-1';
/** Columns of a client's row that travel. */
const CELLS = 20;
const LAN = '7499';

const base = mkdtempSync(join(tmpdir(), 'polevik-bench-sync-'));
const folder = (name: string): string => join(base, name);
interface State {
  waiting: number;
  synchronised: boolean;
}

/** A new installation that joins the hub. @returns how long that took */
async function newDevice(name: string): Promise<number> {
  const { code } = (await runProgram(folder('hub'), ['pair', '--for', ADMIN.email])) as { code: string };
  const started = performance.now();
  await runProgram(folder(name), ['pair', '--code', code, '--hub', `127.0.0.1:${LAN}`], { POLEVIK_PASSWORD: PASSWORD });
  return performance.now() - started;
}

try {
  await runProgram(folder('hub'), ['init-db'], { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, ADMIN_NAME: 'Замерщик', ADMIN_ORGANIZATION: 'Замеры' });
  const hub = await startServer(folder('hub'), ['hub', '--lan-port', LAN]);
  try {
    await newDevice('first');
    await newDevice('second');
    const first = await startServer(folder('first'));
    const second = await startServer(folder('second'));
    try {
      const tokens = { first: await signIn(first.url, PASSWORD), second: await signIn(second.url, PASSWORD) };
      for (const [server, token] of [[first, tokens.first], [second, tokens.second]] as const) await postJson(`${server.url}/api/sync/offline`, token, { offline: true });
      say(`${CHANGES} one-row changesets on the first device`);
      for (let made = 0; made < CHANGES; ) {
        const { total } = await sendLoad({ url: first.url, token: tokens.first, connections: CONNECTIONS, seconds: 3, requests: [{ method: 'POST', path: '/api/clients', body: JSON.stringify({ name: 'ООО «Замер»', phone: '+79991234567', address: 'Москва, ул. Мясницкая, 24', comment: 'Вход со двора' }) }] });
        made += total;
      }
      const { waiting } = await getJson<State>(`${first.url}/api/sync/status`, tokens.first);
      const timed = async (server: { url: string }, token: string): Promise<number> => {
        const started = performance.now();
        const state = await postJson<State>(`${server.url}/api/sync/now`, token, {});
        if (!state.synchronised) throw new Error('the copies do not agree');
        return performance.now() - started;
      };
      say(`sending ${waiting} changesets, then fetching them on the second device`);
      const up = await timed(first, tokens.first);
      const down = await timed(second, tokens.second);
      say('a third device starts from the snapshot');
      const started = await newDevice('third');
      report(
        'sync',
        options,
        [
          { name: 'changesets_per_second_end_to_end', value: waiting / ((up + down) / 1000), unit: '1/s', target: { at_least: 5_000 } },
          { name: 'push_per_second', value: waiting / (up / 1000), unit: '1/s' },
          { name: 'pull_and_apply_per_second', value: waiting / (down / 1000), unit: '1/s' },
          { name: 'cells_applied_per_second', value: (waiting * CELLS) / (down / 1000), unit: '1/s', target: { at_least: 30_000 } },
          { name: 'join_from_snapshot', value: started, unit: 'ms' },
          { name: 'hub_rss_after', value: hub.rssMib() ?? Number.NaN, unit: 'MiB', target: { at_most: 400 } },
        ],
        { changesets: waiting, cells_a_row: CELLS, transport: 'TLS over loopback, three processes' },
      );
    } finally {
      await second.stop();
      await first.stop();
    }
  } finally {
    await hub.stop();
  }
} finally {
  rmSync(base, { recursive: true, force: true });
}
