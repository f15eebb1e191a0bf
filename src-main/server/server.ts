import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import { createServer, type Server } from 'node:http';
import { rmSync } from 'node:fs';
import type { Core } from '../core/core.ts';
import { AppError } from '../../src-shared/kernel/errors.ts';
import { registerAttachments } from '../attachments/index.ts';
import { limitBody, MAX_FILE_BODY } from './body-limit.ts';
import { registerDocs } from './docs.ts';
import { httpContext, registerDoors } from './doors.ts';
import { registerEvents } from './events.ts';
import { refuseForeign } from './origin.ts';
import { registerSync } from '../sync/index.ts';
import { openLan } from './lan.ts';
import { registerUi } from './ui.ts';
import { registerUpdates } from '../updates/index.ts';

export interface ListenOptions {
  port: number;
  host?: string;
}

export interface HttpDoor {
  app: FastifyInstance;
  /** Address of the loopback listener, e.g. `http://127.0.0.1:7411`; null while only the local pipe is open. */
  url: string | null;
  listen(options: ListenOptions): Promise<string>;
  close(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

/**
 * Opens the HTTP door: REST, RPC, events, documentation and the page itself, on loopback; and the local pipe for the command line.
 */
export async function createHttpDoor(core: Core): Promise<HttpDoor> {
  const app = fastify({ bodyLimit: MAX_FILE_BODY, trustProxy: false, logger: false, forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } });
  app.addHook('onRequest', refuseForeign);
  app.addHook('onRequest', limitBody(core));
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: null,
      },
    },
    hsts: false,
  });
  await app.register(compress, { global: false });
  await app.register(multipart);
  await app.register(rateLimit, { global: false });
  app.get('/health', () => ({ status: 'ok', version: core.house.config.version, started_at: core.house.startedAt }));
  registerDoors(app, core);
  registerAttachments(app, { house: core.house, contextOf: (request, reply) => httpContext(core, 'api', request, reply) });
  registerEvents(app, core);
  registerSync(app, core.house.sync);
  registerUpdates(app, () => core.house.updates.folder());
  await registerDocs(app, core);
  await registerUi(app);
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof AppError ? error.status : (error.statusCode ?? 500);
    if (status >= 500) core.house.log.error({ err: error, url: request.url }, 'request failed');
    void reply.status(status).send({ code: error instanceof AppError ? error.code : status === 429 ? 'RATE_LIMITED' : status >= 500 ? 'INTERNAL' : 'BAD_REQUEST', message: status >= 500 ? 'Internal error' : error.message });
  });
  await app.ready();
  const pipe = await openPipe(app, core.owner.note.pipe);
  const lan = await openLan(app, core.house.sync);
  const door: HttpDoor = {
    app,
    url: null,
    listen: async ({ port, host = '127.0.0.1' }) => {
      if (!LOOPBACK.has(host)) throw new AppError('INVALID', { field: 'host', detail: 'host_without_tls', params: { host } });
      await app.listen({ port, host });
      const address = app.server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      door.url = `http://${host === '::1' ? '[::1]' : host}:${actual}`;
      core.house.servedAt = door.url;
      return door.url;
    },
    close: async () => {
      await lan.close();
      await new Promise<void>((resolve) => {
        pipe.close(() => resolve());
        pipe.closeAllConnections();
      });
      await app.close();
    },
  };
  return door;
}

/** The pipe shares every route with the port; what comes through it is marked as local by the doors. */
async function openPipe(app: FastifyInstance, path: string): Promise<Server> {
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const server = createServer((request, response) => app.routing(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return server;
}
