import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { z } from 'zod';
import { AppError } from '../../../src-shared/kernel/errors.ts';
import { PROTOCOL, pullRequest, pushRequest, type LogEntry, type PullPage } from '../../../src-shared/sync/wire.ts';
import { canPack, PACKING } from '../../store/packing.ts';
import { shortened } from './brief.ts';
import { registerContents } from './contents.ts';
import { readState } from './door.ts';
import { gather, writeEvent } from './events.ts';
import { createKeptLines, type KeptLines } from './kept-lines.ts';
import { parseByLines, roomFor, utf8Of } from './lines.ts';
import { MAX_MESSAGE, pairRequest, sessionRequest, snapshotRequest } from './messages.ts';
import type { KnownPeer } from './peers.ts';
import { sealedByReply } from './proofs.ts';
import type { SyncService } from './sync-service.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);
const SMALL = 1_024;
/** Bytes that are read of a snapshot at a time. */
const FILE_PIECE = 1 << 20;
const PAIRING_LIMIT = { max: 10, timeWindow: 60_000 };
const SESSION_LIMIT = { max: 240, timeWindow: 60_000 };
const KEEP_ALIVE_MS = 25_000;
/** Events of a burst are told together, but the first. */
const TOGETHER_MS = 30;

/** What a request says, read out of its bytes by `read`. @throws AppError BAD_REQUEST */
async function said<T>(request: FastifyRequest, read: (text: Buffer) => T): Promise<T> {
  const raw = request.body;
  if (!Buffer.isBuffer(raw)) throw new AppError('BAD_REQUEST', { detail: 'body_expected' });
  try {
    return read(request.headers['content-encoding'] === 'gzip' ? await unpack(raw, { maxOutputLength: MAX_MESSAGE }) : raw);
  } catch {
    throw new AppError('BAD_REQUEST', { detail: 'sync_unreadable' });
  }
}

/** @throws AppError BAD_REQUEST, CONFLICT `sync_protocol` */
function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  if (typeof value === 'object' && value !== null && 'protocol' in value && value.protocol !== PROTOCOL) throw new AppError('CONFLICT', { detail: 'sync_protocol', params: { theirs: String(value.protocol), ours: PROTOCOL } });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new AppError('BAD_REQUEST', { detail: 'sync_unreadable', field: parsed.error.issues[0]?.path.join('.') });
  return parsed.data;
}

const bodyOf = async <T extends z.ZodType>(request: FastifyRequest, schema: T): Promise<z.infer<T>> => checked(schema, await said(request, (text) => JSON.parse(text.toString('utf8')) as unknown));

/** Whether the device is so near that packing would take longer than sending does. */
const isPlainWanted = (request: FastifyRequest): boolean => request.headers['accept-encoding'] === 'identity';

/** A part of the log as it is sent. */
interface WrittenPage {
  seal: string | null;
  lines(): Buffer;
  packed(): Promise<Buffer>;
}

/** Does the work at the first call, and keeps what came of it. */
function once<T>(work: () => T): () => T {
  let done: { result: T } | null = null;
  return () => (done ??= { result: work() }).result;
}

function* linesOf(entries: readonly LogEntry[], kept: KeptLines): Generator<string | Buffer> {
  for (const entry of entries) {
    yield '\n';
    yield* kept.of(entry);
  }
}

async function sendPacked(reply: FastifyReply, type: string, text: string): Promise<void> {
  void reply.type(type);
  if (text.length < SMALL || isPlainWanted(reply.request)) await reply.send(text);
  else await reply.header('content-encoding', 'gzip').send(await pack(text, { level: 1 }));
}
const sendJson = (reply: FastifyReply, value: unknown): Promise<void> => sendPacked(reply, 'application/json; charset=utf-8', JSON.stringify(value));

/** One after another: put together, the bytes of a long page would be moved about in memory twice more. */
const sendParts = (reply: FastifyReply, parts: readonly Buffer[]): FastifyReply =>
  reply.header('content-length', parts.reduce((sum, part) => sum + part.length, 0)).send(Readable.from(parts));

