import Fastify, { type FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Contents } from '../../../src-main/attachments/index.ts';
import type { HubClient } from '../../../src-main/sync/wire/client.ts';
import { createContentCalls, registerContents } from '../../../src-main/sync/wire/contents.ts';
import { refusal } from '../../../src-main/sync/wire/messages.ts';
import type { Random } from '../../../src-main/seed/random.ts';
import { AppError, type ErrorCode } from '../../../src-shared/kernel/errors.ts';

/** A hub as its doors for contents see it. */
export interface HubSide {
  contents(): Contents;
  isKnown(sha256: string, size: number | null): boolean;
}
/** The hubs of the runs under way, by the name of their world. */
export const hubSides = new Map<string, HubSide>();
const sideOf = (world: string): HubSide => {
  const side = hubSides.get(world);
  if (!side) throw new Error('no such hub');
  return side;
};

let made: Promise<FastifyInstance> | null = null;
/** The real doors, without a port; the line says of whom a request is. */
async function makeDoors(): Promise<FastifyInstance> {
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 64 * 1024 * 1024 }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: Error, _request, reply) => {
    const known = error instanceof AppError ? error : null;
    void reply.status(known?.status ?? 500).send({ code: known?.code ?? 'INTERNAL', detail: known?.data.detail ?? null, message: error.message });
  });
  registerContents(app, {
    peerOf: (request) => {
      const [organizationId = '', id = ''] = (request.headers.authorization ?? '').split(' ');
      return { id, organizationId, key: id, actors: [] };
    },
    bodyOf: (request, schema) => Promise.resolve(schema.parse(JSON.parse(String(request.body)))),
    sendJson: async (reply, value) => void (await reply.send(value)),
    contentsOf: (world) => sideOf(world).contents(),
    isKnown: (world, sha256, size) => sideOf(world).isKnown(sha256, size),
    onRevoked: () => () => {},
  });
  await app.ready();
  return app;
}

/**
 * What a line does to one request: `lost` on the way there, `cut` before the answer; `damaged` is a flipped bit, `forged` one that fits its own chunk's hash;
 * `broken` is an answer that ends too early, `stale` an earlier chunk that comes once more.
 */
export const LINE_FAULTS = { lost: 2, cut: 4, damaged: 3, forged: 2, broken: 4, twice: 2, stale: 2, aborted: 1 } as const;
export type LineFault = keyof typeof LINE_FAULTS;
/** Faults that only bytes of contents can have. */
const OF_BYTES: ReadonlySet<LineFault> = new Set(['damaged', 'forged', 'broken', 'stale', 'twice']);

/** Bytes of an answer that arrive together. */
const PIECE = 700;
const CHUNK_HASH = 'x-polevik-chunk';

/** An answer whose bytes come piece by piece, and may end before they are all there. */
class Answer extends IncomingMessage {
  readonly bytes: Buffer;
  readonly #end: number;

  constructor(status: number, bytes: Buffer, end = bytes.length) {
    super(new Socket());
    this.statusCode = status;
    this.bytes = bytes;
    this.#end = end;
  }
  /** Undefined where it is none. */
  json(): unknown {
    try {
      return JSON.parse(this.bytes.toString('utf8'));
    } catch {
      return undefined;
    }
  }
  override async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let at = 0; at < this.#end; at += PIECE) yield await Promise.resolve(this.bytes.subarray(at, Math.min(this.#end, at + PIECE)));
    if (this.#end < this.bytes.length) throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
  }
}

const unreachable = (): AppError => new AppError('STORE_UNAVAILABLE', { detail: 'sync_unreachable' });
const flipped = (bytes: Buffer, at: number): Buffer => {
  const other = Buffer.from(bytes);
  other[at] = (other[at] as number) ^ 4;
  return other;
};

export interface Line {
  world: string;
  peer: string;
  random: Random;
  /** Bytes of a chunk on its way up: a device goes on from where the hub is, so that a chunk may be any part of what it has in hand. */
  chunk: number;
  /** What happens to the request of that number among those that it can happen to; null for a line without a fault. */
  fault: { at: number; kind: LineFault } | null;
  /** Called before each request. */
  between(): Promise<void>;
  /** Whether the hub has died over a request. */
  hubDied(): boolean;
}
type Sending = Parameters<Parameters<typeof createContentCalls>[0]['send']>[0] & { body?: unknown };

