import type { Instance, Options as LoadOptions, Result } from 'autocannon';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { percentile } from './report.ts';

export interface Request {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

export interface Load {
  url: string;
  token: string;
  connections: number;
  seconds: number;
  requests: Request[];
}

export interface LoadResult {
  /** Answers with a status of 200 to 299, per second. */
  perSecond: number;
  total: number;
  failed: number;
  p50: number;
  p95: number;
  p99: number;
  mbPerSecond: number;
}

/** Sends the requests in turn over so many connections, from a process of its own. */
export async function sendLoad(load: Load): Promise<LoadResult> {
  const child = spawn(process.execPath, [process.argv[1] ?? '', '--generate-load'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(load));
  const answer = await text(child.stdout);
  return JSON.parse(answer) as LoadResult;
}

/** The other side of `sendLoad`: when this process was started for it, generates the load and ends. */
export async function generateLoadIfAsked(): Promise<void> {
  if (process.argv[2] !== '--generate-load') return;
  const load = JSON.parse(await text(process.stdin)) as Load;
  // Out of the bundle: it starts threads from files beside its own.
  const autocannon = createRequire(import.meta.url)('autocannon') as (options: LoadOptions, done: (error: Error | null, result: Result) => void) => Instance;
  const times: number[] = [];
  const result = await new Promise<Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url: load.url,
        connections: load.connections,
        duration: load.seconds,
        requests: load.requests.map((request) => ({ ...request, headers: { authorization: `Bearer ${load.token}`, ...(request.body ? { 'content-type': 'application/json' } : {}) } })),
      },
      (error, done) => (error ? reject(error) : resolve(done)),
    );
    instance.on('response', (_client, _status, _bytes, time) => times.push(time));
  });
  const answer: LoadResult = {
    perSecond: result['2xx'] / result.duration,
    total: result['2xx'],
    failed: result.non2xx + result.errors + result.timeouts,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    mbPerSecond: result.throughput.average / 1e6,
  };
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
  await new Promise(() => {});
}