/** `/sync`: what paired installations exchange with this one as their hub. */
export function registerSync(app: FastifyInstance, service: SyncService): void {
  const { peers } = service;
  const peerOf = (request: FastifyRequest): KnownPeer => {
    const peer = peers.of(request.headers.authorization?.replace(/^Bearer /i, '') ?? '');
    if (!peer) throw new AppError('UNAUTHENTICATED', { detail: 'sync_session_over' });
    if (!service.isShared(peer.organizationId)) throw new AppError('FORBIDDEN', { detail: 'sync_not_shared' });
    return peer;
  };

  const kept = createKeptLines();
  /** Pages that several devices ask for are written, packed and sealed once. */
  const writtenPages = new WeakMap<readonly LogEntry[], WrittenPage>();
  const writtenPage = (organization: string, { epoch, since }: Pick<PullPage, 'epoch' | 'since'>, entries: readonly LogEntry[]): WrittenPage => {
    const known = writtenPages.get(entries);
    if (known) return known;
    const lines = once(() => utf8Of(linesOf(entries, kept), roomFor(entries)));
    const page = { seal: service.proofs.seal(organization, epoch, since, entries), lines, packed: once(() => pack(lines(), { level: 1 })) };
    writtenPages.set(entries, page);
    return page;
  };

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_MESSAGE }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
      const known = error instanceof AppError ? error : null;
      const status = known?.status ?? error.statusCode ?? 500;
      if (status >= 500) service.log.error({ err: error, url: request.url }, 'a request of synchronisation failed');
      void reply.status(status).send({ code: known?.code ?? (status === 413 ? 'TOO_LARGE' : status === 429 ? 'RATE_LIMITED' : status >= 500 ? 'INTERNAL' : 'BAD_REQUEST'), detail: known?.data.detail ?? null, message: error.message });
    });

    scope.post('/sync/pair', { config: { rateLimit: PAIRING_LIMIT } }, async (request, reply) => sendJson(reply, await service.pair(await bodyOf(request, pairRequest), request.ip)));
    scope.post('/sync/challenge', { config: { rateLimit: SESSION_LIMIT } }, async (_request, reply) => sendJson(reply, { challenge: peers.challenge(), protocol: PROTOCOL }));
    scope.post('/sync/session', { config: { rateLimit: SESSION_LIMIT } }, async (request, reply) => {
      const asked = await bodyOf(request, sessionRequest);
      if (!peers.knows(asked.peer)) await service.pairedElsewhere();
      const session = peers.open(asked);
      const peer = peers.of(session.token);
      await sendJson(reply, { ...session, certificate: peer && service.proofs.certify(peer, peers.devicesOf(peer)), hubs: peer && service.hubsOf(peer.organizationId) });
    });

    scope.post('/sync/push', async (request, reply) => {
      const peer = peerOf(request);
      const { value, items } = await said(request, (text) => parseByLines(text, 'changesets'));
      const push = checked(pushRequest, value);
      peers.bind(peer, push.device);
      const answer = await service.door(peer.organizationId).push(push, { device: push.device, actors: peer.actors, vouched: service.proofs.vouching(peer.organizationId, push.proofs) });
      kept.keep(push, items, answer);
      const part = sealedByReply(answer);
      const brief = shortened(push, answer);
      await sendJson(reply, part ? { ...brief, seal: service.proofs.seal(peer.organizationId, answer.epoch, part.since, part.entries) } : brief);
    });
    scope.post('/sync/pull', async (request, reply) => {
      const peer = peerOf(request);
      const pull = await bodyOf(request, pullRequest);
      peers.bind(peer, pull.device);
      const hub = service.door(peer.organizationId);
      // States are compared at the head alone.
      if (pull.state !== null && pull.cursor.position >= hub.log.head()) await readState(hub);
      const { entries, ...head } = await hub.page(pull);
      const { seal, lines, packed } = writtenPage(peer.organizationId, head, entries);
      const first = JSON.stringify({ ...head, seal });
      void reply.type('application/x-ndjson; charset=utf-8');
      if (entries.length === 0) await reply.send(first);
      else if (isPlainWanted(request)) await sendParts(reply, [Buffer.from(first), lines()]);
      else await sendParts(reply.header('content-encoding', 'gzip'), [await pack(first, { level: 1 }), await packed()]);
    });

    scope.post('/sync/snapshot', async (request, reply) => {
      const { organizationId } = peerOf(request);
      const { packings } = await bodyOf(request, snapshotRequest);
      const snapshot = await service.snapshots.take(organizationId, canPack && packings?.includes(PACKING));
      const { log } = service.door(organizationId);
      await sendJson(reply, { ...snapshot, seals: service.proofs.sealsUpTo(organizationId, log, Math.min(snapshot.position, log.head())) });
    });
    scope.get<{ Params: { id: string } }>('/sync/snapshot/:id', async (request, reply) => {
      const snapshot = service.snapshots.find(peerOf(request).organizationId, request.params.id);
      if (!snapshot) throw new AppError('NOT_FOUND', { detail: 'sync_snapshot_gone' });
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (start > snapshot.size) throw new AppError('BAD_REQUEST', { detail: 'sync_unreadable' });
      void reply.status(start > 0 ? 206 : 200).type('application/octet-stream').header('content-length', snapshot.size - start);
      return reply.send(createReadStream(snapshot.file, { start, highWaterMark: FILE_PIECE }));
    });

    registerContents(scope, { peerOf, bodyOf, sendJson, contentsOf: service.contentsOf, isKnown: service.isKnownContent, onRevoked: peers.onRevoked });

    scope.get('/sync/events', (request, reply) => {
      const peer = peerOf(request);
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      raw.write(': open\n\n');
      // The place that all of it is known from; null for what has none.
      let news: number | null = 0;
      const log = gather(TOGETHER_MS, () => {
        writeEvent(raw, 'log', news === null ? {} : { position: news });
        news = 0;
      });
      const stopHub = service.door(peer.organizationId).subscribe((event) => {
        news = news === null || event.type !== 'log' ? null : Math.max(news, event.position);
        log.say();
      });
      const content = gather(TOGETHER_MS, () => writeEvent(raw, 'content', {}));
      const stopContents = service.contentsOf(peer.organizationId).onChange(content.say);
      const stopHubs = service.onHubs(peer.organizationId, () => writeEvent(raw, 'hubs', service.hubsOf(peer.organizationId) ?? []));
      const stopRevoked = peers.onRevoked((key) => {
        if (key === peer.key) raw.end('event: log\ndata: {}\n\n');
      });
      const keepAlive = setInterval(() => raw.write(':\n\n'), KEEP_ALIVE_MS);
      raw.on('close', () => {
        clearInterval(keepAlive);
        log.stop();
        content.stop();
        stopContents();
        stopHubs();
        stopHub();
        stopRevoked();
      });
    });
  });
}
