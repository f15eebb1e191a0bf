import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { AgentOptions, RequestOptions } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { createHash, X509Certificate } from 'node:crypto';
import type { z } from 'zod';
import { AppError, ERROR_STATUS, type ErrorCode } from '../../../src-shared/kernel/errors.ts';
import { logEntry, PROTOCOL, pullPage, pushReply, type Certificate, type PullPage, type PullRequest, type PushReply, type PushRequest } from '../../../src-shared/sync/wire.ts';
import { canPack, PACKING } from '../../store/packing.ts';
import { agentOf, call, CONNECT_MS, measureWay } from './call.ts';
import { spelledOut } from './brief.ts';
import { createContentCalls, type ContentCalls } from './contents.ts';
import { readEvents } from './events.ts';
import { jsonByLines, linesIn, roomFor, utf8Of } from './lines.ts';
import { fingerprintOfCertificate, sessionText, type DeviceKey } from './keys.ts';
import { challengeReply, CONTENT_TYPE, hubAddresses, MAX_MESSAGE, pairReply, refusal, sessionReply, snapshotReply, type PairReply, type SnapshotReply } from './messages.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);
const ANSWER_MS = 60_000;
const SMALL = 1_024;
/** Bytes that are read or written of a file at a time. */
const FILE_PIECE = 1 << 20;

export interface HubAddress {
  url: string;
  /** The certificate of the hub's authority, PEM: nobody else's is believed. */
  authority: string;
}

/** What this installation is to a hub. */
export interface Credentials {
  peer: string;
  key: DeviceKey;
  version: string;
  /** Called when the hub has got a content that it had not. */
  contentArrived?: (() => void) | undefined;
  /** Takes what the hub says of this installation for others. */
  certified?: ((certificate: Certificate) => void) | undefined;
  /** Takes where the hub processes of the organisation are, as the hub says. */
  hubsTold?: ((urls: readonly string[]) => void) | undefined;
}

/** Talks to one hub. Every answer is checked; whatever is no hub's answer is `sync_not_hub`, silence is `sync_unreachable`. */
export interface HubClient {
  readonly contents: ContentCalls;
  push(body: PushRequest, signal?: AbortSignal): Promise<PushReply>;
  pull(body: PullRequest, signal?: AbortSignal): Promise<PullPage>;
  snapshot(signal?: AbortSignal): Promise<SnapshotReply>;
  /** Goes on where an earlier attempt ended. @returns the SHA-256 of all of it */
  download(snapshot: SnapshotReply, file: string, report: (received: number) => void, signal?: AbortSignal): Promise<string>;
  /** Calls back at every word of something new, with the position that it has in the log, or null where it has none; resolves when the stream ends. */
  listen(onOpen: () => void, onNews: (position: number | null) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

const notHub = (url: string): AppError => new AppError('BAD_REQUEST', { detail: 'sync_not_hub', params: { url } });
const unreachable = (url: string, error: unknown): AppError => new AppError('STORE_UNAVAILABLE', { detail: 'sync_unreachable', params: { url, reason: error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error) } });

/** Hubs of older versions tell no position. */
function positionIn(data: string): number | null {
  const position = /^\{"position":(\d{1,15})\}$/.exec(data)?.[1];
  return position === undefined ? null : Number(position);
}

/** @throws Error for what no hub says */
const addressesIn = (data: string): string[] => hubAddresses.parse(JSON.parse(data));

/** The parts of an answer as they came: put together, a long one would be moved about in memory once more. */
async function readAll(response: IncomingMessage): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_MESSAGE) throw new AppError('TOO_LARGE', { params: { max: MAX_MESSAGE / 1024 / 1024 } });
    chunks.push(chunk);
  }
  return response.headers['content-encoding'] === 'gzip' ? [await unpack(Buffer.concat(chunks), { maxOutputLength: MAX_MESSAGE })] : chunks;
}
const textOf = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('utf8');

