import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FEED_NAME, type SignedFile } from '../../src-shared/updates/model.ts';
import { readRanges, type ByteRange } from '../../src-shared/updates/ranges.ts';
import type { VerifiedFeed } from './feed.ts';
import { openFile, type UpdateSource } from './source.ts';

/** Attempts to go on after a cut without a single byte in between. */
const ATTEMPTS = 5;
const WAIT_MS = 1_000;
/** The ranges of a large installer stand in one header. */
export const MAX_HEADER_BYTES = 64 * 1024;

/**
 * The verified feed and its files on a loopback port of its own, for electron-updater, whose own connections know no pinned authority.
 * What is not in the statement is not there; the path holds a secret, so that another program of the machine cannot use it as a way to the hub.
 */
export interface Relay {
  url: string;
  /** Bytes that have come from the source so far, feeds aside. */
  readonly received: number;
  close(): Promise<void>;
}

class Refused extends Error {}

/** Opens the relay for one feed. `waitMs` is how long it waits before it goes on after a cut. */
export async function openRelay(source: UpdateSource, found: VerifiedFeed, waitMs = WAIT_MS): Promise<Relay> {
  const secret = randomBytes(24).toString('base64url');
  const files = new Map(found.statement.files.map((file) => [file.name, file]));
  const ending = new AbortController();
  let received = 0;

  /** The bytes of a range; a connection that is cut is taken up again where it broke off. */
  async function* pull(file: SignedFile, range: ByteRange): AsyncGenerator<Buffer> {
    let at = range.start;
    for (let failures = 0; at <= range.end; ) {
      try {
        const response = await openFile(source, file.name, { range: `bytes=${at}-${range.end}` }, ending.signal);
        if (response.statusCode !== 206 || response.headers['content-range'] !== `bytes ${at}-${range.end}/${file.size}`) {
          response.destroy();
          throw new Refused(`the hub answered ${response.statusCode}`);
        }
        for await (const piece of response as AsyncIterable<Buffer>) {
          if (at + piece.length > range.end + 1) throw new Refused('the hub sends more than was asked for');
          at += piece.length;
          received += piece.length;
          failures = 0;
          yield piece;
        }
        if (at <= range.end) throw new Error('cut');
      } catch (error) {
        failures += 1;
        if (error instanceof Refused || ending.signal.aborted || failures >= ATTEMPTS) throw error;
        await sleep(waitMs * failures, undefined, { signal: ending.signal });
      }
    }
  }

  /** Several ranges at once go through as they are: electron-updater fetches the whole file when such an answer breaks off. */
  async function passOn(request: IncomingMessage, response: ServerResponse, file: SignedFile): Promise<void> {
    const answer = await openFile(source, file.name, { range: request.headers.range ?? '' }, ending.signal);
    answer.on('data', (piece: Buffer) => (received += piece.length));
    const { 'content-type': type, 'content-length': length } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { 'accept-ranges': 'bytes', ...(type ? { 'content-type': type } : {}), ...(length ? { 'content-length': length } : {}) });
    await pipeline(answer, response);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://relay').pathname;
    const prefix = `/${secret}/`;
    const name = path.startsWith(prefix) ? decodeURIComponent(path.slice(prefix.length)) : '';
    if (request.method !== 'GET' || name === '') return void response.writeHead(404).end();
    // One feed is here, under whatever name the updater of a platform looks for it.
    if (FEED_NAME.test(name)) return void response.writeHead(200, { 'content-type': 'application/yaml', 'content-length': found.bytes.length }).end(found.bytes);
    const file = files.get(name);
    if (!file) return void response.writeHead(404).end();
    const ranges = readRanges(request.headers.range, file.size);
    if (ranges === 'unsatisfiable') return void response.writeHead(416, { 'content-range': `bytes */${file.size}` }).end();
    if (ranges && ranges.length > 1) return passOn(request, response, file);
    const range = ranges?.[0] ?? { start: 0, end: file.size - 1 };
    response.writeHead(ranges ? 206 : 200, {
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
      'content-length': range.end - range.start + 1,
      ...(ranges ? { 'content-range': `bytes ${range.start}-${range.end}/${file.size}` } : {}),
    });
    await pipeline(Readable.from(pull(file, range), { objectMode: false }), response);
  }

  const server: Server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    // Whatever breaks off is seen by the one who asked, as a cut.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/${secret}/`,
    get received() {
      return received;
    },
    close: () => {
      ending.abort();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
