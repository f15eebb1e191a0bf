import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { FEED_NAME, SIGNATURE_ENDING } from '../../src-shared/updates/model.ts';
import { readRanges, type ByteRange } from '../../src-shared/updates/ranges.ts';
import type { UpdatesFolder } from './folder.ts';

/** Requests of one address and minute; an installation that fetches differences needs a few dozen. */
const LIMIT = { max: 600, timeWindow: 60_000 };
const PIECE = 256 * 1024;

const typeOf = (name: string): string => (FEED_NAME.test(name) ? 'application/yaml' : name.endsWith(SIGNATURE_ENDING) ? 'application/json' : 'application/octet-stream');

/** Bytes of an open file, piece by piece, at the reader's pace. */
async function* bytesOf(handle: FileHandle, { start, end }: ByteRange): AsyncGenerator<Buffer> {
  for (let at = start; at <= end; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(PIECE, end - at + 1)), 0, Math.min(PIECE, end - at + 1), at);
    if (bytesRead === 0) throw new Error('the file has become shorter');
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

interface Part {
  head: Buffer;
  range: ByteRange;
}

/** The parts of `multipart/byteranges` (RFC 9110, 14.6) with their heads; the first one begins with its boundary. */
function partsOf(ranges: readonly ByteRange[], size: number, type: string, boundary: string): { parts: Part[]; tail: Buffer; length: number } {
  const parts = ranges.map((range, index) => ({ range, head: Buffer.from(`${index > 0 ? '\r\n' : ''}--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: bytes ${range.start}-${range.end}/${size}\r\n\r\n`) }));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return { parts, tail, length: parts.reduce((sum, { head, range }) => sum + head.length + range.end - range.start + 1, tail.length) };
}

async function* multipart(handle: FileHandle, parts: readonly Part[], tail: Buffer): AsyncGenerator<Buffer> {
  for (const { head, range } of parts) {
    yield head;
    yield* bytesOf(handle, range);
  }
  yield tail;
}

/** What a HEAD or GET is answered with, before any byte is read. */
async function serve(folder: UpdatesFolder | null, name: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const found = folder && (await folder.open(name));
  if (!found) return void (await reply.status(404).send({ code: 'NOT_FOUND', message: 'No such file' }));
  const { handle, size, sha512 } = found;
  const etag = `"${sha512.slice(0, 43)}"`;
  const type = typeOf(name);
  void reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'" });
  const end = async (status: number): Promise<void> => {
    await handle.close();
    await reply.status(status).send();
  };
  if (request.headers['if-none-match'] === etag) return end(304);
  const ifRange = request.headers['if-range'];
  const ranges = ifRange !== undefined && ifRange !== etag ? null : readRanges(request.headers.range, size);
  if (ranges === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${size}`);
    return end(416);
  }
  const [only, ...more] = ranges ?? [{ start: 0, end: size - 1 }];
  if (!only) return end(416);
  let length = only.end - only.start + 1;
  let body: () => AsyncGenerator<Buffer> = () => bytesOf(handle, only);
  if (more.length > 0) {
    const boundary = randomBytes(18).toString('hex');
    const made = partsOf([only, ...more], size, type, boundary);
    length = made.length;
    body = () => multipart(handle, made.parts, made.tail);
    void reply.type(`multipart/byteranges; boundary=${boundary}`);
  } else {
    void reply.type(type);
    if (ranges) void reply.header('content-range', `bytes ${only.start}-${only.end}/${size}`);
  }
  void reply.status(ranges ? 206 : 200).header('content-length', length);
  if (request.method === 'HEAD') {
    await handle.close();
    return void (await reply.send());
  }
  const stream = Readable.from(body(), { objectMode: false });
  stream.once('close', () => void handle.close().catch(() => undefined));
  await reply.send(stream);
}

/**
 * `/updates/<name>`: the files of a signed feed, for whoever asks. No session is wanted, since an installation updates itself before
 * anybody has signed in, and since what lies there is the program that everybody has. There is no list and no other name.
 */
export function registerUpdates(app: FastifyInstance, folder: () => UpdatesFolder | null): void {
  void app.register(async (scope) => {
    scope.route<{ Params: { name: string } }>({
      method: ['GET', 'HEAD'],
      url: '/updates/:name',
      config: { rateLimit: LIMIT },
      helmet: false,
      exposeHeadRoute: false,
      handler: (request, reply) => serve(folder(), request.params.name, request, reply),
    });
  });
}