interface Sending {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: unknown;
  /** JSON in place of a body that is to become it. */
  json?: Buffer;
  /** Bytes to send as they are. */
  raw?: Buffer;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

function createTransport(address: HubAddress, options: AgentOptions = {}) {
  const agent = address.url.startsWith('https:') ? agentOf(address.authority, options) : undefined;
  const way = measureWay();
  const send = async ({ method, path, body, json, raw, headers = {}, signal, timeoutMs = ANSWER_MS }: Sending): Promise<IncomingMessage> => {
    const text = raw ?? json ?? (body === undefined ? null : Buffer.from(JSON.stringify(body)));
    const packed = text && !raw && !way.isNear() && text.length > SMALL ? await pack(text, { level: 1 }) : text;
    const written = packed ? { 'content-type': CONTENT_TYPE, 'content-length': String(packed.length), ...(packed === text ? {} : { 'content-encoding': 'gzip' }) } : {};
    const request: RequestOptions = { method, agent, headers: { accept: 'application/json', ...written, ...headers }, ...(signal ? { signal } : {}), timeout: timeoutMs };
    try {
      return await call(address.url + path, { options: request, body: packed, isSmall: (packed?.length ?? 0) < SMALL, way });
    } catch (error) {
      throw signal?.aborted ? new AppError('CANCELLED') : unreachable(address.url, error);
    }
  };
  /** @throws AppError what the hub refused with, or `sync_not_hub` */
  const refusalOf = async (response: IncomingMessage): Promise<AppError> => {
    try {
      const said = refusal.parse(JSON.parse(textOf(await readAll(response))));
      if (said.code in ERROR_STATUS) return new AppError(said.code as ErrorCode, said.detail ? { detail: said.detail } : {});
    } catch {
      // No hub speaks like that: a proxy's page, a router's login.
    }
    return notHub(address.url);
  };
  const received = async (sending: Sending): Promise<Buffer[]> => {
    const response = await send({ ...sending, headers: { 'accept-encoding': way.isNear() ? 'identity' : 'gzip', ...sending.headers } });
    if (response.statusCode !== 200) throw await refusalOf(response);
    try {
      return await readAll(response);
    } catch (error) {
      throw error instanceof AppError ? error : unreachable(address.url, error);
    }
  };
  const json = async <T extends z.ZodType>(schema: T, sending: Sending): Promise<z.infer<T>> => {
    const answer = await received(sending);
    try {
      return schema.parse(JSON.parse(textOf(answer)));
    } catch {
      throw notHub(address.url);
    }
  };
  return { send, received, json, refusalOf, close: () => agent?.destroy() };
}

/**
 * Asks a hub for a file that is no message of synchronisation. The answer is a stream, whatever its status; only the pinned authority is believed.
 * @throws AppError `sync_unreachable`, CANCELLED
 */
export function requestFile(address: HubAddress, path: string, headers: Record<string, string>, signal?: AbortSignal): Promise<IncomingMessage> {
  return createTransport(address).send({ method: 'GET', path, headers: { accept: '*/*', ...headers }, signal });
}

/** Whether a hub of the pinned authority answers at the address. */
export async function isHubAt(address: HubAddress): Promise<boolean> {
  try {
    await createTransport(address).json(challengeReply, { method: 'POST', path: '/sync/challenge', body: {}, timeoutMs: CONNECT_MS });
    return true;
  } catch {
    return false;
  }
}

export function createHubClient(address: HubAddress, credentials: Credentials): HubClient {
  const transport = createTransport(address, { keepAlive: true, maxSockets: 4 });
  let token: Promise<string> | null = null;
  const openSession = async (signal?: AbortSignal): Promise<string> => {
    const { challenge } = await transport.json(challengeReply, { method: 'POST', path: '/sync/challenge', body: {}, signal });
    const body = { protocol: PROTOCOL, peer: credentials.peer, challenge, signature: credentials.key.sign(sessionText(challenge, credentials.peer)), version: credentials.version };
    const session = await transport.json(sessionReply, { method: 'POST', path: '/sync/session', body, signal });
    if (session.certificate) credentials.certified?.(session.certificate);
    if (session.hubs) credentials.hubsTold?.(session.hubs);
    return session.token;
  };
  /** With a session; once more with a new one where the hub no longer knows it. */
  const signed = async <T>(work: (headers: Record<string, string>) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      token ??= openSession(signal);
      const held = token;
      try {
        return await work({ authorization: `Bearer ${await held}` });
      } catch (error) {
        if (token === held) token = null;
        if (attempt > 0 || !(error instanceof AppError) || error.code !== 'UNAUTHENTICATED') throw error;
      }
    }
  };