/** What a device has in hand to reach its hub's contents with: the real calls, and the real doors behind them. `moved` counts chunks and answers with bytes. */
export function openLine({ world, peer, random, chunk, fault, between, hubDied }: Line): { client: HubClient; signal: AbortSignal; moved(): number } {
  const control = new AbortController();
  let calls = 0;
  let moved = 0;
  let before: Sending | null = null;
  const deliver = async ({ method, path, body, raw, headers }: Sending): Promise<Answer> => {
    const app = await (made ??= makeDoors());
    const payload = raw ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)));
    const answer = await app.inject({ method, url: path, headers: { ...headers, authorization: `${world} ${peer}`, ...(payload ? { 'content-type': 'application/x-polevik-sync' } : {}) }, ...(payload ? { payload } : {}) });
    if (hubDied()) throw unreachable();
    return new Answer(answer.statusCode, answer.rawPayload);
  };
  const damaged = (sending: Sending, forged: boolean): Sending => {
    const raw = sending.raw && flipped(sending.raw, random.int(0, sending.raw.length - 1));
    return !raw ? sending : { ...sending, raw, headers: { ...sending.headers, ...(forged ? { [CHUNK_HASH]: createHash('sha256').update(raw).digest('hex') } : {}) } };
  };
  const send = async (sending: Sending): Promise<Answer> => {
    await between();
    if (control.signal.aborted) throw new AppError('CANCELLED');
    const isUp = sending.raw !== undefined;
    const isDown = sending.method === 'GET' && !sending.path.includes('?');
    const isMeant = fault !== null && (isUp || isDown || !OF_BYTES.has(fault.kind));
    const kind = isMeant && calls++ === fault.at ? fault.kind : null;
    // A chunk of which a part does not arrive is none.
    if (kind === 'lost' || (kind === 'broken' && !isDown)) throw unreachable();
    if (kind === 'stale' && before) await deliver(before);
    if (isUp) before = { ...sending, raw: Buffer.from(sending.raw ?? []) };
    if (kind === 'twice') await deliver(sending);
    const answer = await deliver(kind === 'damaged' || kind === 'forged' ? damaged(sending, kind === 'forged') : sending);
    if (kind === 'cut') throw unreachable();
    if (kind === 'aborted') {
      control.abort();
      throw new AppError('CANCELLED');
    }
    if (isUp || isDown) moved++;
    if (!isDown || answer.bytes.length === 0) return answer;
    if (kind === 'damaged') return new Answer(answer.statusCode ?? 0, flipped(answer.bytes, random.int(0, answer.bytes.length - 1)));
    return kind === 'broken' ? new Answer(answer.statusCode ?? 0, answer.bytes, random.int(0, answer.bytes.length - 1)) : answer;
  };
  const refusalOf = (answer: IncomingMessage): Promise<AppError> => {
    // A refusal with a flipped bit is no hub's word.
    const said = refusal.safeParse(answer instanceof Answer ? answer.json() : undefined).data;
    return Promise.resolve(said ? new AppError(said.code as ErrorCode, said.detail ? { detail: said.detail } : {}) : new AppError('BAD_REQUEST', { detail: 'sync_not_hub' }));
  };
  const calling = createContentCalls(
    {
      send,
      refusalOf,
      json: async (schema, sending) => {
        const answer = await send(sending);
        if (answer.statusCode !== 200) throw await refusalOf(answer);
        return schema.parse(JSON.parse(answer.bytes.toString('utf8')));
      },
    },
    (work) => work({}),
  );
  const contents: HubClient['contents'] = { ...calling, send: (sha256, size, offset, bytes, signal) => calling.send(sha256, size, offset, bytes.subarray(0, chunk), signal) };
  const elsewhere = (): Promise<never> => Promise.reject(new Error('rows go another way'));
  return { client: { contents, push: elsewhere, pull: elsewhere, snapshot: elsewhere, download: elsewhere, listen: elsewhere, close: () => {} }, signal: control.signal, moved: () => moved };
}
