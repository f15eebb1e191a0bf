import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN } from '../data.ts';
import { median, say, type Figure } from '../report.ts';
import { getJson, postJson, signIn, startServer, type Server } from '../server.ts';
import { joinHub, PASSWORD, startHub } from './place.ts';

const SAMPLES = 30;
/** Between two writes: sometimes all is at rest again, sometimes the copies still compare themselves. */
const PAUSE_MS = { least: 100, most: 1_500 };
const LONGEST_MS = 30_000;

/** The stream of events that an open page of a program listens to. */
interface Listener {
  /** Resolves when the stream has named the row. */
  heard(id: string): Promise<void>;
  close(): void;
}

async function listenTo({ url }: Server, token: string): Promise<Listener> {
  const control = new AbortController();
  const response = await fetch(`${url}/events`, { headers: { authorization: `Bearer ${token}` }, signal: control.signal });
  if (!response.ok || !response.body) throw new Error(`${url}/events: ${response.status}`);
  const parts = response.body.pipeThrough(new TextDecoderStream());
  let said = '';
  let wake = (): void => {};
  void (async () => {
    for await (const part of parts) {
      said += part;
      wake();
    }
  })().catch(() => {});
  return {
    heard: async (id) => {
      const end = performance.now() + LONGEST_MS;
      while (!said.includes(id)) {
        if (performance.now() > end) throw new Error(`${id} was never told`);
        await Promise.race([new Promise<void>((done) => (wake = done)), sleep(LONGEST_MS, undefined, { ref: false })]);
      }
      said = '';
    },
    close: () => control.abort(),
  };
}

/** A row that is written at one device, until the open page of another one is told of it: a hub and two devices as programs of their own. */
export async function live(base: string): Promise<{ figures: Figure[]; samples: number[] }> {
  const { hub, server: hubServer } = await startHub(join(base, 'live-hub'));
  const [writing, reading] = [join(base, 'live-first'), join(base, 'live-second')];
  const started: Server[] = [hubServer];
  let listener: Listener | null = null;
  try {
    const device = async (dir: string): Promise<{ server: Server; token: string }> => {
      await joinHub(hub, dir, ADMIN.email);
      const server = await startServer(dir);
      started.unshift(server);
      const token = await signIn(server.url, PASSWORD);
      await postJson(`${server.url}/api/sync/now`, token, {});
      return { server, token };
    };
    const first = await device(writing);
    const second = await device(reading);
    listener = await listenTo(second.server, second.token);
    say(`${SAMPLES} rows are written at one device, and an open page of another listens`);
    const samples: number[] = [];
    for (let index = 0; index < SAMPLES; index++) {
      // Spread evenly over the pauses, in no order.
      await sleep(PAUSE_MS.least + ((index * 7) % SAMPLES) * ((PAUSE_MS.most - PAUSE_MS.least) / SAMPLES));
      const begun = performance.now();
      const { id } = await postJson<{ id: string }>(`${first.server.url}/api/clients`, first.token, { name: `ООО «Вживую ${index}»` });
      await listener.heard(id);
      samples.push(Math.round(performance.now() - begun));
      await getJson(`${second.server.url}/api/clients/${id}`, second.token);
    }
    return {
      samples,
      figures: [
        { name: 'live_update_median_ms', value: median(samples), unit: 'ms' },
        { name: 'live_update_ms', value: Math.max(...samples), unit: 'ms', target: { at_most: 1_000 } },
      ],
    };
  } finally {
    listener?.close();
    for (const server of started) await server.stop();
  }
}
