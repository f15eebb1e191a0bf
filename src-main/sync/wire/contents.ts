import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { MAX_ATTACHMENT } from '../../../src-shared/attachments/model.ts';
import { isSha256 } from '../../../src-shared/attachments/rules.ts';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import { PROTOCOL } from '../../../src-shared/sync/wire.ts';
import type { Contents } from '../../attachments/index.ts';
import type { KnownPeer } from './peers.ts';

/** Bytes of a content that go in one request: what a cut costs at the most. */
export const CHUNK = 1024 * 1024;
const MAX_CHUNK = 4 * CHUNK;
/** Hashes that are asked for at once. */
export const ASKED = 500;
const CHUNK_HASH = 'x-polevik-chunk';

const sha256 = z.string().refine(isSha256);
const heldRequest = z.object({ protocol: z.literal(PROTOCOL), hashes: z.array(sha256).max(ASKED) });
const heldReply = z.object({ held: z.array(sha256) });
const placeReply = z.object({ held: z.boolean(), received: z.number().int().nonnegative() });
/** How far a content has come at the hub. */
export type Place = z.infer<typeof placeReply>;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Transport {
  send(sending: { method: 'GET' | 'POST' | 'PUT'; path: string; raw?: Buffer; headers?: Record<string, string>; signal?: AbortSignal | undefined }): Promise<IncomingMessage>;
  json<T extends z.ZodType>(schema: T, sending: { method: 'GET' | 'POST' | 'PUT'; path: string; body?: unknown; raw?: Buffer; headers?: Record<string, string>; signal?: AbortSignal | undefined }): Promise<z.infer<T>>;
  refusalOf(response: IncomingMessage): Promise<AppError>;
}
type Signed = <T>(work: (headers: Record<string, string>) => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** What a device asks of its hub about contents. */
export interface ContentCalls {
  /** Which of these the hub has. */
  held(hashes: readonly string[], signal?: AbortSignal): Promise<string[]>;
  place(sha256: string, size: number, signal?: AbortSignal): Promise<Place>;
  /** The next bytes, with a hash of their own. @returns where the hub is now, which is where to go on */
  send(sha256: string, size: number, offset: number, bytes: Buffer, signal?: AbortSignal): Promise<Place>;
  /** From a byte on. @throws AppError NOT_FOUND where the hub has not got it */
  fetch(sha256: string, start: number, signal?: AbortSignal): Promise<IncomingMessage>;
}

export function createContentCalls(transport: Transport, signed: Signed): ContentCalls {
  return {
    held: (hashes, signal) => signed(async (headers) => (await transport.json(heldReply, { method: 'POST', path: '/sync/contents/held', body: { protocol: PROTOCOL, hashes }, headers, signal })).held, signal),
    place: (hash, size, signal) => signed((headers) => transport.json(placeReply, { method: 'GET', path: `/sync/contents/${hash}/place?size=${size}`, headers, signal }), signal),
    send: (hash, size, offset, bytes, signal) =>
      signed((headers) => transport.json(placeReply, { method: 'PUT', path: `/sync/contents/${hash}?size=${size}&offset=${offset}`, raw: bytes, headers: { ...headers, [CHUNK_HASH]: hashOf(bytes) }, signal }), signal),
    fetch: (hash, start, signal) =>
      signed(async (headers) => {
        const response = await transport.send({ method: 'GET', path: `/sync/contents/${hash}`, headers: { ...headers, range: `bytes=${start}-` }, signal });
        if (response.statusCode !== 200 && response.statusCode !== 206) throw await transport.refusalOf(response);
        return response;
      }, signal),
  };
}

interface HubParts {
  peerOf(request: FastifyRequest): KnownPeer;
  bodyOf<T extends z.ZodType>(request: FastifyRequest, schema: T): Promise<z.infer<T>>;
  sendJson(reply: FastifyReply, value: unknown): Promise<void>;
  contentsOf(organizationId: string): Contents;
  /** Whether a row of the organisation has a content of that hash and, where one is said, of that size. */
  isKnown(organizationId: string, sha256: string, size: number | null): boolean;
  onRevoked(listener: (key: string) => void): () => void;
}

type Asking = FastifyRequest<{ Params: { sha256: string }; Querystring: Record<string, string | undefined> }>;

/** `/sync/contents`: contents of files, in chunks that go on after a cut. The hub has a content once the whole has its hash, and not before. */
export function registerContents(scope: FastifyInstance, { peerOf, bodyOf, sendJson, contentsOf, isKnown, onRevoked }: HubParts): void {
  /** Contents that a peer is sending a chunk of: two at once would overwrite each other. */
  const busy = new Set<string>();
  const unreadable = (): AppError => new AppError('BAD_REQUEST', { detail: 'sync_unreadable' });
  const wholeNumber = (text: string | undefined): number => {
    const number = Number(text);
    if (text === undefined || !Number.isSafeInteger(number) || number < 0) throw unreadable();
    return number;
  };
  /** Contents come only for rows that are here: rows go first, and who may write them was judged then. */
  const named = (request: Asking, withSize: boolean): { peer: KnownPeer; sha256: string; size: number } => {
    const peer = peerOf(request);
    const hash = request.params.sha256;
    if (!isSha256(hash)) throw unreadable();
    const size = withSize ? wholeNumber(request.query['size']) : 0;
    if (size > MAX_ATTACHMENT) throw new AppError('TOO_LARGE', { params: { max: MAX_ATTACHMENT / CHUNK } });
    if (!isKnown(peer.organizationId, hash, withSize ? size : null)) throw new AppError('NOT_FOUND', { detail: 'content_unknown' });
    return { peer, sha256: hash, size };
  };

  scope.post('/sync/contents/held', async (request, reply) => {
    const peer = peerOf(request);
    const { hashes } = await bodyOf(request, heldRequest);
    const contents = contentsOf(peer.organizationId);
    const held: string[] = [];
    for (const hash of hashes) if (isKnown(peer.organizationId, hash, null) && (await contents.found(hash)) !== null) held.push(hash);
    await sendJson(reply, { held });
  });

  scope.get('/sync/contents/:sha256/place', async (request: Asking, reply) => {
    const { peer, sha256: hash, size } = named(request, true);
    const contents = contentsOf(peer.organizationId);
    const held = (await contents.found(hash)) !== null;
    await sendJson(reply, { held, received: held ? size : await contents.growing(`${hash}.${peer.id}`).size() });
  });

  scope.put('/sync/contents/:sha256', async (request: Asking, reply) => {
    const { peer, sha256: hash, size } = named(request, true);
    const offset = wholeNumber(request.query['offset']);
    const bytes = request.body;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0 || bytes.length > MAX_CHUNK) throw unreadable();
    const contents = contentsOf(peer.organizationId);
    if (contents.sizeOf(hash) !== null) return sendJson(reply, { held: true, received: size });
    const name = `${hash}.${peer.id}`;
    if (busy.has(name)) throw new AppError('CONFLICT', { detail: 'upload_busy' });
    busy.add(name);
    try {
      const growing = contents.growing(name);
      const there = await growing.size();
      // The answer to an earlier chunk was lost, or this hub has less than it had: the device goes on from where the hub is.
      if (offset !== there) return await sendJson(reply, { held: false, received: there });
      if (request.headers[CHUNK_HASH] !== hashOf(bytes)) throw new AppError('BAD_REQUEST', { detail: 'content_damaged' });
      if (there + bytes.length > size) {
        await growing.discard();
        throw unreadable();
      }
      await growing.append(offset, bytes);
      const received = there + bytes.length;
      if (received < size) return await sendJson(reply, { held: false, received });
      const stored = await growing.whole();
      if (stored.sha256 !== hash || stored.size !== size) {
        await growing.discard();
        throw new AppError('INVALID', { detail: 'content_differs' });
      }
      const release = contents.hold(hash);
      try {
        await growing.keep(stored);
      } finally {
        release();
      }
      return await sendJson(reply, { held: true, received });
    } finally {
      busy.delete(name);
    }
  });

  scope.get('/sync/contents/:sha256', async (request: Asking, reply) => {
    const { peer, sha256: hash } = named(request, false);
    const contents = contentsOf(peer.organizationId);
    const size = await contents.found(hash);
    if (size === null) throw new AppError('NOT_FOUND', { detail: 'content_not_here' });
    const start = Number(/^bytes=(\d{1,15})-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= size) throw unreadable();
    const stream = contents.read(hash, { start, end: size - 1 });
    const stop = onRevoked((key) => {
      if (key === peer.key) reply.raw.destroy();
    });
    reply.raw.once('close', stop);
    void reply.status(start > 0 ? 206 : 200).type('application/octet-stream').header('content-length', size - start);
    return reply.send(stream);
  });
}