  return {
    contents: createContentCalls(transport, signed),
    push: (body, signal) =>
      signed(async (headers) => {
        const json = utf8Of(jsonByLines({ ...body, brief: true }, 'changesets'), roomFor(body.changesets));
        return spelledOut(body, await transport.json(pushReply, { method: 'POST', path: '/sync/push', json, headers, signal }));
      }, signal),
    pull: (body, signal) =>
      signed(async (headers) => {
        const answer = await transport.received({ method: 'POST', path: '/sync/pull', body, headers, signal });
        try {
          const [head, ...lines] = linesIn(answer);
          return { ...pullPage.omit({ entries: true }).parse(JSON.parse(head ?? '')), entries: lines.map((line) => logEntry.parse(JSON.parse(line))) };
        } catch {
          throw notHub(address.url);
        }
      }, signal),
    snapshot: (signal) => signed((headers) => transport.json(snapshotReply, { method: 'POST', path: '/sync/snapshot', body: canPack ? { packings: [PACKING] } : {}, headers, signal, timeoutMs: 10 * ANSWER_MS }), signal),
    download: (snapshot, file, report, signal) =>
      signed(async (headers) => {
        const start = existsSync(file) ? statSync(file).size : 0;
        const hash = createHash('sha256');
        if (start > 0) for await (const chunk of createReadStream(file, { highWaterMark: FILE_PIECE }) as AsyncIterable<Buffer>) hash.update(chunk);
        if (start >= snapshot.size) return hash.digest('hex');
        const response = await transport.send({ method: 'GET', path: `/sync/snapshot/${snapshot.id}`, headers: { ...headers, range: `bytes=${start}-` }, signal });
        if (response.statusCode !== 200 && response.statusCode !== 206) throw await transport.refusalOf(response);
        const goesOn = response.statusCode === 206;
        let received = goesOn ? start : 0;
        const whole = goesOn ? hash : createHash('sha256');
        response.on('data', (chunk: Buffer) => {
          whole.update(chunk);
          report((received += chunk.length));
        });
        try {
          await pipeline(response, createWriteStream(file, { flags: goesOn ? 'a' : 'w', mode: 0o600, highWaterMark: FILE_PIECE }), ...(signal ? [{ signal }] : []));
          return whole.digest('hex');
        } catch (error) {
          throw signal?.aborted ? new AppError('CANCELLED') : unreachable(address.url, error);
        }
      }, signal),
    listen: (onOpen, onNews, signal) =>
      signed(async (headers) => {
        const response = await transport.send({ method: 'GET', path: '/sync/events', headers, signal });
        if (response.statusCode !== 200) throw await transport.refusalOf(response);
        onOpen();
        try {
          for await (const { event, data } of readEvents(response)) {
            if (event === 'log') onNews(positionIn(data));
            else if (event === 'content') credentials.contentArrived?.();
            else if (event === 'hubs') credentials.hubsTold?.(addressesIn(data));
          }
        } catch (error) {
          if (!signal.aborted) throw unreachable(address.url, error);
        }
      }, signal),
    close: transport.close,
  };
}

/**
 * The authority behind a server that nobody has vouched for yet: what it shows, to be held against the fingerprint in a pairing code.
 * @throws AppError `sync_unreachable`, `sync_not_hub` where the certificate does not come with its authority
 */
export function authorityOf(url: string): Promise<{ authority: string; fingerprint: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), rejectUnauthorized: false, timeout: CONNECT_MS }, () => {
      let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
      for (let depth = 0; depth < 4 && certificate && certificate.issuerCertificate && certificate.issuerCertificate !== certificate; depth++) certificate = certificate.issuerCertificate;
      socket.end();
      if (!certificate?.raw) return reject(notHub(url));
      const found = new X509Certificate(certificate.raw);
      if (!found.ca) return reject(notHub(url));
      resolve({ authority: found.toString(), fingerprint: fingerprintOfCertificate(found) });
    });
    socket.on('timeout', () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.on('error', (error: NodeJS.ErrnoException) => reject(error.code?.startsWith('ERR_SSL') || error.code === 'EPROTO' ? notHub(url) : unreachable(url, error)));
  });
}

/** Spends a pairing code at a hub whose authority has been held against it. */
export async function pairWith(address: HubAddress, secret: string, key: DeviceKey, name: string, version: string): Promise<PairReply> {
  return createTransport(address).json(pairReply, { method: 'POST', path: '/sync/pair', body: { protocol: PROTOCOL, secret, key: key.publicKey, name, version } });
}
